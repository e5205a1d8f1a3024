"""Every view says who may open it, where it is written. A view that says nothing fails tests/laws.

    @public         anybody, signed in or not
    @signed_in      who has an account; others are sent to sign in and come back
    @staff          the same, and the view itself asks `hub.people.queries.access_desk` for the town in its address

Views of other packages are marked in urls.py: `path("", include(each(public, their_urls)))`. Operations of the API
are identified by their router; one that anybody may call is marked `@public` as well.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver

ViewT = TypeVar("ViewT", bound=Callable[..., Any])
Patterns = Sequence[URLPattern | URLResolver]

MARK = "parvis_access"


def public(view: ViewT) -> ViewT:
    """Anybody may open it."""
    return _marked(view, "public")


def signed_in(view: ViewT) -> ViewT:
    """People with an account may open it; others are sent to the sign-in page and come back."""
    return _marked(login_required(view), "signed_in")


def staff(view: ViewT) -> ViewT:
    """People of the town hall may open it: `access_desk`, called by the view, answers 404 to all others."""
    return _marked(login_required(view), "staff")


def access_of(view: object) -> str | None:
    """`public`, `signed_in` or `staff`; None for a view that doesn't say."""
    return getattr(view, MARK, None)


def each(mark: Callable[[Any], Any], patterns: Patterns) -> list[URLPattern | URLResolver]:
    """The same addresses, with each view marked: for urls of other packages. Includes are walked."""
    return [_each_of(mark, pattern) for pattern in patterns]


def _each_of(mark: Callable[[Any], Any], pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    if isinstance(pattern, URLPattern):
        return URLPattern(pattern.pattern, mark(pattern.callback), pattern.default_args, pattern.name)
    return URLResolver(
        pattern.pattern,
        each(mark, pattern.url_patterns),
        pattern.default_kwargs,
        pattern.app_name,
        pattern.namespace,
    )


def _marked(view: ViewT, access: str) -> ViewT:
    setattr(view, MARK, access)
    return view

"""Every view says who may open it, where it is written. A view that says nothing fails tests/laws.

    @public         anybody, signed in or not
    @signed_in      who has an account; others are sent to sign in and come back
    @staff          the same, and the view itself asks `hub.people.queries.access_desk` for the town in its address

Views of other packages are marked in urls.py: `path("connexion/", public(their_view))`. Operations of the API are
identified by their router; one that anybody may call is marked `@public` as well.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required

ViewT = TypeVar("ViewT", bound=Callable[..., Any])

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


def _marked(view: ViewT, access: str) -> ViewT:
    setattr(view, MARK, access)
    return view

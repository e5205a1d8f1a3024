"""Pages that a secret opens: nobody keeps them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

ViewT = Callable[..., HttpResponse]


def unkept(view: ViewT) -> ViewT:
    """No cache keeps the page, and no search engine; one that anybody may read says so itself (`X-Robots-Tag`).

    Its address goes to no other site. It does go to our own: where none is told at all, browsers call a form's origin
    « null », and it would be refused as forged.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Robots-Tag", "noindex")
        return response

    return wrapped

"""Pages shown when another can't be."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from hub.core.errors import ParvisError


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page, or not yours: the same words for both."""
    return _lost(request, 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Known, but not allowed."""
    return _lost(request, 403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What came was not understood."""
    return _lost(request, 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came from elsewhere, or from before a new sign-in."""
    return _lost(request, 403, template="errors/form_too_old.html")


def refused(request: HttpRequest, error: ParvisError) -> HttpResponse:
    """An action said no: its own sentence, under its status."""
    if error.status == 404:
        return not_found(request)
    return _lost(request, error.status, template="errors/refused.html", message=error.message)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke. Nothing here needs the database, the session or a town."""
    context = {"code": getattr(request, "request_id", ""), "status": 500}
    return HttpResponse(render_to_string("errors/500.html", context), status=500)


def _lost(request: HttpRequest, status: int, *, template: str = "", message: object = "") -> HttpResponse:
    # A missing page and a foreign one must look alike: the town that a view had found is not told.
    request.town = None  # type: ignore[attr-defined]
    context = {"code": getattr(request, "request_id", ""), "status": status, "message": message}
    return render(request, template or f"errors/{status}.html", context, status=status)

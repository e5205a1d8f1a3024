"""Names each request, so that a page of error, a log line and a person on the phone speak of the same one."""

import secrets
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, no 1/I: it is read aloud


def new_request_id() -> str:
    """A short code such as `7F3K-22`."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(6))
    return f"{letters[:4]}-{letters[4:]}"


class RequestIdMiddleware:
    """Sets `request.request_id`, binds it to the logs and answers it as `X-Request-ID`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = new_request_id()
        request.request_id = request_id  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response

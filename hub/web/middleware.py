"""Turns the errors of actions into pages."""

import math
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

from hub.core.errors import NotFound, ParvisError, RateLimited
from hub.core.problems import problem
from hub.web import views


class RefusalMiddleware:
    """A `ParvisError` that no view caught becomes the page of its status; so does an address that can't be one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _arguments: object, named: Mapping[str, object]
    ) -> HttpResponse | None:
        """Nothing is called by a NUL, and PostgreSQL would not look for it. Open311 says so in its own way."""
        if request.path.startswith("/open311/") or not any(
            "\x00" in value for value in named.values() if isinstance(value, str)
        ):
            return None
        return problem(NotFound()) if request.path.startswith("/api/") else views.refused(request, NotFound())

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page, or None for an error that is not ours."""
        if not isinstance(exception, ParvisError) or (exception.status >= 500 and exception.code == "error"):
            return None
        response = views.refused(request, exception)
        if isinstance(exception, RateLimited):
            response["Retry-After"] = str(max(1, math.ceil(exception.retry_after_s)))
        return response

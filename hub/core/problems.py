"""Errors as programs get them: `application/problem+json` (RFC 9457)."""

import math
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

from hub.core.errors import Invalid, ParvisError, RateLimited, Unavailable
from hub.core.jsons import encode

CONTENT_TYPE = "application/problem+json"
_RETRY_S = 5


def problem(error: ParvisError) -> HttpResponse:
    """The error of an action: its code, its sentence; `field` for bad input, `retry_after_s` when it was too fast."""
    more: dict[str, Any] = {}
    if isinstance(error, Invalid) and error.field:
        more["field"] = error.field
    if isinstance(error, RateLimited):
        more["retry_after_s"] = error.retry_after_s
    response = said(error.status, error.code, str(error), **more)
    if isinstance(error, RateLimited | Unavailable):
        seconds = error.retry_after_s if isinstance(error, RateLimited) else _RETRY_S
        response["Retry-After"] = str(max(1, math.ceil(seconds)))
    return response


def said(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """Any problem: `{type, title, status, detail, code, …}`. `code` is for programs, `detail` for people."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, "code": code}
    return HttpResponse(encode(body | more), status=status, content_type=CONTENT_TYPE)

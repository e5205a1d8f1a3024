"""The JSON API under /api/v1/: routers of the apps, one way to identify, one shape of error."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Swagger
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from hub.alerts.alert_api import router as alerts_told
from hub.alerts.api import router as alerts
from hub.community.links.api import router as links
from hub.conversations.api import router as conversations
from hub.conversations.group_api import router as groups
from hub.conversations.message_api import router as said_messages
from hub.conversations.moderation_api import router as moderation
from hub.core.errors import Invalid, NotFound, ParvisError, Unavailable
from hub.core.jsons import decode, encode
from hub.core.problems import CONTENT_TYPE, problem, said
from hub.demo.api import router as demo
from hub.notifications.api import router as notifications
from hub.notifications.device_api import router as devices
from hub.people.api import router as people
from hub.people.identity import CookieAuth, TokenAuth
from hub.tickets.api import router as tickets
from hub.topics_api import router as topics
from hub.towns.api import router as towns

log = structlog.get_logger(__name__)

DESCRIPTION = """
Everything that the pages of Parvis do with conversations and tickets, for programs.

**Identity.** Send `Authorization: Bearer TOKEN`; a person makes tokens on their account page, an operator with
`hub token EMAIL`. A page of this site is known by its session cookie and sends `X-CSRFToken` with what changes
something.

**Errors** are `application/problem+json`: `{type, title, status, detail, code}`. `code` is for programs, `detail` is
a sentence in the person's language. `field` names what to mend; `retry_after_s` says when to come back. What is not
yours answers exactly like what does not exist: 404.

**Lists** are plain arrays; `limit` is at most 100.

**Sending twice is safe** wherever there is a `key`: choose one per message (a UUID, for instance) and use it again
when you did not get an answer. The same key with other words is a conflict (409).

**Live.** What happens comes over `/ws/`, by topic: `GET /topics` says which are yours.
"""

PROBLEM_SCHEMA = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "detail", "code"],
    "example": {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "Cet élément n’existe pas, ou ne vous est pas ouvert.",
        "code": "not_found",
    },
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people, in their language."},
        "code": {"type": "string", "description": "For programs."},
        "field": {"type": "string", "description": "What to mend."},
        "retry_after_s": {"type": "number", "description": "Seconds until one more is allowed."},
    },
}
PROBLEM = {
    "description": "A problem (RFC 9457).",
    "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class JsonRenderer(BaseRenderer):
    """The same encoder as events on the socket: a message reads alike on both."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return encode(data)


class JsonParser(Parser):
    """Strict: no lone surrogate, no NaN, no endless nesting."""

    def parse_body(self, request: HttpRequest) -> Any:
        return decode(request.body)


class Api(NinjaAPI):
    """Ninja's, whose description tells of problems too."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"]["4XX"] = PROBLEM
        return schema


api = Api(
    title="Parvis",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs=Swagger({"defaultModelsExpandDepth": 0}),
    docs_url="/docs",
    openapi_url="/openapi.json",
    renderer=JsonRenderer(),
    parser=JsonParser(),
    auth=[TokenAuth(), CookieAuth()],
)
api.add_router("", people)
api.add_router("", towns)
api.add_router("", links)
api.add_router("", conversations)
api.add_router("", said_messages)
api.add_router("", groups)
api.add_router("", moderation)
api.add_router("", tickets)
api.add_router("", alerts)
api.add_router("", alerts_told)
api.add_router("", topics)
api.add_router("", notifications)
api.add_router("", devices)
api.add_router("", demo)


@api.exception_handler(ParvisError)
def _refused(request: HttpRequest, error: ParvisError) -> HttpResponse:
    return problem(error)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(NotFound())


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = said(401, "unauthenticated", _("Identifiez-vous par une session ou par un jeton."))
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The first field that is wrong: `body.attachments.0` is told as `attachments`. A wrong address is no address."""
    if any(wrong["loc"][0] == "path" for wrong in error.errors):
        return problem(NotFound())
    first = error.errors[0]
    # Ninja puts the source first, then the name of the view's own parameter for a body.
    path = [part for part in first["loc"][1:] if isinstance(part, str) and part not in {"payload", "page"}]
    if not path:
        return problem(Invalid())
    words = {
        "missing": _("Le champ « %(field)s » est nécessaire."),
        "extra_forbidden": _("Le champ « %(field)s » n’est pas connu."),
    }.get(first["type"], _("Le champ « %(field)s » n’est pas valable."))
    return problem(Invalid(words % {"field": path[0]}, field=path[0]))


@api.exception_handler(HttpError)
def _not_understood(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja's own: a body that is no JSON."""
    return problem(Invalid()) if error.status_code == 400 else said(error.status_code, "error", str(error))


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def _away(request: HttpRequest, error: Exception) -> HttpResponse:
    log.warning("api.database_away", error=repr(error))
    return problem(Unavailable())


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("api.failed", exc_info=error)
    return problem(ParvisError())


def _speaking(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What ninja answers in plain text (another method) or not at all becomes a problem too."""

    @wraps(view)
    def speaking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return problem(NotFound())
        if response.status_code != 405:
            return response
        told = said(405, "method_not_allowed", _("Cette adresse n’accepte pas cette méthode."))
        told["Allow"] = ", ".join(sorted(response["Allow"].split(", ")))
        return told

    return speaking


def _nothing_here(request: HttpRequest) -> HttpResponse:
    return problem(NotFound())


def _addresses() -> tuple[list[URLPattern], str, str]:
    """Ninja's own, each speaking of problems, and all that is not there."""
    patterns, app_name, namespace = api.urls
    ours = [
        URLPattern(pattern.pattern, _speaking(pattern.callback), pattern.default_args, pattern.name)
        for pattern in patterns
        if isinstance(pattern, URLPattern)
    ]
    return [*ours, re_path("", _nothing_here)], app_name, namespace


urls = _addresses()

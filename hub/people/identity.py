"""Who calls the API: a program by its token, or a browser by its session."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from ninja.security.session import SessionAuth

from hub.core.errors import Forbidden
from hub.people.actions.tokens import use_token
from hub.people.models import Person
from hub.people.queries import needs_second_factor


class ApiRequest(HttpRequest):
    """A request whose caller is known."""

    auth: Person


class TokenAuth(HttpBearer):
    """`Authorization: Bearer TOKEN`, as `hub token` and « Mon compte » make them."""

    def authenticate(self, request: HttpRequest, token: str) -> Person:
        """The token's person; answers are in their language. A token that is none is never taken for a browser."""
        person = use_token(token=token.strip())
        if person is None:
            raise AuthenticationError
        translation.activate(person.language)
        if needs_second_factor(person):
            raise Forbidden(
                _("Votre mairie demande une double vérification. Activez-la dans « Mon compte »."),
                code="second_factor_required",
            )
        return person


class CookieAuth(SessionAuth):
    """The session cookie; what changes something needs the CSRF token as well (`X-CSRFToken`)."""

    def __call__(self, request: HttpRequest) -> Person | None:
        """The session's person, or None. Raises `Forbidden` (`csrf`)."""
        if not isinstance(request.user, Person):
            return None
        if not _from_our_pages(request):
            raise Forbidden(_("Cette demande ne vient pas d’une page de ce site."), code="csrf")
        return request.user


class _CsrfCheck(CsrfViewMiddleware):
    """Django's own check, that says why instead of drawing a page."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def _from_our_pages(request: HttpRequest) -> bool:
    check = _CsrfCheck(lambda _request: HttpResponse())
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    check.process_request(request)
    return check.process_view(request, HttpResponse, (), {}) is None


def by_token(request: HttpRequest) -> bool:
    """Whether a program calls, not a browser."""
    return request.headers.get("Authorization", "").lower().startswith("bearer ")

"""Who reads, in which language, and what they must do first."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from hub.core.errors import Forbidden
from hub.core.problems import problem
from hub.people.models import Person
from hub.people.queries import needs_second_factor

_API = "/api/"
_GUARDED = ("/mairie/", _API)


class LanguageMiddleware:
    """Speaks the reader's language: their account's, else this device's choice, else the browser's, else French."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, Person):
            language = request.user.language
        else:
            language = translation.get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class PersonMiddleware:
    """Staff whose town asks for a second factor set one up before anything else of the desk, or of the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        kind = next((kind for kind in _GUARDED if request.path.startswith(kind)), None)
        if kind and isinstance(request.user, Person) and needs_second_factor(request.user):
            return _second_factor_first(request, api=kind == _API)
        return self.get_response(request)


def _second_factor_first(request: HttpRequest, *, api: bool) -> HttpResponseBase:
    if not api:
        return redirect("mfa_index")  # which says why
    refusal = Forbidden(
        _("Votre mairie demande une double vérification. Activez-la dans « Mon compte »."),
        code="second_factor_required",
    )
    return problem(refusal)

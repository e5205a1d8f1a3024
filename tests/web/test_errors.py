"""What is shown when a page can't be: kind words, the right status, and nothing that tells too much."""

import re

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path, reverse

from hub.core import errors
from hub.core.access import public
from hub.people.models import Person
from hub.towns.models import Town
from hub.web import views
from tests import factories

RAISED = {
    "invalid": errors.Invalid("Écrivez un message avant d’envoyer."),
    "forbidden": errors.Forbidden(),
    "missing": errors.NotFound(),
    "conflict": errors.Conflict(),
    "fast": errors.RateLimited(retry_after_s=12.4),
    "away": errors.Unavailable(),
    "broken": ValueError("a secret detail"),
}


@public
def raising(request: HttpRequest, what: str) -> HttpResponse:
    raise RAISED[what]


# This module as ROOT_URLCONF: the site, and one page more.
urlpatterns = [path("raise/<slug:what>/", raising), path("", include("hub.urls"))]
handler404, handler500 = "hub.web.views.not_found", "hub.web.views.server_error"


def body(answer: object) -> str:
    """The page without the code that names this one request."""
    page: str = answer.content.decode()  # type: ignore[attr-defined]
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "", page)
    return re.sub(r"\b[2-9A-Z]{4}-[2-9A-Z]{2}\b|/raise/\w+/|/nulle-part/", "", page)


def test_a_missing_page_says_so_and_names_its_code(client: Client, db: None) -> None:
    answer = client.get("/nulle-part/")
    assert answer.status_code == 404
    assert "Cette porte est fermée" in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()


def test_a_page_of_a_foreign_town_answers_as_one_that_is_not_there(client: Client, citizen: Person) -> None:
    foreign = factories.make_town()
    factories.make_mayor(foreign)
    client.force_login(citizen)
    theirs = client.get(reverse("desk_citizens", args=[foreign.slug]))
    none = client.get(reverse("desk_citizens", args=["sans-nom"]))
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert body(theirs).replace(foreign.slug, "") == body(none).replace("sans-nom", "")
    assert foreign.name not in body(theirs)


def test_the_town_hall_of_the_reader_is_one_call_away(client: Client, town: Town, citizen: Person) -> None:
    Town.objects.filter(pk=town.pk).update(phone="+33261910010")
    client.force_login(citizen)
    assert "tel:+33261910010" in client.get("/nulle-part/").content.decode()


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        ("invalid", 400, "Écrivez un message avant d’envoyer."),
        ("forbidden", 403, "Vous n’avez pas accès"),
        ("missing", 404, "Cette porte est fermée"),
        ("conflict", 409, "contredit une action précédente"),
        ("fast", 429, "un peu vite. Réessayez dans 13 secondes"),
        ("away", 503, "momentanément indisponible"),
    ],
)
def test_what_an_action_refuses_is_told_in_its_own_words(
    client: Client, db: None, what: str, status: int, words: str
) -> None:
    answer = client.get(f"/raise/{what}/")
    assert answer.status_code == status
    assert words in answer.content.decode()


@pytest.mark.urls(__name__)
def test_who_is_too_fast_is_told_when_to_come_back(client: Client, db: None) -> None:
    assert client.get("/raise/fast/")["Retry-After"] == "13"


@pytest.mark.urls(__name__)
def test_a_breakdown_tells_a_code_and_nothing_else(client: Client, db: None) -> None:
    client.raise_request_exception = False
    answer = client.get("/raise/broken/")
    assert answer.status_code == 500
    assert "Une panne de notre côté" in answer.content.decode()
    assert "secret" not in answer.content.decode()


def test_the_page_of_a_breakdown_needs_no_database() -> None:
    # No `db` here: pytest-django refuses any query.
    request = RequestFactory().get("/")
    request.request_id = "7F3K-22"  # type: ignore[attr-defined]
    answer = views.server_error(request)
    assert answer.status_code == 500
    assert "7F3K-22" in answer.content.decode()


def test_a_form_without_its_token_is_explained(db: None) -> None:
    cache.clear()
    answer = Client(enforce_csrf_checks=True).post(reverse("choose_theme"), {"theme": "dark"})
    assert answer.status_code == 403
    assert "Ce formulaire a expiré" in answer.content.decode()

"""« Aperçu des courriels »: who manages a town sees all that leaves, as its readers would get it."""

import pytest
from django.test import Client

from hub.deliveries.models import Delivery
from hub.deliveries.previews import LETTER_POLICY, previews, written
from hub.people.actions import grant_role
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client, town: Town, mayor: Person) -> Client:
    client.force_login(mayor)
    return client


def _list(town: Town) -> str:
    return f"/mairie/{town.slug}/reglages/courriels/"


def _one(town: Town, **asked: str) -> str:
    return f"{_list(town)}apercu/?" + "&".join(f"{name}={value}" for name, value in asked.items())


def _frame(town: Town, **asked: str) -> str:
    return _one(town, **asked).replace("apercu/", "apercu/cadre/")


def test_the_page_lists_all_that_leaves_by_its_words(manager: Client, town: Town) -> None:
    page = manager.get(_list(town)).content.decode()
    shown = {(preview.channel, written(preview, town, "fr").text): preview.key for preview in previews()}
    assert len(shown) > 50
    assert page.count("?courriel=") == len(shown)  # what two names say alike is shown once
    assert "Votre code de connexion" in page
    assert "Lampadaire éteint" in page
    assert Delivery.objects.count() == 0


def test_one_is_shown_in_either_language_and_as_text(manager: Client, town: Town) -> None:
    page = manager.get(_one(town, courriel="unread-private", langue="fr"))
    assert "vous a écrit" in page.content.decode()
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "sandbox" in page.content.decode()
    text = manager.get(_one(town, courriel="unread-private", langue="en", vue="texte")).content.decode()
    assert "<iframe" not in text
    assert "Le banc de la place est réparé." in text
    spoken = manager.get(_one(town, courriel="danger-voice")).content.decode()
    assert "<iframe" not in spoken
    assert "Eau non potable" in spoken


def test_the_frame_holds_the_mail_and_lets_nothing_run(manager: Client, town: Town) -> None:
    frame = manager.get(_frame(town, courriel="ticket-closed", langue="en"))
    assert frame.headers["Content-Security-Policy"] == LETTER_POLICY
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '<html lang="en">' in frame.content.decode()
    assert town.name in frame.content.decode()


@pytest.mark.parametrize("key", ["", "nulle-part", "danger-sms"])
def test_what_is_no_mail_has_no_frame(key: str, manager: Client, town: Town) -> None:
    assert manager.get(_frame(town, courriel=key)).status_code == 404


def test_an_unknown_one_is_not_there_and_an_odd_wish_is_as_none(manager: Client, town: Town) -> None:
    assert manager.get(_one(town, courriel="nulle-part")).status_code == 404
    assert "<iframe" in manager.get(_one(town, courriel="login_code", langue="xx", vue="yy")).content.decode()


def test_only_who_manages_the_town_sees_them(client: Client, town: Town, mayor: Person) -> None:
    agent = factories.make_person(town=town)
    grant_role(actor=mayor, person=agent, town=town, role=Role.AGENT)
    stranger = factories.make_mayor(factories.make_town())
    paths = [_list(town), _one(town, courriel="login_code"), _frame(town, courriel="login_code")]
    for person, answer in ((agent, 403), (stranger, 404)):
        client.force_login(person)
        assert [client.get(path).status_code for path in paths] == [answer] * 3
    grant_role(actor=mayor, person=agent, town=town, role=Role.MANAGER)
    client.force_login(agent)
    assert [client.get(path).status_code for path in paths] == [200] * 3

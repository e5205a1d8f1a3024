"""/m/TOKEN/: the link of a message opens what its recipient is told of, and nothing else; one press leaves."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hub.alerts import queries
from hub.alerts.actions import set_subscription
from hub.alerts.models import Alert, Theme
from hub.alerts.rules import Wanted
from hub.core.clock import now
from hub.deliveries import links
from hub.deliveries.models import Content, Delivery, Dispatch
from hub.deliveries.writing import items_of
from hub.notifications.models import Kind
from hub.notifications.queries import wishes_of
from hub.people.actions import close_account, set_phones, unfollow_town
from hub.people.models import Person
from hub.towns.models import Town
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

ALL = frozenset({"sms", "email", "push"})


@pytest.fixture
def themes(town: Town) -> list[Theme]:
    return [Theme.objects.create(town=town, name=name) for name in ("Eau potable", "Travaux")]


@pytest.fixture
def reader(town: Town) -> Person:
    person = factories.make_person("anne@citoyen.example", town=town, first_name="Anne", last_name="Tremblay")
    set_phones(person=person, numbers=["+33612345678"])
    set_subscription(actor=person, person=person, town=town, wanted=Wanted(all_themes=True, channels=ALL))
    return person


def sent(person: Person | None, town: Town | None, channel: str = "email", **about: Any) -> Delivery:
    """Something that has left for somebody."""
    return Delivery.objects.create(
        dispatch=Dispatch.objects.create(cause="alert", town=town, about=about), person=person, channel=channel,
        address="anne@citoyen.example", next_at=now(), expires_at=now(),
    )  # fmt: skip


def of_alert(person: Person, town: Town, theme: Theme | None, channel: str = "email") -> Delivery:
    delivery = sent(person, town, channel)
    Alert.objects.create(town=town, theme=theme, dispatch=delivery.dispatch, created_at=now(), changed_at=now())
    return delivery


def path(delivery: Delivery | int, more: str = "") -> str:
    number = delivery if isinstance(delivery, int) else delivery.pk
    return f"/m/{links.token(number, 'recipient')}/{more}"


def test_it_shows_what_one_is_told_of_and_nothing_else(
    client: Client, town: Town, reader: Person, themes: list[Theme]
) -> None:
    answer = client.get(path(sent(reader, town)))
    page = answer.content.decode()
    for said in ("Les choix de A. T. pour", "Toutes les thématiques", "Eau potable", "•• 78", "a•••@citoyen.example"):
        assert said in page
    for hidden in ("Anne", "Tremblay", "anne@citoyen.example", "/compte/telephones/", "/compte/courriel/"):
        assert hidden not in page, hidden
    assert "06" not in re.sub(r"<[^>]*>", " ", page)  # tokens in its tags are by chance what they are
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Cache-Control"] == "no-store"
    assert "sessionid" not in answer.cookies
    assert client.get("/notifications/preferences/").status_code == 302  # nobody was signed in


def test_it_changes_themes_means_and_news_by_mail(
    client: Client, town: Town, reader: Person, themes: list[Theme]
) -> None:
    typed = {"themes": [str(themes[0].pk)], "channels": ["sms"], "kinds": "1", "email": ["new_group"]}
    answer = client.post(path(sent(reader, town)), typed)
    assert "Enregistré à" in answer.content.decode()
    assert queries.wanted_of(reader, town) == Wanted({themes[0].pk}, False, frozenset({"sms"}))
    wishes = wishes_of(reader)
    assert [kind for kind, wish in wishes.items() if wish.email] == [Kind.NEW_GROUP]
    assert all(wish.site for wish in wishes.values())


def test_it_speaks_the_recipients_language(client: Client, town: Town, reader: Person) -> None:
    Person.objects.filter(pk=reader.pk).update(language="en")
    answer = client.get(path(sent(reader, town)), headers={"Accept-Language": "fr"})
    assert answer["Content-Language"] == "en"
    assert '<html lang="en' in answer.content.decode()


def test_without_our_own_form_nothing_is_changed_but_by_the_one_press(town: Town, reader: Person) -> None:
    strict, delivery = Client(enforce_csrf_checks=True), sent(reader, town)
    assert strict.post(path(delivery), {}).status_code == 403
    assert queries.wanted_of(reader, town).all_themes
    assert strict.post(path(delivery, "arreter/"), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert queries.wanted_of(reader, town).channels == ALL - {"email"}


def test_one_press_leaves_the_theme_that_it_was_about(
    client: Client, town: Town, reader: Person, themes: list[Theme]
) -> None:
    delivery = of_alert(reader, town, themes[0])
    asked = client.get(path(delivery, "arreter/")).content.decode()
    assert "les alertes « Eau potable » de" in asked
    assert queries.wanted_of(reader, town).all_themes  # opening it changes nothing
    for _ in range(2):
        answer = client.post(path(delivery, "arreter/"), {"List-Unsubscribe": "One-Click"})
        assert "C’est arrêté" in answer.content.decode()
        assert queries.wanted_of(reader, town) == Wanted({themes[1].pk}, False, ALL)


@pytest.mark.parametrize("channel", ["email", "sms", "push"])
def test_one_press_leaves_a_means_where_there_is_no_theme(
    client: Client, town: Town, reader: Person, channel: str
) -> None:
    client.post(path(of_alert(reader, town, None, channel), "arreter/"))
    assert queries.wanted_of(reader, town).channels == ALL - {channel}


def test_one_press_that_leaves_no_means_says_what_that_means(client: Client, town: Town, reader: Person) -> None:
    for channel in ("email", "sms"):
        answer = client.post(path(sent(reader, town, channel), "arreter/"))
        assert "Il ne reste aucun moyen" not in answer.content.decode()
    answer = client.post(path(sent(reader, town, "push"), "arreter/"))
    assert "Il ne reste aucun moyen" in answer.content.decode()


def test_one_press_leaves_the_kind_of_news_that_it_was(client: Client, town: Town, reader: Person) -> None:
    delivery = sent(reader, town, kind="private_messages")
    client.post(path(delivery, "arreter/"))
    assert not wishes_of(reader)[Kind.PRIVATE_MESSAGES].email
    assert queries.wanted_of(reader, town).channels == ALL


def test_what_has_expired_or_never_was_is_the_same_page(client: Client, town: Town, reader: Person) -> None:
    delivery, closed, left = sent(reader, town), factories.make_person(town=town), factories.make_person(town=town)
    gone = [
        path(987_654), "/m/nobodys/", "/m/1.aaaaaaaaaaaa/", f"/m/{links.token(delivery.pk, 'receipt')}/",
        path(sent(None, town)), path(sent(reader, None)), path(sent(closed, town)), path(sent(left, town)),
    ]  # fmt: skip
    close_account(person=closed)
    unfollow_town(person=left, town=town)
    pages = set()
    for address in gone:
        for method in ("get", "post"):
            for more in ("", "arreter/"):
                answer = getattr(client, method)(address + more)
                assert answer.status_code == 410, address
                pages.add(answer.content.decode().replace(address + more, ""))
    assert "Ce lien a expiré" in next(iter(pages))
    assert len({len(page) for page in pages}) <= 2
    Delivery.objects.filter(pk=delivery.pk).delete()
    assert client.get(path(delivery)).status_code == 410


def test_a_bulk_mail_bears_the_link_in_words_and_header(town: Town, reader: Person) -> None:
    dispatch = Dispatch.objects.create(cause="alert", town=town)
    content = Content.objects.create(
        dispatch=dispatch, channel="email", language="fr", text=f"Choisir : {links.LEAVE}", headers=links.LEAVING
    )
    delivery = Delivery.objects.create(
        dispatch=dispatch, content=content, person=reader, channel="email", address=reader.email, next_at=now(),
        expires_at=now() + timedelta(days=1),
    )  # fmt: skip
    item = items_of([delivery])[delivery.pk].item
    assert item.text.endswith(path(delivery))
    assert item.headers["List-Unsubscribe"].endswith(f"{path(delivery)}arreter/>")
    assert item.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

"""Cards of groups, and the door of the live chat, in a real browser: they follow by themselves, and jostle nobody."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from hub.conversations.actions import close, create_group, mark_read
from hub.conversations.models import Conversation
from tests import factories
from tests.journeys.conftest import Enter, Talk


@pytest.fixture
def group(talk: Talk) -> Conversation:
    return factories.make_group(talk.mayor, talk.town, talk.citizen, title="Marché du samedi")


def card(page: Page, group: Conversation) -> Locator:
    return page.locator(f'[data-group="{group.topic}"]')


@pytest.mark.parametrize("where", ["/groupes/", "/communes/{}/", "/mairie/{}/groupes/"])
def test_a_card_follows_what_is_said(where: str, talk: Talk, group: Conversation, enter: Enter) -> None:
    reader, writer = talk.citizen, talk.mayor
    if where.startswith("/mairie"):
        reader, writer = writer, reader
    page = enter(reader, where.format(talk.town.slug))
    page.evaluate("window.same = true")
    expect(card(page, group)).to_contain_text("Aucun message pour l’instant")
    expect(card(page, group).locator("[data-slot=news]")).to_be_hidden()
    factories.say(writer, group, "Bonjour.")
    expect(card(page, group)).to_contain_text("1 message")
    last = factories.say(writer, group, "Le marché commence à 8 h.")
    expect(card(page, group)).to_contain_text("2 messages")
    expect(card(page, group)).to_contain_text(re.compile(r"Dernier message à \d+\sh"))
    expect(card(page, group).locator("[data-slot=news]")).to_contain_text("2")
    mark_read(actor=reader, conversation_id=group.pk, up_to=last.seq)  # on another device
    expect(card(page, group).locator("[data-slot=news]")).to_be_hidden()
    assert page.evaluate("window.same") is True, "nothing was reloaded"


def test_ones_own_words_are_no_news(talk: Talk, group: Conversation, enter: Enter) -> None:
    page = enter(talk.citizen, "/groupes/")
    factories.say(talk.citizen, group, "C’est moi.")
    expect(card(page, group)).to_contain_text("1 message")
    expect(card(page, group).locator("[data-slot=news]")).to_be_hidden()


def test_what_was_said_while_the_page_was_made_is_counted_once(talk: Talk, group: Conversation, enter: Enter) -> None:
    for number in range(3):
        factories.say(talk.mayor, group, f"Numéro {number}.")
    page = enter(talk.citizen, "/groupes/")
    factories.say(talk.mayor, group, "Et un de plus.")
    expect(card(page, group)).to_contain_text("4 messages")
    page.wait_for_timeout(1_000)
    expect(card(page, group)).to_contain_text("4 messages")


def test_a_new_group_appears_and_is_followed_once_nobody_points_there(
    talk: Talk, group: Conversation, enter: Enter
) -> None:
    page = enter(talk.citizen, "/groupes/", viewport={"width": 1280, "height": 900})
    card(page, group).hover()
    made = create_group(actor=talk.mayor, town=talk.town, title="Budget 2027")
    factories.say(talk.mayor, group, "Bonjour.")
    expect(card(page, group)).to_contain_text("1 message")  # what is there goes on
    page.wait_for_timeout(2_000)
    expect(card(page, made)).to_be_hidden()
    page.mouse.move(5, 5)
    expect(card(page, made)).to_contain_text("Rejoindre la discussion")
    close(actor=talk.mayor, conversation_id=group.pk)
    expect(card(page, group)).to_contain_text("Fermé")


def test_the_door_of_the_live_chat_appears_and_goes(talk: Talk, enter: Enter) -> None:
    page = enter(talk.citizen, f"/communes/{talk.town.slug}/")
    door = page.locator("[data-part=live-chat]")
    expect(door).to_be_hidden()
    chat = factories.make_live(talk.mayor, talk.town, title="Vos questions sur le budget")
    expect(door).to_contain_text("La discussion en direct est ouverte")
    page.reload()
    expect(door).to_contain_text("Vos questions sur le budget")
    close(actor=talk.mayor, conversation_id=chat.pk)
    expect(door).to_be_hidden()


def test_one_enters_by_it(talk: Talk, enter: Enter) -> None:
    chat = factories.make_live(talk.mayor, talk.town, title="Vos questions")
    page = enter(talk.citizen, f"/communes/{talk.town.slug}/", viewport={"width": 320, "height": 700})
    page.get_by_role("link", name="Entrer dans la discussion en direct").click()
    page.get_by_role("button", name="Entrer dans la discussion").click()
    page.wait_for_url(f"**/messages/{chat.pk}/**")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_title_half_typed_is_not_lost_when_somebody_else_opens_the_live_chat(talk: Talk, enter: Enter) -> None:
    page = enter(talk.mayor, f"/mairie/{talk.town.slug}/groupes/")
    page.get_by_label("Titre").fill("Vos questions sur")
    page.get_by_role("heading", name="Groupes de discussion").click()
    chat = factories.make_live(talk.mayor, talk.town)
    expect(card(page, chat)).to_contain_text("Vos questions")
    expect(page.get_by_label("Titre")).to_have_value("Vos questions sur")
    page.get_by_label("Titre").fill("")
    page.get_by_role("heading", name="Groupes de discussion").click()
    expect(page.get_by_label("Titre")).to_be_hidden()


def test_without_javascript_all_is_there(talk: Talk, group: Conversation, enter: Enter) -> None:
    stranger = factories.make_person(town=talk.town)
    page = enter(stranger, "/groupes/", java_script_enabled=False)
    page.get_by_role("link", name="Rejoindre la discussion").click()
    page.get_by_role("button", name="Rejoindre la discussion").click()
    expect(page.get_by_role("heading", name="Marché du samedi").first).to_be_visible()

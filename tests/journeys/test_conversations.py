"""A citizen and the mayor write to each other, in two real browsers."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from hub.conversations.models import Message
from hub.streams.actions import renew_epochs
from tests import factories
from tests.journeys.conftest import Enter, Talk
from tests.processes import HubProcess


def said(page: Page, words: str) -> Locator:
    """The bubbles that hold these words."""
    return page.locator("[data-log] > .msg", has_text=words)


def write(page: Page, words: str) -> None:
    """Type and send, as with a keyboard."""
    page.get_by_label("Votre message à").fill(words)
    page.keyboard.press("Enter")


def live(page: Page) -> None:
    """Wait until the page is connected: until then nobody else is seen there."""
    expect(page.locator("[data-here=yes]")).to_be_visible()


def stored(talk: Talk) -> list[str]:
    """The words of people that the server keeps, in their order."""
    messages = Message.objects.filter(conversation=talk.conversation, author__isnull=False)
    return list(messages.order_by("seq").values_list("body", flat=True))


def bodies(page: Page) -> list[str]:
    """The words on the page, in their order."""
    return page.locator("[data-log] > .msg:not([hidden]) [data-slot=body]").all_inner_texts()


@pytest.fixture
def both(talk: Talk, enter: Enter) -> tuple[Page, Page]:
    """The citizen's page and the mayor's, both live."""
    citizen, mayor = enter(talk.citizen, talk.portal), enter(talk.mayor, talk.desk)
    live(citizen)
    live(mayor)
    return citizen, mayor


def test_chat_between_citizen_and_mayor(both: tuple[Page, Page], talk: Talk) -> None:
    citizen, mayor = both
    expect(said(citizen, "latte").get_by_text("Lu", exact=False)).to_be_visible()

    mayor.get_by_label("Votre message à Inès Moreau").press_sequentially("Merci de me ")
    expect(citizen.get_by_text("Hélène Carpentier écrit…")).to_be_visible()
    write(mayor, "Merci de me prévenir. <b>Voir</b> https://exemple.fr/banc?n=1.")
    expect(citizen.get_by_text("Hélène Carpentier écrit…")).to_be_hidden()
    expect(said(citizen, "Merci de me prévenir. <b>Voir</b>")).to_be_visible()
    link = said(citizen, "Merci").locator(".bubble").get_by_role("link")
    expect(link).to_have_attribute("href", "https://exemple.fr/banc?n=1")
    expect(link).to_have_attribute("rel", "noopener nofollow ugc")
    expect(said(mayor, "Merci").get_by_text(re.compile("Lu à"))).to_be_visible()

    citizen.goto("/communes/")
    write(mayor, "On s’en occupe\ndès ce soir.")
    expect(citizen).to_have_title(re.compile(r"^\(1\) "))
    expect(citizen.get_by_role("link", name="Notifications non lues : 1")).to_be_visible()
    expect(said(mayor, "dès ce soir").get_by_text("Remis")).to_be_visible()
    citizen.goto("/messages/")
    citizen.get_by_role("link", name=re.compile("Hélène Carpentier, maire.*dès ce soir")).click()
    expect(said(mayor, "dès ce soir").get_by_text("Lu à")).to_be_visible()
    expect(citizen).to_have_title(re.compile(r"^Conversation"))
    assert bodies(citizen) == bodies(mayor) == stored(talk)


def test_offline_and_back(both: tuple[Page, Page], talk: Talk) -> None:
    citizen, mayor = both
    citizen.context.set_offline(True)
    expect(citizen.get_by_text("Reconnexion… vos messages seront envoyés")).to_be_visible()
    write(citizen, "Écrit hors ligne, un.")
    write(citizen, "Écrit hors ligne, deux.")
    expect(citizen.locator(".msg--pending")).to_have_count(2)
    write(mayor, "Pendant ce temps.")
    expect(said(mayor, "Pendant ce temps").get_by_text("Envoyé")).to_be_visible()
    expect(said(citizen, "Pendant ce temps")).to_have_count(0)

    citizen.context.set_offline(False)
    expect(citizen.locator(".msg--pending")).to_have_count(0)
    expect(said(mayor, "hors ligne, deux.")).to_be_visible()
    expect(said(citizen, "Pendant ce temps")).to_be_visible()
    expect(citizen.get_by_text("Reconnexion…")).to_be_hidden()
    assert bodies(citizen) == bodies(mayor) == stored(talk)
    assert stored(talk)[1:] == ["Pendant ce temps.", "Écrit hors ligne, un.", "Écrit hors ligne, deux."]


def test_draft_survives_page_change(both: tuple[Page, Page], talk: Talk) -> None:
    citizen, _mayor = both
    citizen.get_by_label("Votre message à").press_sequentially("Un brouillon")
    citizen.goto("/communes/")
    citizen.goto(talk.portal)
    expect(citizen.get_by_label("Votre message à")).to_have_value("Un brouillon")
    expect(citizen.get_by_text(re.compile("Brouillon gardé à"))).to_be_visible()
    citizen.keyboard.press("Escape")
    write(citizen, "Un brouillon fini.")
    expect(said(citizen, "Un brouillon fini.")).to_be_visible()
    citizen.reload()
    expect(said(citizen, "Un brouillon fini.")).to_be_visible()
    expect(citizen.get_by_label("Votre message à")).to_have_value("")


def test_a_draft_is_effaced_from_a_shared_computer(both: tuple[Page, Page], talk: Talk) -> None:
    citizen, _mayor = both
    kept = "async () => (await indexedDB.databases()).map(database => database.name)"
    citizen.get_by_label("Votre message à").press_sequentially("Entre nous")
    expect(citizen.get_by_text(re.compile("Brouillon gardé à"))).to_be_visible()
    assert citizen.evaluate(kept) == [f"parvis-{talk.citizen.pk}"]
    citizen.goto("/compte/deconnexion/")
    citizen.get_by_label("Effacer mes brouillons d’ici").check()
    citizen.get_by_role("button", name="Se déconnecter").click()
    citizen.wait_for_url("**/")
    assert citizen.evaluate(kept) == []


def test_first_message_is_kept_until_it_is_sent(talk: Talk, enter: Enter) -> None:
    newcomer = factories.make_person(town=talk.town)
    page = enter(newcomer, "/messages/")
    page.get_by_role("link", name="Écrire un nouveau message").click()
    expect(page.get_by_role("radio", name="Hélène Carpentier")).to_be_checked()
    page.get_by_label("Votre message").fill("Bonjour Madame la maire.")
    page.goto("/communes/")
    page.goto("/messages/nouveau/")
    expect(page.get_by_label("Votre message")).to_have_value("Bonjour Madame la maire.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Votre texte est gardé sur cet appareil")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Envoyer").click()
    page.wait_for_url(re.compile(r"/messages/\d+/"))
    expect(said(page, "Bonjour Madame la maire.")).to_have_count(1)
    page.goto(f"/messages/nouveau/?commune={talk.town.slug}")
    expect(page).to_have_url(re.compile(r"/messages/\d+/"))  # what exists goes on in the same window


def test_server_killed_while_typing(both: tuple[Page, Page], talk: Talk, web: HubProcess) -> None:
    citizen, mayor = both
    citizen.get_by_label("Votre message à").press_sequentially("Je tape ")
    web.kill()
    expect(citizen.get_by_text("Reconnexion…")).to_be_visible()
    citizen.get_by_label("Votre message à").press_sequentially("encore.")
    citizen.keyboard.press("Enter")
    expect(said(citizen, "Je tape encore.").get_by_text("En attente du réseau")).to_be_visible()
    web.restart()
    expect(said(mayor, "Je tape encore.")).to_be_visible(timeout=40_000)
    expect(said(citizen, "Je tape encore.").get_by_text("Lu à")).to_be_visible(timeout=40_000)
    assert bodies(citizen) == bodies(mayor) == stored(talk)
    assert stored(talk).count("Je tape encore.") == 1


@pytest.fixture(params=["shared worker", "none"])
def tabs(request: pytest.FixtureRequest, talk: Talk, enter: Enter) -> tuple[Page, Page]:
    """Two tabs of the citizen's browser; some browsers have no shared workers."""
    first = enter(talk.citizen, "/communes/")
    if request.param == "none":
        first.context.add_init_script("delete window.SharedWorker")
    second = first.context.new_page()
    for tab in (first, second):
        tab.goto(talk.portal)
    return first, second


def test_two_tabs_share_one_outbox(tabs: tuple[Page, Page], talk: Talk, web: HubProcess, enter: Enter) -> None:
    first, second = tabs
    mayor = enter(talk.mayor, talk.desk)
    live(first)
    live(second)
    second.locator("[data-log]").focus()
    first.get_by_label("Votre message à").fill("Commencé dans le premier onglet")
    expect(second.get_by_label("Votre message à")).to_have_value("Commencé dans le premier onglet")
    web.kill()
    write(first, "Du premier onglet.")
    expect(said(second, "Du premier onglet.").get_by_text("En attente du réseau")).to_be_visible()
    expect(second.get_by_label("Votre message à")).to_have_value("")
    first.close()
    write(second, "Du second.")
    web.restart()
    expect(said(mayor, "Du second.")).to_be_visible(timeout=40_000)
    expect(second.locator(".msg--pending")).to_have_count(0, timeout=40_000)
    assert bodies(second) == bodies(mayor) == stored(talk)
    assert stored(talk)[1:] == ["Du premier onglet.", "Du second."]


def test_refused_words_come_back_to_be_changed(both: tuple[Page, Page], talk: Talk) -> None:
    citizen, mayor = both
    write(citizen, "trop " * 2_100 + "long")
    refused = citizen.locator(".msg--failed")
    expect(refused.get_by_text("Non envoyé. Votre texte est gardé.")).to_be_visible()
    expect(refused.get_by_text("Ce message est trop long")).to_be_visible()
    citizen.reload()
    refused.get_by_role("button", name="Renvoyer").click()
    expect(refused).to_have_count(1)
    refused.get_by_role("button", name="Modifier").click()
    expect(refused).to_have_count(0)
    field = citizen.get_by_label("Votre message à")
    assert field.input_value().endswith("trop long")
    write(citizen, "Assez court.")
    expect(said(mayor, "Assez court.")).to_be_visible()
    assert stored(talk)[1:] == ["Assez court."]


def test_missing_too_much_shows_all_anew(both: tuple[Page, Page], talk: Talk, web: HubProcess) -> None:
    citizen, mayor = both
    citizen.get_by_label("Votre message à").fill("Encore un brouillon")
    citizen.context.set_offline(True)
    expect(citizen.get_by_text("Reconnexion…")).to_be_visible()
    write(mayor, "Dit pendant l’absence.")
    expect(said(mayor, "Dit pendant l’absence.").get_by_text("Envoyé")).to_be_visible()
    renew_epochs()  # as after a restore: numbers given before say nothing any more
    web.restart()
    citizen.context.set_offline(False)
    expect(said(citizen, "Dit pendant l’absence.")).to_be_visible(timeout=30_000)
    assert bodies(citizen) == stored(talk)
    expect(citizen.get_by_label("Votre message à")).to_have_value("Encore un brouillon")


def test_older_messages_come_without_a_jump(talk: Talk, enter: Enter) -> None:
    for number in range(70):
        author = talk.mayor if number % 2 else talk.citizen
        factories.say(author, talk.conversation, f"Numéro {number}. " + "Des mots. " * (number % 9))
    page = enter(talk.mayor, talk.desk)
    expect(said(page, "Numéro 69.")).to_be_in_viewport()
    expect(said(page, "Numéro 5.")).to_have_count(0)
    place = "() => document.querySelector('[data-seq=\"40\"]').getBoundingClientRect().top"
    page.locator("[data-seq='40']").scroll_into_view_if_needed()
    page.wait_for_timeout(100)
    before = page.evaluate(place)
    page.evaluate("document.querySelector('[data-older] a').click()")
    expect(said(page, "Numéro 5.")).to_have_count(1)
    assert abs(page.evaluate(place) - before) < 3
    assert bodies(page) == [body.strip() for body in stored(talk)]

    factories.say(talk.citizen, talk.conversation, "Arrivé pendant la lecture.")
    page.get_by_role("button", name="Nouveau message").click()
    expect(said(page, "Arrivé pendant la lecture.")).to_be_in_viewport()


def test_mayor_hands_over_and_the_citizen_sees_who_answers(both: tuple[Page, Page], talk: Talk, enter: Enter) -> None:
    citizen, mayor = both
    agent = factories.make_agent(talk.town, first_name="Maude", last_name="Lavoie")
    desk = enter(agent, f"/mairie/{talk.town.slug}/messages/")
    expect(desk.get_by_text("Aucun message pour le moment.")).to_be_visible()
    mayor.reload()
    mayor.get_by_label("Qui répond à cette conversation").click()
    mayor.get_by_label("Un membre de l’équipe").select_option("Maude Lavoie")
    mayor.get_by_role("button", name="Confier").click()
    expect(citizen.get_by_text("Maude Lavoie répond désormais dans cette conversation.")).to_be_visible()
    expect(citizen.get_by_role("heading", level=1)).to_have_text("Maude Lavoie")
    desk.get_by_role("link", name=re.compile("Inès Moreau")).click()
    live(desk)
    write(desk, "Je passe demain.")
    expect(said(citizen, "Je passe demain.").get_by_text("Maude Lavoie")).to_be_visible()

    mayor.get_by_label("Qui répond à cette conversation").click()
    mayor.get_by_role("button", name="Retirer Maude Lavoie").click()
    expect(desk.get_by_text("Cette conversation ne vous est plus ouverte.")).to_be_visible()
    expect(citizen.get_by_role("heading", level=1)).to_have_text("Hélène Carpentier")

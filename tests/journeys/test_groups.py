"""Five people in a group, and a town in a live chat: desk, desktop and phones, each in a browser of their own."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django import Settings

from hub.conversations.actions import create_group, join, set_pace
from hub.conversations.models import Conversation, Message
from hub.core.clock import now
from hub.people.models import Person
from hub.towns.models import Town
from tests import factories
from tests.journeys.conftest import Enter
from tests.journeys.test_conversations import said, write
from tests.journeys.test_conversations_everywhere import PHONE
from tests.processes import HubProcess

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
FAULTS = "axe.run(document).then(found => found.violations.map(fault => `${fault.id} ${fault.nodes[0].target}`))"


@dataclass(frozen=True)
class Place:
    """A town, its mayor, and four citizens who have followed it for a month."""

    town: Town
    mayor: Person
    ines: Person
    paul: Person
    zoe: Person
    lea: Person

    @property
    def citizens(self) -> list[Person]:
        return [self.ines, self.paul, self.zoe, self.lea]


@pytest.fixture
def place(web: HubProcess) -> Place:
    town = factories.make_town(mayor_grammar="f")
    month = now() - timedelta(days=30)
    names = (("Inès", "Moreau"), ("Paul", "Martin"), ("Zoé", "Le Goff"), ("Léa", "Dubois"))
    people = [factories.make_person(town=town, first_name=a, last_name=b, created_at=month) for a, b in names]
    return Place(town, factories.make_mayor(town, first_name="Hélène", last_name="Carpentier"), *people)


def options_of(page: Page, words: str) -> Locator:
    """Open the options of the message that holds these words."""
    said(page, words).first.locator(".msg__options").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def quoted(page: Page, words: str) -> Locator:
    return said(page, words).locator(".msg__quote")


@dataclass(frozen=True)
class Square:
    """The five pages of one group: the mayor's at the desk, two on desktops, two on phones."""

    mayor: Page
    ines: Page
    paul: Page
    zoe: Page
    lea: Page

    @property
    def all(self) -> list[Page]:
        return [self.mayor, self.ines, self.paul, self.zoe, self.lea]


def gather(place: Place, enter: Enter) -> Square:
    """The mayor makes a group, whose maker's news lights a bell; Inès enters by its door, the others have."""
    mayor = enter(place.mayor, f"/mairie/{place.town.slug}/groupes/")
    ines = enter(place.ines, "/compte/")
    expect(ines.locator("[data-notifications]").first).to_be_hidden()
    mayor.get_by_role("link", name="Nouveau groupe").first.click()
    mayor.get_by_label("Titre").fill("Budget 2027")
    mayor.get_by_role("main").get_by_role("button").last.click()
    expect(ines.locator("[data-notifications]").first).to_have_text("1")
    ines.goto("/groupes/")
    ines.get_by_role("link", name=re.compile("Rejoindre la discussion")).click()
    ines.get_by_role("button", name="Rejoindre la discussion").click()
    group = Conversation.objects.get(town=place.town, kind="group")
    address = f"/messages/{group.pk}/"
    ines.wait_for_url(re.compile(address))
    for person in place.citizens[1:]:
        join(actor=person, conversation_id=group.pk)
    paul, lea = (enter(person, address, **PHONE) for person in (place.paul, place.lea))
    square = Square(mayor, ines, paul, enter(place.zoe, address, color_scheme="dark"), lea)
    mayor.goto(f"/mairie/{place.town.slug}/messages/{group.pk}/")
    for page in square.all[1:]:
        expect(page.locator("[data-here=yes]")).to_be_visible()  # the mayor is there
    return square


def test_five_people_in_a_group(place: Place, enter: Enter) -> None:
    square = gather(place, enter)
    words_reach_everybody(square)
    somebody_is_named(square)
    signs_are_counted_alike(square)
    the_author_mends_a_letter(square)
    for page in square.all:
        page.evaluate(AXE)
        assert page.evaluate(FAULTS) == []
    assert Message.objects.filter(conversation__town=place.town, author__isnull=False).count() == 4


def words_reach_everybody(square: Square) -> None:
    """And an answer quotes what it answers."""
    write(square.mayor, "Posez ici vos questions sur le budget.")
    for page in square.all:
        expect(said(page, "Posez ici")).to_be_visible()
    square.paul.get_by_label("Votre message à").fill("La toiture de l’école est-elle prevue ?")
    square.paul.get_by_role("button", name="Envoyer").tap()
    for page in square.all:
        expect(said(page, "La toiture")).to_be_visible()
    options_of(square.zoe, "La toiture").get_by_role("link", name="Répondre à ce message").click()
    expect(square.zoe.locator(".composer__quote")).to_contain_text("Réponse à Paul Martin")
    write(square.zoe, "Je me pose la même question.")
    for page in square.all:
        expect(quoted(page, "même question")).to_contain_text("La toiture")
    expect(square.zoe.locator(".composer__quote")).to_be_hidden()


def somebody_is_named(square: Square) -> None:
    """Offered as one types, marked for them."""
    field = square.mayor.get_by_label("Votre message à")
    field.press_sequentially("Oui. @In")
    expect(square.mayor.get_by_role("option", name="Inès Moreau")).to_be_visible()
    field.press("Enter")
    field.press_sequentially("vous aviez raison.")
    field.press("Enter")
    expect(square.ines.locator(".msg--named")).to_contain_text("@Inès Moreau vous aviez raison.")
    expect(square.paul.locator(".msg--named")).to_have_count(0)


def signs_are_counted_alike(square: Square) -> None:
    """On and off, everywhere."""
    options_of(square.ines, "Oui.").get_by_role("button", name="J’aime").click()
    for page in square.all:
        expect(said(page, "Oui.").get_by_role("button", name=re.compile("J’aime, 1"))).to_be_visible()
    square.lea.get_by_role("button", name="J’aime, 1").tap()
    for page in square.all:
        expect(said(page, "Oui.").get_by_role("button", name=re.compile("J’aime, 2"))).to_be_visible()
    square.ines.get_by_role("button", name="J’aime, 2").click()
    expect(square.lea.get_by_role("button", name="J’aime, 1")).to_have_attribute("aria-pressed", "true")
    expect(square.ines.get_by_role("button", name="J’aime, 1")).to_have_attribute("aria-pressed", "false")


def the_author_mends_a_letter(square: Square) -> None:
    """And all see that it was changed."""
    dialog = options_of(square.paul, "La toiture")
    dialog.get_by_text("Modifier", exact=True).tap()
    dialog.get_by_label("Votre message").fill("La toiture de l’école est-elle prévue ?")
    dialog.get_by_role("button", name="Enregistrer").tap()
    for page in square.all:
        expect(said(page, "est-elle prévue").first).to_contain_text("modifié")


@pytest.fixture
def group(place: Place) -> Conversation:
    """A group that all are in."""
    made = create_group(actor=place.mayor, town=place.town, title="École")
    for person in place.citizens:
        join(actor=person, conversation_id=made.pk)
    return made


def test_a_report_a_removal_and_a_silence_seen_by_each_side(place: Place, group: Conversation, enter: Enter) -> None:
    desk = enter(place.mayor, f"/mairie/{place.town.slug}/moderation/")
    zoe = enter(place.zoe, f"/messages/{group.pk}/", **PHONE)
    paul = enter(place.paul, f"/messages/{group.pk}/")
    write(paul, "Vous êtes tous des idiots.")
    expect(said(zoe, "idiots")).to_be_visible()

    dialog = options_of(zoe, "idiots")
    dialog.get_by_text("Signaler", exact=True).tap()
    dialog.get_by_label("Insulte ou menace").check()
    zoe.evaluate(AXE)
    assert zoe.evaluate(FAULTS) == []
    dialog.get_by_role("button", name="Signaler à la mairie").tap()
    expect(zoe.get_by_text("La mairie regardera ce message")).to_be_visible()

    the_town_hall_decides(desk, place, group, [desk, zoe, paul])

    # Who may not write keeps their words; both learn why.
    write(paul, "Je n’ai rien dit de mal.")
    expect(said(paul, "rien dit de mal")).to_contain_text("Non envoyé")
    expect(said(paul, "rien dit de mal")).to_contain_text("La modération vous demande")
    paul.goto("/notifications/")
    for words in ("Restons courtois.", "Des injures."):
        expect(paul.get_by_role("main")).to_contain_text(words)
    zoe.goto("/notifications/")
    expect(zoe.get_by_role("main")).to_contain_text("École")


def the_town_hall_decides(desk: Page, place: Place, group: Conversation, pages: list[Page]) -> None:
    """The moderators' page shows the report without a refresh; the decision reaches everybody."""
    expect(desk.get_by_role("main").get_by_text("Vous êtes tous des idiots.").first).to_be_visible()
    desk.goto(f"/mairie/{place.town.slug}/messages/{group.pk}/")
    dialog = options_of(desk, "idiots")
    dialog.get_by_text("Masquer ou retirer").click()
    dialog.locator("details[open]").get_by_label("Pourquoi ?").fill("Restons courtois.")
    dialog.get_by_role("button", name="Retirer", exact=True).click()
    for page in pages:
        expect(page.locator(".msg--gone")).to_contain_text("Message retiré par la modération.")
        expect(said(page, "idiots")).to_have_count(0)
    dialog = options_of(desk, "Message retiré")
    dialog.get_by_text("Mettre Paul Martin en sourdine").click()
    dialog.get_by_label("Un jour").check()
    dialog.locator("details[open]").get_by_label("Pourquoi ?").fill("Des injures.")
    dialog.get_by_role("button", name="Mettre en sourdine").click()
    expect(desk.get_by_text("Paul Martin ne peut plus écrire pendant ce temps")).to_be_visible()


def test_who_writes_too_fast_for_the_pace_is_told_and_nothing_is_lost(
    place: Place, group: Conversation, enter: Enter
) -> None:
    set_pace(actor=place.mayor, conversation_id=group.pk, slow_s=10)
    page = enter(place.zoe, f"/messages/{group.pk}/")
    write(page, "Un")
    write(page, "Deux")
    expect(said(page, "Deux")).to_contain_text("Attend son tour, puis part tout seul")
    expect(said(page, "Deux")).to_contain_text("Envoyé")
    messages = Message.objects.filter(conversation=group, author=place.zoe).order_by("seq")
    assert [message.body for message in messages] == ["Un", "Deux"]


def test_without_javascript(place: Place, group: Conversation, enter: Enter) -> None:
    page = enter(place.zoe, f"/messages/{group.pk}/", java_script_enabled=False)
    page.get_by_label("Votre message à").fill("Bonjour à tous")
    page.get_by_role("button", name="Envoyer").click()
    page.locator(".msg__options").click()
    page.get_by_role("button", name="J’aime").click()
    expect(page.locator(".reaction")).to_contain_text("1")
    page.locator(".msg__options").click()
    page.get_by_role("link", name="Répondre à ce message").click()
    page.get_by_label("Votre message à").fill("Et bonjour encore")
    page.get_by_role("button", name="Envoyer").click()
    expect(quoted(page, "encore")).to_contain_text("Bonjour à tous")


def test_a_message_is_found_and_shown_where_it_was_said(
    place: Place, group: Conversation, enter: Enter, settings: Settings
) -> None:
    settings.RATE_LIMITS = False  # of those who make the past here
    for number in range(70):
        factories.say(place.paul, group, f"Ligne {number}")
    factories.say(place.lea, group, "Où en est l’éclairage du préau ?")
    for number in range(70):
        factories.say(place.paul, group, f"Encore {number}")
    page = enter(place.zoe, "/messages/?q=eclairage+preau")
    page.get_by_role("link", name=re.compile("Léa Dubois")).click()
    expect(page.locator(".msg--found")).to_contain_text("éclairage du préau")
    expect(page.locator(".msg--found")).to_be_in_viewport()
    page.get_by_role("link", name="Revenir aux derniers messages").click()
    expect(said(page, "Encore 69")).to_be_in_viewport()


def test_the_towns_live_chat(place: Place, enter: Enter) -> None:
    desk = enter(place.mayor, f"/mairie/{place.town.slug}/groupes/")
    ines = enter(place.ines, f"/communes/{place.town.slug}/")
    paul = enter(place.paul, f"/communes/{place.town.slug}/", **PHONE)
    desk.get_by_label("Titre").fill("Crue : vos questions")
    desk.get_by_role("button", name="Ouvrir la discussion").click()
    for page in (ines, paul):  # the door shows by itself
        expect(page.get_by_text("Crue : vos questions")).to_be_visible()
        page.get_by_role("link", name=re.compile("Entrer")).first.click()
        page.get_by_role("button", name="Entrer dans la discussion").click()
        expect(page.get_by_role("heading", name="Crue : vos questions").first).to_be_visible()
    chat = Conversation.objects.get(town=place.town, kind="live")
    desk.goto(f"/mairie/{place.town.slug}/messages/{chat.pk}/")
    write(ines, "La rue basse est-elle coupée ?")
    for page in (desk, paul):
        expect(said(page, "rue basse")).to_be_visible()
    write(desk, "Oui, depuis 7 h. Passez par le pont.")
    for page in (ines, paul):
        expect(said(page, "Passez par le pont")).to_contain_text("Hélène Carpentier, maire")
    desk.get_by_role("button", name="Fermer la discussion").click()
    for page in (ines, paul):
        expect(page.get_by_text("Cette discussion est fermée").first).to_be_visible()
        expect(page.get_by_label("Votre message à")).to_be_hidden()

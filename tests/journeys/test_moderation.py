"""A moderator's page while people report: what comes shows by itself, and moves nothing that is in use."""

import pytest
from playwright.sync_api import Locator, Page, expect

from hub.conversations import actions
from hub.conversations.models import Conversation
from hub.people.models import Person, Role
from tests import factories
from tests.journeys.conftest import Enter, Talk


@pytest.fixture
def group(talk: Talk) -> Conversation:
    """Where the citizen has written « Un », « Deux » and « Trois »; « Un » is reported."""
    factories.settled(talk.citizen)
    made = factories.make_group(talk.mayor, talk.town, talk.citizen)
    for body in ("Un", "Deux", "Trois"):
        factories.say(talk.citizen, made, body)
    report(talk, made, 1)
    return made


@pytest.fixture
def moderator(talk: Talk) -> Person:
    return factories.make_person(town=talk.town, roles=[Role.MODERATOR])


def report(talk: Talk, group: Conversation, seq: int) -> None:
    actions.report_message(actor=talk.mayor, conversation_id=group.pk, seq=seq, reason="insult")


def cases(page: Page) -> Locator:
    return page.locator("[data-case]")


def count(page: Page) -> Locator:
    """Of what waits, in the navigation."""
    return page.locator(".rail [data-to-moderate]")


def leave_alone(page: Page) -> None:
    """The pointer stands beside the list."""
    page.get_by_role("heading", name="Modération").hover()


def test_a_report_comes_by_itself(talk: Talk, group: Conversation, moderator: Person, enter: Enter) -> None:
    page = enter(moderator, f"/mairie/{talk.town.slug}/moderation/")
    leave_alone(page)
    expect(cases(page)).to_have_count(1)
    for waiting, seq in ((2, 2), (3, 3)):  # the second one too: what was looked at counts anew
        report(talk, group, seq)
        expect(cases(page)).to_have_count(waiting)
        expect(count(page)).to_contain_text(str(waiting))
    expect(cases(page).first).to_contain_text("Trois")


def test_it_moves_nothing_under_the_pointer(talk: Talk, group: Conversation, moderator: Person, enter: Enter) -> None:
    page = enter(moderator, f"/mairie/{talk.town.slug}/moderation/")
    cases(page).first.hover()
    stood = cases(page).first.bounding_box()
    report(talk, group, 2)
    arrival = page.get_by_role("button", name="Un nouveau signalement est arrivé")
    expect(arrival).to_be_visible()
    expect(cases(page)).to_have_count(1)
    expect(count(page)).to_contain_text("2")
    assert cases(page).first.bounding_box() == stood
    arrival.click()
    expect(cases(page)).to_have_count(2)
    expect(arrival).to_be_hidden()


def test_what_was_begun_stays_and_is_sent(talk: Talk, group: Conversation, moderator: Person, enter: Enter) -> None:
    page = enter(moderator, f"/mairie/{talk.town.slug}/moderation/")
    page.get_by_text("Masquer ou retirer").click()
    page.get_by_role("combobox", name="Pourquoi").select_option(index=2)
    page.get_by_role("textbox", name="Une précision").fill("Deuxième rappel.")
    page.get_by_role("textbox", name="Une précision").blur()
    leave_alone(page)
    report(talk, group, 2)
    expect(cases(page)).to_have_count(2)
    begun = cases(page).last
    expect(begun.get_by_role("textbox", name="Une précision")).to_have_value("Deuxième rappel.")
    assert begun.get_by_role("combobox", name="Pourquoi").evaluate("field => field.selectedIndex") == 2
    begun.get_by_role("button", name="Retirer", exact=True).click()
    expect(page.get_by_text("Le message est retiré.")).to_be_visible()
    message = group.messages.get(seq=1)
    assert message.removal == "moderation"
    assert message.removal_reason.endswith("Deuxième rappel.")
    expect(cases(page)).to_have_count(1)


def test_it_works_without_scripts(talk: Talk, group: Conversation, moderator: Person, enter: Enter) -> None:
    page = enter(moderator, f"/mairie/{talk.town.slug}/moderation/", java_script_enabled=False)
    page.get_by_text("Masquer ou retirer").click()
    page.get_by_role("button", name="Masquer", exact=True).click()
    expect(page.get_by_text("Dites pourquoi")).to_be_visible()
    page.get_by_role("textbox", name="Une précision").fill("Pas ici.")
    page.get_by_role("button", name="Masquer", exact=True).click()
    expect(page.get_by_text("Le message est masqué.")).to_be_visible()
    page.get_by_role("button", name="Rétablir").click()
    expect(page.get_by_text("Rien à traiter")).to_be_visible()

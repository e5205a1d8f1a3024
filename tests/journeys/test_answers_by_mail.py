"""What people answer by mail, brought by SMTP and read by a worker, stands on the pages that are open."""

import smtplib
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from hub.conversations.models import Conversation
from hub.people.models import Person
from hub.tickets.models import Ticket
from inbound_email.models import Door, InboundEmail, Status
from inbound_email.places import Place
from inbound_email.smtp_thread import SmtpThread
from inbound_email.tasks import nudge
from tests import factories
from tests.engines import wait_until
from tests.inbound_email.coming_in import mail, reply_address
from tests.journeys.conftest import Enter, Talk
from tests.processes import Fleet
from tests.tickets.making import make_service, make_staff, make_ticket

DESKTOP = {"viewport": {"width": 1440, "height": 900}}
STRANGER = "inconnue@ailleurs.example"
# `answer(thread, whose, words, sender=…)`: by mail, to the address that the mail to `whose` gave.
Answer = Callable[..., None]


@pytest.fixture(scope="module")
def port(standing_fleet: Fleet) -> Iterator[int]:
    """Of a door for mail; a worker reads what comes by it."""
    door = SmtpThread({Door.SMTP: Place("127.0.0.1", 0)}).start()
    worker = standing_fleet.worker("--channels", "inbound", env={"PARVIS_INBOUND_AUTH": "address"})
    yield door.places[Door.SMTP].port
    worker.kill()
    door.stop()


@pytest.fixture
def answer(port: int) -> Answer:
    def bring(thread: Ticket | Conversation, whose: Person, words: str, sender: str = "") -> None:
        subject = f"Re: La mairie vous répond [#{thread.number}]" if isinstance(thread, Ticket) else "Re: Des messages"
        sender = sender or whose.email
        with smtplib.SMTP("127.0.0.1", port) as client:
            to = reply_address(thread, whose.email, whose)
            client.sendmail(sender, [to], mail(words, sender=sender, subject=subject))
        wait_until(all_read, "a worker reads it")

    return bring


@pytest.fixture
def elsewhere(talk: Talk) -> Talk:
    """They write from boxes of their own: who writes from our own domain is a machine of ours."""
    for person in (talk.citizen, talk.mayor):
        person.email = f"personne-{person.pk}@ailleurs.example"
        person.save(update_fields=["email"])
    return talk


def all_read() -> bool:
    """Whether none waits for a worker; one that began late has not heard of them yet."""
    if not InboundEmail.objects.filter(status=Status.RECEIVED).exists():
        return True
    nudge()
    return False


def said(page: Page, words: str) -> Locator:
    return page.locator("[data-log] > .msg", has_text=words)


def test_a_reply_lights_the_desk_and_the_answer_the_open_page(elsewhere: Talk, enter: Enter, answer: Answer) -> None:
    ticket = make_ticket(elsewhere.town, requester=elsewhere.citizen, title="Banc cassé")
    agent = make_staff(elsewhere.town, make_service(elsewhere.town), first_name="Maude", last_name="Lavoie")
    board = f"/mairie/{elsewhere.town.slug}/requetes/"
    desk, tracking = enter(agent, board, **DESKTOP), enter(elsewhere.citizen, f"/suivi/{ticket.number}/")
    expect(desk.locator("[data-part=state]")).to_be_visible()
    row = desk.locator(f'.ticket[data-number="{ticket.number}"]')
    expect(row).not_to_contain_text("Réponse")
    answer(ticket, elsewhere.citizen, "C’est le banc du fond.")
    expect(row).to_contain_text("Réponse")
    row.locator(".ticket__t").click()
    panel = desk.locator("#panel")
    expect(panel.get_by_text("C’est le banc du fond.")).to_be_visible()
    expect(tracking.get_by_text("C’est le banc du fond.")).to_be_visible()
    # What is answered at the desk stands on the page that the citizen has open.
    desk.locator(".mode:has([value=external])").click()
    desk.locator("#panel-text").fill("Nous le réparons jeudi.")
    desk.get_by_role("button", name="Publier le suivi").click()
    expect(tracking.get_by_text("Nous le réparons jeudi.")).to_be_visible()
    # From somebody else it waits: on the row, in the panel, in the list, and on no other page.
    lists = enter(agent, f"/mairie/{elsewhere.town.slug}/courriels/", **DESKTOP)
    count = desk.locator(".rail [data-received=mail]")
    expect(count).to_be_hidden()
    expect(lists.get_by_role("heading", name="Rien à décider")).to_be_visible()
    answer(ticket, elsewhere.citizen, "Et le mien aussi.", sender=STRANGER)
    expect(row).to_contain_text("Courriel à décider")
    expect(count).to_contain_text("1")
    expect(lists.locator("[data-one]")).to_contain_text("Et le mien aussi.")
    expect(lists.locator(".rail [data-received=mail]")).to_contain_text("1")
    panel.get_by_role("button", name="Accepter").click()
    expect(tracking.get_by_text("Et le mien aussi.")).to_be_visible()
    expect(row).not_to_contain_text("Courriel à décider")
    expect(count).to_be_hidden()
    expect(lists.get_by_role("heading", name="Rien à décider")).to_be_visible()


def test_private_conversations_and_groups_are_answered_live(elsewhere: Talk, enter: Enter, answer: Answer) -> None:
    group = factories.make_group(elsewhere.mayor, elsewhere.town, elsewhere.citizen)
    for thread, there in (
        (elsewhere.conversation, elsewhere.desk), (group, f"/mairie/{elsewhere.town.slug}/messages/{group.pk}/")
    ):  # fmt: skip
        mayor, citizen = enter(elsewhere.mayor, there), enter(elsewhere.citizen, f"/messages/{thread.pk}/")
        answer(thread, elsewhere.citizen, "Merci, je passe demain.")
        for page in (mayor, citizen):
            expect(said(page, "Merci, je passe demain.")).to_be_visible()
        answer(thread, elsewhere.mayor, "À demain, donc.")
        for page in (mayor, citizen):
            expect(said(page, "À demain, donc.")).to_be_visible()

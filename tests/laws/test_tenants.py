"""What belongs to another town, or to another person, answers exactly like what is not there."""

import itertools
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from hub.alerts.alerting import create_alert
from hub.alerts.models import Theme, Zone
from hub.community.links.models import Link
from hub.conversations.actions import post_message, silence
from hub.files.models import StoredFile
from hub.notifications.models import Notification
from hub.people.actions import issue_token, register_device, set_phones
from hub.people.models import ApiToken, Person, Phone, Role
from hub.tickets.actions import save_view
from hub.tickets.models import ApiKey, CannedReply, Category, Question, Webhook
from hub.tickets.webhooks import enqueue_test
from hub.towns.models import Service, Town
from tests import factories
from tests.alerts.alarms import draft, square
from tests.inbound_email.coming_in import waiting_mail
from tests.notifications.conftest import tell
from tests.people.citizen_files import csv_of, verified
from tests.tickets import making

pytestmark = pytest.mark.django_db

PART = re.compile(r"<(?:\w+:)?(\w+)>|\{(\w+)\}")
CHANGING = re.compile(
    r'[A-Z0-9]{4}-[A-Z0-9]{2}|nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|<meta name="csrf[^>]*>'
)
# Of pages whose object is a person everybody of a town may see: covered by tests/people.
MISSING = {
    "town_slug": "nulle-part", "slug": "nulle-part", "conversation_id": 987_654, "person_id": 987_654, "pk": 987_654,
    "token_id": 987_654, "phone_id": 987_654, "service_id": 987_654, "file_id": UUID(int=5), "item_id": "nothing",
    "notification_id": 987_654, "seq": 987_654, "silence_id": 987_654, "sign": "like",
    "theme_id": 987_654, "alert_id": 987_654, "zone_id": 987_654, "link_id": 987_654,
    "category_id": 987_654, "question_id": 987_654, "reply_id": 987_654, "mail_code": "receipt", "view_id": 987_654,
    "table": "services",
    "device_id": 987_654,
    "import_id": 987_654, "kind": "nothing", "key_id": 987_654, "webhook_id": 987_654, "call_id": 987_654,
    # Open311's, which says first that a town is to be named: which town's they are is covered by tests/tickets.
    "service_code": "987654", "request_id": "ZZ26-99999",
    # A follower's secret opens what it is for to whoever has it: covered by tests/tickets.
    "number": "ZZ26-99999", "secret": "nobodys",
    # What providers sign: covered by tests/deliveries.
    "provider": "nobody", "token": "nobodys",
    "mail_id": 987_654,
}  # fmt: skip


class Place:
    """A town with everything that an address may name."""

    def __init__(self, slug: str) -> None:
        self.town = factories.make_town(slug)
        self.service = Service.objects.create(town=self.town, name="Travaux")
        self.people: dict[str, Person] = {
            role: factories.make_person(f"{role}@{slug}.example", town=self.town, roles=[role]) for role in Role
        }
        citizen = self.people["citizen"]
        self.conversation = factories.make_conversation(self.town, citizen, "privé")
        self.file = StoredFile.objects.create(owner=citizen, name="a.pdf", content_type="application/pdf", size_bytes=1)
        post_message(
            actor=citizen, conversation_id=self.conversation.pk, key="f", body="", file_ids=[str(self.file.pk)]
        )
        mayor = self.people["mayor"]
        self.group = factories.make_group(mayor, self.town, citizen)
        self.live = factories.make_live(mayor, self.town, citizen)
        for shared in (self.group, self.live):
            factories.say(citizen, shared, "à tous")
        self.silence = silence(actor=mayor, town=self.town, person=citizen, for_name="day", reason="Insultes")
        self.category = Category.objects.create(town=self.town, name="Voirie")
        self.theme = Theme.objects.create(town=self.town, name="Eau potable")
        self.link = Link.objects.create(town=self.town, title="Urbanisme", address="https://urbanisme.example/")
        self.zone = Zone.objects.create(town=self.town, name="Nord-Est", shape=square())
        self.alert = create_alert(actor=mayor, slug=slug, draft=draft())
        self.question = Question.objects.create(category=self.category, text="Où ?")
        self.view = save_view(actor=mayor, town=self.town, name="Tournée du matin", filters={})
        self.reply = CannedReply.objects.create(town=self.town, title="Suivi", body="C’est noté.")
        self.ticket = making.make_ticket(self.town, requester=citizen)
        self.key = ApiKey.objects.create(town=self.town, name="Ma ville", digest=slug)
        self.webhook = Webhook.objects.create(town=self.town, url="https://x.example/", secret="whsec_", events=[])
        self.sent = verified(mayor, self.town, csv_of(("Nora", "Petit", f"nora@{slug}.example", "")))
        self.mail = waiting_mail(self.ticket)
        tell(self.town, citizen, actor=mayor)
        set_phones(person=citizen, numbers=["+14185550142"])
        issue_token(person=citizen, name="x")
        self.device = register_device(actor=citizen, kind="fcm", target=f"token-{slug}")

    @cached_property
    def values(self) -> dict[str, Any]:
        citizen = self.people["citizen"]
        return {
            **MISSING,
            "town_slug": self.town.slug,
            "slug": self.town.slug,
            "file_id": self.file.pk,
            "person_id": citizen.pk,
            "service_id": self.service.pk,
            "phone_id": Phone.objects.get(person=citizen).pk,
            "notification_id": Notification.objects.filter(person=citizen).latest("pk").pk,
            "token_id": ApiToken.objects.get(person=citizen).pk,
            "silence_id": self.silence.pk,
            "device_id": self.device.pk,
            "number": self.ticket.number,
            "import_id": self.sent.pk,
            "theme_id": self.theme.pk,
            "alert_id": self.alert.pk,
            "zone_id": self.zone.pk,
            "link_id": self.link.pk,
            "category_id": self.category.pk,
            "question_id": self.question.pk,
            "reply_id": self.reply.pk,
            "view_id": self.view.pk,
            "key_id": self.key.pk,
            "webhook_id": self.webhook.pk,
            "call_id": enqueue_test(self.webhook).pk,
            "service_code": str(self.category.pk),
            "request_id": self.ticket.number,
            "mail_id": self.mail.pk,
        }

    @cached_property
    def talks(self) -> list[dict[str, Any]]:
        """One conversation of each sort, and a message in it."""
        found = (self.conversation, self.group, self.live)
        said = [talk.messages.filter(author__isnull=False).values_list("seq", flat=True)[0] for talk in found]
        return [{"conversation_id": talk.pk, "seq": seq} for talk, seq in zip(found, said, strict=True)]

    def every(self, address: str) -> Iterator[dict[str, Any]]:
        """What may stand in this address: where it names a conversation, each sort of one."""
        for talk in self.talks if "conversation_id" in address else self.talks[:1]:
            yield {**self.values, **talk}


@pytest.fixture
def ours() -> Place:
    return Place("ici")


@pytest.fixture
def theirs() -> Place:
    return Place("ailleurs")


def addresses() -> list[str]:
    """Every address that names something, those of the API too."""

    def walk(patterns: list[Any], prefix: str = "") -> Iterator[str]:
        for pattern in patterns:
            address = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, address)
            elif isinstance(pattern, URLPattern) and PART.search(address):
                yield "/" + address

    # What can be asked of a town is for everybody to read.
    of_towns = ("/api/v1/towns/<slug>/categories", "/api/v1/towns/<slug>/themes", "/api/v1/towns/<slug>/links")
    open_to_all = ("/communes/", "/demo/", "/compte/cles/", *of_towns)
    return [address for address in walk(get_resolver().url_patterns) if not address.startswith(open_to_all)]


def fill(address: str, values: dict[str, Any]) -> str:
    return PART.sub(lambda part: str(values[part[1] or part[2]]), address)


def shape(answer: HttpResponse, path: str) -> tuple[int, str]:
    """What somebody can tell the answers apart by."""
    body = answer.content.decode(errors="replace").replace(path, "PATH")
    return answer.status_code, CHANGING.sub("", body + answer.get("Location", "").replace(path, "PATH"))


METHODS = ("get", "post", "patch", "put", "delete")


def asked_ways() -> Iterator[tuple[str, str]]:
    """Each address with each method that it may take: pages are read and sent forms, no more."""
    for address in addresses():
        yield from ((address, method) for method in (METHODS if address.startswith("/api/") else METHODS[:2]))


# Whom doors tell apart: who manages sees what the mayor sees, and who moderates less.
@pytest.mark.parametrize("role", ["anonymous", Role.CITIZEN, Role.AGENT, Role.MAYOR, Role.OPERATOR])
def test_foreign_answers_like_missing(role: str, ours: Place, theirs: Place) -> None:
    client = Client(raise_request_exception=True)
    if role != "anonymous":
        client.force_login(ours.people[role])
    asked = 0
    for address, method in asked_ways():
        told: dict[str, tuple[int, str]] = {}
        # A foreign town's object under its own town's address, or smuggled under ours.
        towns = ({}, {"town_slug": ours.town.slug}) if "town_slug" in address else ({},)
        for values, town in itertools.product(theirs.every(address), towns):
            foreign = fill(address, {**values, **town})
            missing = fill(address, {**MISSING, **town})
            if foreign == missing:
                continue
            client.cookies.pop("messages", None)  # what an earlier act said is told on the next page, once
            if missing not in told:
                told[missing] = shape(getattr(client, method)(missing), missing)
            if told[missing][0] == 405:  # this method is none of the address's: said before anything is looked up
                continue
            answer = shape(getattr(client, method)(foreign), foreign)
            assert answer == told[missing], f"{method} {foreign} as {role}"
            # 400: nothing was said in the body; that is told before anything is looked up.
            assert answer[0] in {302, 400, 401, 403, 404}, f"{method} {foreign} as {role}: {answer[0]}"
            asked += 1
    assert asked > 50


def test_the_matrix_names_every_part_of_an_address() -> None:
    named = {part[1] or part[2] for address in addresses() for part in PART.finditer(address)}
    assert named <= set(MISSING)
    assert Town.objects.count() == 0

"""What this room sends, made from a sample ticket: nothing of it is stored."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hub.conversations.models import Conversation, Message, Side, Visibility
from hub.core.clock import now
from hub.deliveries.models import Channel
from hub.deliveries.previews import Preview, Sample, Subject
from hub.notifications.letter import Letter, Quote
from hub.notifications.samples import citizen, mail_of
from hub.people.models import Person
from hub.tickets import follower_letters, letters, naming, program_letters, queries, service_letters, short_letters
from hub.tickets.mail import opening_of, with_number
from hub.tickets.models import Category, DeskSettings, Follower, Priority, Status, Ticket, Webhook
from hub.towns.models import Service, Town

_REASON = "Ce lampadaire est sur un terrain privé : la commune ne peut pas y travailler."


def build() -> Sequence[Preview]:
    """To the requester, to those who follow, to the service, to who manages."""
    requester, follower, service = _("À la personne qui demande"), _("À qui suit la demande"), _("Au service")
    without = _("À la personne qui demande, sans courriel")
    named: list[tuple[str, str, str | Promise, Callable[[Ticket], Letter]]] = [
        ("receipt", "receipt", requester, lambda ticket: letters.receipt(ticket, _settings(ticket.town))),
        ("started", "started", requester, letters.started),
        ("follow-up", "follow_up", requester, lambda ticket: letters.follow_up(ticket, _message(ticket))),
        ("closed", "closed", requester, _closed),
        ("refused", "refused", requester, lambda ticket: letters.refused(_refused(ticket), _settings(ticket.town))),
        ("reopened", "reopened", requester, letters.reopened),
        ("confirmation", "confirmation", follower, lambda ticket: follower_letters.confirmation(_follower(ticket))),
        ("follower-news", "follow_up", follower, _followed),
        ("follower-closed", "closed", follower, lambda ticket: _left(ticket, follower_letters.ended(ticket))),
        ("follower-refused", "refused", follower, _follower_refused),
        ("assigned", "assigned", service, service_letters.assigned),
        ("internal", "internal", service, lambda ticket: service_letters.internal(ticket, _noted(ticket))),
        ("answered", "answered", service, lambda ticket: service_letters.answered(ticket, _reply(ticket))),
    ]  # fmt: skip
    short: list[tuple[str, str, Callable[[Ticket], str]]] = [
        ("receipt", "receipt", short_letters.receipt),
        ("started", "started", lambda ticket: short_letters.started(ticket, 0)),
        ("follow-up", "follow_up", lambda ticket: short_letters.follow_up(ticket, _message(ticket), 2)),
        ("closed", "closed", lambda ticket: short_letters.closed(_ended(ticket), _settings(ticket.town), 0)),
        ("refused", "refused", lambda ticket: short_letters.refused(_refused(ticket), 0)),
        ("reopened", "reopened", lambda ticket: short_letters.reopened(ticket, 0)),
    ]  # fmt: skip
    return [
        *(
            Preview(f"ticket-{key}-sms", f"ticket_{cause}", Subject.TICKETS, without, partial(_sms, say), Channel.SMS)
            for key, cause, say in short
        ),
        *(
            Preview(f"ticket-{key}", f"ticket_{cause}", Subject.TICKETS, to, partial(_mail, write))
            for key, cause, to, write in named
        ),
        Preview("ticket-due-soon", "ticket_due_soon", Subject.TICKETS, service, _due_soon),
        Preview("webhook-failing", "ticket_webhook_failing", Subject.SITE, _("À qui règle la commune"), _failing),
    ]


def _mail(write: Callable[[Ticket], Letter], town: Town) -> Sample:
    ticket = _ticket(town)
    letter = write(ticket)
    sample = mail_of(replace(letter, opening=opening_of(_settings(town), letter.own)), town)
    return replace(sample, subject=with_number(letter.subject, ticket.number))


def _sms(say: Callable[[Ticket], str], town: Town) -> Sample:
    return Sample(say(_ticket(town, email="", phone="+33612345678")))


def _due_soon(town: Town) -> Sample:
    ticket = _ticket(town)
    other = _ticket(town, number="EX26-00031", title="Nid-de-poule devant l’école", priority=Priority.URGENT)
    assert ticket.service is not None
    return mail_of(service_letters.due_soon(ticket.service, [ticket, other]), town)


def _failing(town: Town) -> Sample:
    webhook = Webhook(
        pk=0, town=town, url="https://programme.example/requetes", failing_since=now() - timedelta(days=3),
        failed_with=503,
    )  # fmt: skip
    return mail_of(program_letters.failing(webhook), town)


def _settings(town: Town) -> DeskSettings:
    """The town's own; the defaults where none were stored, and none are stored now."""
    return DeskSettings.objects.filter(town=town).first() or DeskSettings(town=town)


def _ticket(town: Town, **fields: object) -> Ticket:
    person = citizen()
    given = {
        "number": "EX26-00042", "secret": "EXEMPLE-8K4M", "title": "Lampadaire éteint rue du Four",
        "description": "Le lampadaire devant le 12 ne s’allume plus depuis lundi.", "address": "12, rue du Four",
        "first_name": person.first_name, "last_name": person.last_name, "email": person.email,
        "due_on": queries.today_in(town) + timedelta(days=7), "wants_follow_ups": True, "public": True,
    }  # fmt: skip
    service = Service(pk=0, town=town, name="Voirie")
    category = Category(pk=0, town=town, name="Éclairage public", name_en="Street lighting", service=service)
    talk = Conversation(pk=0, town=town)
    return Ticket(pk=0, town=town, category=category, service=service, requester=person, conversation=talk,
                  **{**given, **fields})  # fmt: skip


def _message(ticket: Ticket) -> Message:
    return Message(
        pk=0, conversation=ticket.conversation, author=_colleague(), side=Side.TOWN, visibility=Visibility.EXTERNAL,
        body="Une équipe passera jeudi matin.\nL’éclairage sera coupé une heure.", system={"service": "Voirie"},
    )  # fmt: skip


def _noted(ticket: Ticket) -> Message:
    return Message(
        pk=0, conversation=ticket.conversation, author=_colleague(), side=Side.TOWN, visibility=Visibility.INTERNAL,
        body="La nacelle est réservée pour jeudi.", system={"service": "Voirie"},
    )  # fmt: skip


def _reply(ticket: Ticket) -> Message:
    return Message(
        pk=0, conversation=ticket.conversation, author=ticket.requester, side=Side.REQUESTER,
        visibility=Visibility.EXTERNAL, body="Merci. Le suivant clignote aussi, devant le 14.",
    )  # fmt: skip


def _colleague() -> Person:
    return Person(pk=0, first_name="Maude", last_name="Lavoie")


def _closed(ticket: Ticket) -> Letter:
    """With what the town said last, which is read from the conversation where there is one."""
    letter = letters.closed(_ended(ticket), _settings(ticket.town))
    said = Quote(naming.speaker_of(_message(ticket), ticket.town), ["L’ampoule est changée."])
    return replace(letter, quote=said)


def _ended(ticket: Ticket) -> Ticket:
    ticket.status, ticket.closed_at = Status.CLOSED_DONE, now()
    return ticket


def _refused(ticket: Ticket) -> Ticket:
    ticket.status, ticket.refusal_reason, ticket.closed_at = Status.CLOSED_REFUSED, _REASON, now()
    return ticket


def _follower(ticket: Ticket) -> Follower:
    return Follower(pk=0, ticket=ticket, email="voisine@exemple.org", secret="exemple")  # noqa: S106 (opens nothing)


def _followed(ticket: Ticket) -> Letter:
    return _left(ticket, follower_letters.news(ticket, _message(ticket)))


def _follower_refused(ticket: Ticket) -> Letter:
    return _left(ticket, follower_letters.ended(_refused(ticket)))


def _left(ticket: Ticket, letter: Letter) -> Letter:
    return replace(letter, leave=follower_letters.way_out(_follower(ticket)))

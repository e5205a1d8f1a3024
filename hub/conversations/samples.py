"""What this room sends, made from sample values: mails about unread messages."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from hub.conversations import unread_push, unread_words
from hub.conversations.models import Conversation, Kind, Message, Part, Participant
from hub.conversations.unread_mail import CAUSE
from hub.core.clock import now
from hub.deliveries.models import Channel
from hub.deliveries.previews import Preview, Sample, Subject
from hub.notifications.mail import Reader
from hub.notifications.samples import citizen, mail_of, mayor
from hub.people.models import Person
from hub.towns.models import Town


def build() -> Sequence[Preview]:
    """Of a private conversation, of a group."""
    return [
        Preview("unread-private", CAUSE, Subject.MESSAGES, _("À la personne qui n’a pas lu"), _private),
        Preview(
            "unread-push",
            unread_push.CAUSE,
            Subject.MESSAGES,
            _("À la personne, sur son appareil"),
            _pushed,
            Channel.PUSH,
        ),
        Preview("unread-group", CAUSE, Subject.MESSAGES, _("À la personne qui n’a pas lu"), _group),
    ]


def _private(town: Town) -> Sample:
    talk = Conversation(pk=0, town=town, kind=Kind.PRIVATE, citizen=citizen())
    return _told(talk, mayor(town), "Le banc de la place est réparé. Merci de nous l’avoir signalé.")


def _pushed(town: Town) -> Sample:
    part = Participant(pk=0, conversation=Conversation(pk=0, town=town, kind=Kind.PRIVATE), part=Part.CITIZEN)
    told = unread_push.said(part, [Message(author=mayor(town), body="Le banc de la place est réparé.")])
    return Sample(f"{told.sentence} {told.detail}", town.name)


def _group(town: Town) -> Sample:
    talk = Conversation(pk=0, town=town, kind=Kind.GROUP, subject="Le marché du samedi")
    neighbour = Person(pk=0, first_name="Paul", last_name="Gauthier")
    return _told(talk, neighbour, "Le maraîcher sera là dès 8 h.", "Qui vient à pied depuis la gare ?")


def _told(talk: Conversation, author: Person, *bodies: str) -> Sample:
    part = Participant(pk=0, conversation=talk, person=citizen(), part=Part.CITIZEN)
    messages = [
        Message(pk=0, conversation=talk, author=author, body=body, at=now() - timedelta(hours=1)) for body in bodies
    ]
    return mail_of(unread_words.letter(Reader(citizen(), talk.town), [(part, messages)]), talk.town)

"""What this room sends, made from sample values: mails of the account, news of a town, spent money, a try."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from hub.core.clock import now
from hub.deliveries.models import Channel, Halt
from hub.deliveries.previews import Preview, Sample, Subject
from hub.notifications import broadcast_mail, broadcast_push, devices, digest, halts, words
from hub.notifications.account_words import LETTERS
from hub.notifications.letter import Letter
from hub.notifications.mail import Reader, laid_out
from hub.notifications.models import Broadcast, Gathered, Kind
from hub.people.models import Person, Role
from hub.towns.models import Country, Grammar, Town


def mayor(town: Town) -> Person:
    """Somebody who might be the town's mayor."""
    feminine = town.mayor_grammar == Grammar.FEMININE
    return Person(pk=0, first_name="Hélène" if feminine else "Étienne", last_name="Carpentier")


def citizen() -> Person:
    """Somebody who might live there."""
    return Person(pk=0, first_name="Inès", last_name="Moreau", email="ines.moreau@exemple.org")


def mail_of(letter: Letter, town: Town | None) -> Sample:
    """As it leaves, in the language that is active."""
    answerable = bool(letter.if_answered and settings.INBOUND_DOMAIN)
    mail = laid_out(replace(letter, answerable=answerable), town)
    return Sample(mail.text, mail.subject, mail.html)


def build() -> Sequence[Preview]:
    """All of them. Two names of one letter (`password_set`) are one preview each: each may leave."""
    account = [
        Preview(name.rpartition("/")[2], name.rpartition("/")[2], Subject.ACCOUNT, _("À la personne"), _account(name))
        for name in LETTERS
    ]
    return [
        *account,
        Preview("new-group", broadcast_mail.CAUSE, Subject.NEWS, _("À qui suit la commune"), _broadcast),
        Preview(
            "new-group-push",
            broadcast_push.CAUSE,
            Subject.NEWS,
            _("À qui suit la commune"),
            _broadcast_push,
            Channel.PUSH,
        ),
        Preview("digest", digest.CAUSE, Subject.NEWS, _("À qui l’a choisi, à 18 h"), _digest),
        Preview(
            "device-test", "device_test", Subject.NEWS, _("À la personne, sur son appareil"), _device, Channel.PUSH
        ),
        Preview("spending", halts.CODE, Subject.SITE, _("À qui règle la commune"), _halt),
    ]


def _account(name: str) -> Callable[[Town], Sample]:
    return partial(_notice, name)


def _notice(name: str, town: Town) -> Sample:
    context: Mapping[str, Any] = {
        "code": "48-KT-92", "town": town, "actor": mayor(town), "role": Role.AGENT.label,
        "from_email": "ines.moreau@ancienne.example", "to_email": citizen().email,
        "deleted_email": "ines.moreau@ancienne.example",
    }  # fmt: skip
    greeting = say("Bonjour %(name)s,") % {"name": citizen().first_name}
    return mail_of(replace(LETTERS[name](context).letter, greeting=greeting), None)


def _broadcast(town: Town) -> Sample:
    told = Broadcast(
        town=town, kind=Kind.NEW_GROUP, code="group_created", actor=mayor(town), what={"title": "Le marché du samedi"},
        path="/groupes/1/", at=now(),
    )  # fmt: skip
    return mail_of(broadcast_mail.letter(told), town)


def _broadcast_push(town: Town) -> Sample:
    told = words.said("group_created", town=town, actor=mayor(town).name, what={"title": "Le marché du samedi"})
    return Sample(told.sentence, town.name)


def _digest(town: Town) -> Sample:
    told = [
        Gathered(
            town=town, kind=Kind.NEW_GROUP, code="group_created", actor=mayor(town), path="/groupes/1/", at=now(),
            what={"title": "Le marché du samedi"},
        ),
        Gathered(
            town=town, kind=Kind.GROUP_MESSAGES, code="group_message", actor=citizen(), path="/messages/1/", at=now(),
            what={"title": "Jardins partagés", "others": "2"},
        ),
    ]  # fmt: skip
    return mail_of(digest.letter(told), town)


def _device(_town: Town) -> Sample:
    title, text = devices.test_words()
    return Sample(text, title)


def _halt(town: Town) -> Sample:
    currency = "CAD" if town.country == Country.CANADA else "EUR"
    halt = Halt(currency=currency, zone=town.time_zone, limit=Decimal(50), at=now())
    return mail_of(halts.letter(halt, Reader(citizen(), town)), town)

"""The mails about what is told to a whole town: written once in each language, one for each who wants it so."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hub.deliveries.actions import Letter as Written
from hub.deliveries.actions import queue_emails, sender_named
from hub.deliveries.links import LEAVE
from hub.notifications import digest, words
from hub.notifications.letter import Button, Letter, Quote
from hub.notifications.mail import laid_out
from hub.notifications.models import Broadcast, Kind
from hub.notifications.queries import wants
from hub.notifications.rules import MAILED_OTHERWISE
from hub.people.models import Membership, Person, Role
from hub.people.queries import may_be_mailed

CAUSE = "broadcast"
WORTH = timedelta(days=2)


def wanted_by_mail(broadcast: Broadcast) -> bool:
    """Whether any of the town's people wants this kind by mail. Of alerts their own room does."""
    return broadcast.kind not in MAILED_OTHERWISE and _readers(broadcast).exists()


def queue_mails(broadcast: Broadcast, *, after: int, up_to: int) -> int:
    """Into the outbox, in the caller's transaction, for followers with these ids; who gets one mail a day has it kept
    for that. Returns how many mails."""
    letters: dict[str, Written] = {}
    asked = list(_readers(broadcast).filter(pk__gt=after, pk__lte=up_to))
    later = digest.who_gathers(broadcast.kind, [person.pk for person in asked])
    digest.gather(
        sorted(later), town=broadcast.town, kind=broadcast.kind, code=broadcast.code, actor_id=broadcast.actor_id,
        what=broadcast.what, path=broadcast.path, at=broadcast.at,
    )  # fmt: skip
    found = [person for person in asked if person.pk not in later]
    for language in {person.language for person in found}:
        letters[language] = _written(broadcast, language)
    queue_emails(
        cause=CAUSE, to=[(person, letters[person.language]) for person in found], expires_in=WORTH,
        headers={"From": sender_named(broadcast.town.name)}, leave=(broadcast.town, {"kind": broadcast.kind}),
    )  # fmt: skip
    return len(found)


def _readers(broadcast: Broadcast) -> QuerySet[Person]:
    """Who follows the town, wants this kind by mail, and has an address that is theirs."""
    follows = Membership.objects.filter(person=OuterRef("pk"), town=broadcast.town_id).exclude(role=Role.OPERATOR)
    wanted = wants(Kind(broadcast.kind), "email", "pk")
    found = Person.objects.filter(Exists(follows), wanted, may_be_mailed())
    return found.exclude(pk=broadcast.actor_id or 0).order_by("pk")


def _written(broadcast: Broadcast, language: str) -> Written:
    town = broadcast.town
    with translation.override(language), timezone.override(town.time_zone):
        return laid_out(letter(broadcast), town)


def letter(broadcast: Broadcast) -> Letter:
    """What it says, in the language that is active."""
    said = words.of(broadcast)
    reason = _(
        "Vous recevez ce courriel parce que vous suivez %(town)s et que vous avez choisi d’apprendre ainsi ce qui s’y "
        "passe."
    )
    return Letter(
        subject=said.sentence,
        quote=Quote("", [said.detail]) if said.detail else None,
        buttons=[Button(_("Voir sur le site"), f"{settings.LINK_BASE}{broadcast.path}")],
        reason=reason % {"town": broadcast.town.name},
        leave=Button(_("Choisir ce qui vous prévient, et où"), LEAVE),
    )

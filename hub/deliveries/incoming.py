"""Words that people send to the town's numbers: STOP, START and HELP are done at once, the others are kept."""

import re
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from channels_adapters.base import Incoming
from hub.core.clock import now, shared_now
from hub.core.ids import new_key
from hub.core.typography import phone
from hub.deliveries import gsm, keywords
from hub.deliveries.events import SmsChanged
from hub.deliveries.keywords import Word
from hub.deliveries.models import Channel, Delivery, Did, Dispatch, InboundSms, Lane, Suppression, Why
from hub.deliveries.tasks import nudge
from hub.people.models import Person, Phone
from hub.streams import topics
from hub.streams.actions import unit
from hub.towns.models import Town

# Whom other words are for: given what came in, whether they took it. What nobody takes is kept.
Listener = Callable[[InboundSms], bool]
_listeners: list[Listener] = []

log = structlog.get_logger(__name__)

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_WORTH = timedelta(days=1)
# Two machines that answer each other end here.
_HELPED_A_DAY = 3


def learn(listener: Listener, *, first: bool = False) -> None:
    """Remember who is told of words that are no keyword, in the transaction that keeps them.

    `first`: asked before all others, for what only says anything as an answer to them.
    """
    if listener not in _listeners:
        _listeners.insert(0 if first else len(_listeners), listener)


def take(provider: str, words: Incoming) -> None:
    """Do what they ask, and answer once. Calling it again with the same changes nothing and sends nothing."""
    with unit() as work:
        row, new = InboundSms.objects.get_or_create(
            provider=provider, provider_id=words.provider_id[:200] or new_key(),
            defaults={"sender": words.sender[:20], "to": words.to[:20], "text": _text(words), "at": now()},
        )  # fmt: skip
        if not new:
            return
        asked = keywords.read(words.text)
        if asked and _NUMBER.fullmatch(words.sender):
            row.did = _do(asked[0], words.sender)
            row.save(update_fields=["did"])
            if row.did != Did.NOTHING:
                _answer(words.sender, Did(row.did), told=asked[1])
        elif any(listener(row) for listener in _listeners):
            row.did = Did.NOTHING  # nobody has to read it here
            row.save(update_fields=["did"])
        else:
            row.town = _whose(words.sender)
            row.save(update_fields=["town"])
            if row.town is not None:
                work.publish(topics.desk(row.town.slug), lambda _number: SmsChanged())
        log.info("deliveries.incoming", provider=provider, did=str(row.did))


def _text(words: Incoming) -> str:
    """What they wrote, and that pictures came along, which are not fetched."""
    said = words.text.replace("\x00", "").strip()
    if not words.pictures:
        return said
    town = _whose(words.sender)
    with override(town.languages[0] if town and town.languages else "fr"):
        lost = ngettext("(photo non reçue)", "(%(count)d photos non reçues)", words.pictures)
    return f"{said}\n{lost % {'count': words.pictures}}".strip()


def _do(word: Word, number: str) -> Did:
    theirs = Suppression.objects.filter(channel=Channel.SMS, address=number)
    if word is Word.STOP:
        _row, new = Suppression.objects.get_or_create(
            channel=Channel.SMS, address=number, defaults={"why": Why.STOPPED, "at": now()}
        )
        return Did.STOPPED if new else Did.NOTHING
    if word is Word.START:
        return Did.RESUMED if theirs.filter(why=Why.STOPPED).delete()[0] else Did.NOTHING
    day = now() - timedelta(days=1)
    helped = InboundSms.objects.filter(sender=number, did=Did.HELPED, at__gte=day).count()
    return Did.HELPED if helped < _HELPED_A_DAY else Did.NOTHING


def _answer(number: str, did: Did, *, told: str) -> None:
    """In their language, else that of the word, else the town's. It leaves although nothing else does."""
    person = _who(number)
    town = _whose(number)
    language = person.language if person else told or (town.languages[0] if town and town.languages else "fr")
    with override(language):
        text = gsm.plain(answer_words(did, town), strip=True)
    at = shared_now()
    Delivery.objects.create(
        dispatch=Dispatch.objects.create(cause=f"sms_{did}", town=town), person=person, channel=Channel.SMS,
        lane=Lane.TRANSACTIONAL, address=number, text=text, despite=True, next_at=at, expires_at=at + _WORTH,
    )  # fmt: skip
    transaction.on_commit(lambda: nudge(Channel.SMS), robust=True)


def answer_words(did: Did, town: Town | None) -> str:
    """What a word by SMS is answered, in the language that is active."""
    named = {"town": town.name if town else settings.LINK_BASE.partition("://")[2], "phone": ""}
    if did == Did.STOPPED:
        return _("%(town)s : c’est noté, vous ne recevrez plus de SMS. Pour les reprendre, répondez REPRENDRE.") % named
    if did == Did.RESUMED:
        return _("%(town)s : c’est noté, vous recevez de nouveau les SMS. Pour les arrêter, répondez STOP.") % named
    if town and town.phone:
        named["phone"] = phone(town.phone)
        return _("%(town)s : la mairie répond au %(phone)s. Pour ne plus recevoir de SMS, répondez STOP.") % named
    return _("%(town)s : pour ne plus recevoir de SMS, répondez STOP.") % named


def _who(number: str) -> Person | None:
    """Whose number it is; of several who share it, whose first one it is."""
    found = Phone.objects.filter(number=number, person__is_active=True).select_related("person")
    first = found.order_by("position", "pk").first()
    return first.person if first else None


def _whose(number: str) -> Town | None:
    """The town that its words are for: the one that wrote to it last; else the first one of whose number it is, or the
    only one that there is."""
    sent = Delivery.objects.filter(channel=Channel.SMS, address=number, dispatch__town__isnull=False)
    if last := sent.select_related("dispatch__town").order_by("-created_at").first():
        return last.dispatch.town
    person = _who(number)
    if person and (member := person.memberships.select_related("town").order_by("created_at").first()):
        return member.town
    return Town.objects.get() if Town.objects.count() == 1 else None

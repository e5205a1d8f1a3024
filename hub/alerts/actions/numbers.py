"""Showing that a number is one's own: a code goes there, and is typed here.

Sending codes to dear numbers is a trade: what leaves is counted per number, per person, per address of the net and for
the whole hub, and goes to countries of the hub's towns alone. Nobody is told whether somebody else has the number:
households share them.
"""

import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from hub.alerts import rules
from hub.alerts.models import NumberCode
from hub.alerts.queries import own_phone
from hub.core import limits
from hub.core.clock import now
from hub.core.errors import Conflict, Invalid, RateLimited, Unavailable
from hub.deliveries import gsm
from hub.deliveries.actions import queue_call, queue_sms
from hub.deliveries.models import Channel
from hub.deliveries.queries import channel_is_open
from hub.people.actions import prove_phone
from hub.people.models import Person, Phone

_KEPT_AFTER = timedelta(days=1)


def open_ways(number: str) -> list[str]:
    """By which means a code can leave for this number now, the better one first.

    Raises `Invalid`: by none, ever; `Unavailable`: not yet.
    """
    ways = rules.ways_to(number)
    if not ways:
        raise Invalid(_("Les codes ne partent que vers la France et le Canada, et pas vers les numéros surtaxés."))
    if found := [way for way in ways if channel_is_open(way)]:
        return found
    if Channel.SMS in ways:
        raise Unavailable(_("Ce site n’envoie pas encore de SMS : ce numéro ne peut pas être vérifié pour l’instant."))
    raise Unavailable(_("Ce numéro n’est pas un portable : il ne peut pas encore être vérifié."))


def send_code(*, actor: Person, phone_id: int, address: str, by: str = "") -> NumberCode:
    """Send a code to one of the actor's own numbers. `address`: from where on the net they ask; `by`: the means, when
    they chose one that is open (in Canada nobody can tell a mobile by its number).

    The former code is worth nothing any more. Raises `NotFound`, `Conflict` (verified already), `RateLimited` (a minute
    has not passed, or too many left), and as `open_ways`.
    """
    phone = own_phone(actor, phone_id)
    if phone.verified_at is not None:
        raise Conflict(_("Ce numéro est déjà vérifié."))
    ways = open_ways(phone.number)
    way = by if by in ways else ways[0]
    _wait_a_minute(actor, phone)
    limits.hit(limits.CODES_TO_NUMBER, phone.number)
    limits.hit(limits.CODES_OF_PERSON, actor.pk)
    limits.hit(limits.CODES_FROM_ADDRESS, address)
    limits.hit(limits.CODES_OF_HUB, "all")
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}}"
    at = now()
    with transaction.atomic():
        kept, _made = NumberCode.objects.update_or_create(
            person=actor, number=phone.number,
            defaults={
                "channel": way, "digest": _digest(actor, phone.number, code), "sent_at": at,
                "expires_at": at + rules.CODE_LIFE, "tries": 0,
            },
        )  # fmt: skip
        _leave(actor, phone.number, code, way)
    return kept


def confirm_number(*, actor: Person, phone_id: int, code: str) -> None:
    """The actor types what they got: the number is theirs. Raises `Invalid` (`code`), `NotFound`."""
    phone = own_phone(actor, phone_id)
    if phone.verified_at is not None:
        return
    with transaction.atomic():
        kept = NumberCode.objects.select_for_update().filter(person=actor, number=phone.number).first()
        alive = kept is not None and kept.expires_at > now() and kept.tries < rules.CODE_TRIES
        right = False
        if kept is not None and alive:
            right = constant_time_compare(kept.digest, _digest(actor, phone.number, rules.typed(code)))
            kept.tries += 1
            kept.save(update_fields=["tries"])
        if kept is not None and right:
            kept.delete()
            prove_phone(person=actor, number=phone.number)
    # Said outside: a try counts, whatever comes of it.
    if not alive:
        raise Invalid(_("Ce code n’est plus valable. Demandez-en un autre."), field="code")
    if not right:
        raise Invalid(_("Ce n’est pas le bon code. Vérifiez le dernier message reçu."), field="code")


def forget_codes() -> int:
    """Delete codes of which nothing is left to say. Returns how many. Safe to repeat."""
    return NumberCode.objects.filter(expires_at__lt=now() - _KEPT_AFTER).delete()[0]


def _wait_a_minute(actor: Person, phone: Phone) -> None:
    kept = NumberCode.objects.filter(person=actor, number=phone.number).first()
    left = (kept.sent_at + rules.CODE_AGAIN_AFTER - now()).total_seconds() if kept else 0
    if left > 0:
        raise RateLimited(retry_after_s=round(left, 1))


def _leave(person: Person, number: str, code: str, way: str) -> None:
    """Into the outbox, in the person's language."""
    with translation.override(person.language):
        sms, heard = code_words(code)
    if way == Channel.VOICE:
        queue_call(cause="number_code", to=number, text=heard, person=person, expires_in=rules.CODE_LIFE)
        return
    queue_sms(cause="number_code", to=number, text=sms, person=person, expires_in=rules.CODE_LIFE)


def code_words(code: str) -> tuple[str, str]:
    """What the SMS says, and the call. An SMS's last line lets a phone type it by itself (WebOTP)."""
    said = _("Parvis : votre code est %(code)s.")
    text, heard = said % {"code": rules.spaced(code)}, said % {"code": ", ".join(code)}
    host = urlsplit(settings.LINK_BASE).hostname or ""
    return gsm.plain(f"{text}\n\n@{host} #{code}"), heard


def _digest(person: Person, number: str, code: str) -> str:
    return salted_hmac("hub.alerts.number", f"{person.pk} {number} {code}", algorithm="sha256").hexdigest()

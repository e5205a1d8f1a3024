"""What can be wanted of a town's alerts, where they may go, and how a number is shown to be one's own. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

import phonenumbers
from phonenumbers import PhoneNumberType

from hub.core.phones import takes_sms
from hub.deliveries.models import Channel

# Means of contact (S28), in the order in which people see them.
CHANNELS: tuple[str, ...] = (Channel.SMS, Channel.EMAIL, Channel.PUSH, Channel.VOICE)
# Calls are for emergency measures (S33).
ONLY_EMERGENCIES = frozenset({Channel.VOICE.value})
# Those by which a first phone is reached (S9).
BY_PHONE = frozenset({Channel.SMS.value, Channel.VOICE.value})

NAME_MAX = 60
THEMES_MAX = 40  # in use at once


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to be told of a town's alerts: which themes, or all, those to come too (S26), and how."""

    themes: frozenset[int] = frozenset()
    all_themes: bool = False
    channels: frozenset[str] = frozenset()

    @property
    def in_order(self) -> list[str]:
        """The means as they are kept."""
        return [channel for channel in CHANNELS if channel in self.channels]


NOTHING = Wanted()


def on_sign_up(first_number: str) -> Wanted:
    """What who signs up is told until they say otherwise: all, by mail, and by SMS if they gave a mobile (S15)."""
    sms = {Channel.SMS.value} if first_number and takes_sms(first_number) else set()
    return Wanted(all_themes=True, channels=frozenset({Channel.EMAIL.value} | sms))


def never_said(*, email: bool, first_number: str, device: bool) -> Wanted:
    """What holds for who never said what they want: nothing but dangers, by all that they gave. Giving a mobile is
    what authorises SMS (S15); calls go where no SMS can."""
    sms = bool(first_number) and takes_sms(first_number)
    given = {
        Channel.SMS.value: sms, Channel.EMAIL.value: email, Channel.PUSH.value: device,
        Channel.VOICE.value: bool(first_number) and not sms,
    }  # fmt: skip
    return Wanted(channels=frozenset(channel for channel, known in given.items() if known))


def without_theme(wanted: Wanted, theme: int, themes: Iterable[int]) -> Wanted:
    """The same without one. Of who wanted all, the others that there are (`themes`) are left, and none to come."""
    kept = frozenset(themes) if wanted.all_themes else wanted.themes
    return Wanted(kept - {theme}, all_themes=False, channels=wanted.channels)


def channels_for(*, emergency: bool) -> list[str]:
    """By which means an alert may go."""
    return [channel for channel in CHANNELS if emergency or channel not in ONLY_EMERGENCIES]


# A number is shown to be one's own by a code.

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODE_AGAIN_AFTER = timedelta(seconds=60)

# Where the hub's towns are: France with what lies overseas, Canada. Codes go nowhere else: who sends many to dear
# numbers far away earns from each.
COUNTRIES = frozenset({"FR", "GP", "GF", "MQ", "RE", "YT", "PM", "BL", "MF", "CA"})
_RUNG = frozenset(
    {
        PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP, PhoneNumberType.PERSONAL_NUMBER,
    }
)  # fmt: skip


def ways_to(number: str) -> tuple[str, ...]:
    """By which means a code may go to a number in E.164, the better one first; none abroad, and to none that costs."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return ()
    if phonenumbers.region_code_for_number(parsed) not in COUNTRIES:
        return ()
    if phonenumbers.number_type(parsed) not in _RUNG:
        return ()
    return (Channel.SMS, Channel.VOICE) if takes_sms(number) else (Channel.VOICE,)


def spaced(code: str) -> str:
    """« 123 456 »: easier to read, and to keep in mind for a moment."""
    return f"{code[:3]} {code[3:]}"


def typed(said: str) -> str:
    """The digits of what somebody typed or pasted."""
    return "".join(sign for sign in said if sign.isascii() and sign.isdigit())


# On a page that a link opens, whoever holds it.


def initials(first_name: str, last_name: str) -> str:
    """« A. T. »; « — » without a name."""
    return " ".join(f"{name[0].upper()}." for name in (first_name.strip(), last_name.strip()) if name) or "—"


def masked_number(number: str) -> str:
    """« •• 42 »: its owner knows it again."""
    return f"•• {number[-2:]}" if number else ""


def masked_email(email: str) -> str:
    """« a•••@citoyen.example »."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}" if domain else ""


def unknown(said: Collection[str]) -> set[str]:
    """Those of them that are no means of contact."""
    return set(said) - set(CHANNELS)

"""What stands under an SMS that is being written: how many it makes, why, what it costs, and how to write it for less.

The page tells it by itself as one types (`static/deliveries/sms_meter.js`), in the same words and figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency
from django.utils.translation import gettext as _

from hub.deliveries import gsm
from hub.deliveries.gsm import Measure

# What a form that has the meter sends to have its text written plainly: the field, « simple » or « bare ».
FIELD = "sms_plain"


@dataclass(frozen=True)
class Offer:
    """The same for less. `how`: « simple » loses nothing, « bare » accents and pictures."""

    how: str
    text: str
    label: str
    keep: str
    segments: int


@dataclass(frozen=True)
class Meter:
    """`bars`: of each SMS (what it holds, of so many, in words). `each`: what one SMS to everybody costs, by currency.
    `words`: for the page's own script."""

    measure: Measure
    sentence: str
    characters: str
    bars: tuple[tuple[int, int, str], ...]
    offer: Offer | None
    each: Mapping[str, str]
    locale: str
    words: Mapping[str, str]


def read(text: str, *, locale: str = "fr_FR", each: Mapping[str, Decimal] | None = None) -> Meter:
    """The meter of a text, in the language that is active. `each`: `prices.cost` of a text of one SMS, when it is known
    to whom it goes. `locale`: a Babel name, for money."""
    measured, said = gsm.measure(text), words()
    money = {currency: amount for currency, amount in (each or {}).items() if amount}
    offer = _offer(text, measured, said)
    bars = (
        (fill, measured.room, said["bar"].format(number=number, fill=fill, room=measured.room))
        for number, fill in enumerate(measured.fills, 1)
    )
    characters = said["character" if len(text) == 1 else "characters"].format(count=len(text))
    sentence = f"{_sentence(measured, offer, said)} {_cost(measured, offer, said, money, locale)}".strip()
    told = {currency: str(amount) for currency, amount in money.items()}
    return Meter(measured, sentence, characters, tuple(bars), offer, told, locale.replace("_", "-"), said)


def rewritten(text: str, how: str) -> str:
    """The text as the form's button asks for it."""
    return gsm.plain(text, strip=how == "bare")


def words() -> dict[str, str]:
    """Every sentence, with its fields; the script fills them in as we do."""
    return {
        "none": _("Aucun SMS."),
        "one": _("1 SMS par personne."),
        "many": _("{count} SMS par personne."),
        "than_one": _("{count} SMS par personne au lieu d’un, {why}."),
        "than_many": _("{count} SMS par personne au lieu de {fewer}, {why}."),
        "letter": _("à cause de la lettre « {letter} » dans « {word} »"),
        "sign": _("à cause du signe « {letter} »"),
        "space": _("à cause d’une espace insécable"),
        "and_one": _("{why} et d’un autre signe"),
        "and_many": _("{why} et de {others} autres signes"),
        "costs": _("Coût : {cost}."),
        "costs_less": _("Coût : {cost} au lieu de {less}."),
        "and": _("{first} et {second}"),
        "bar": _("SMS {number} : {fill} sur {room}"),
        "simple": _("Écrire plus simplement : {count} SMS"),
        "plain": _("Écrire sans accent : {count} SMS"),
        "bare": _("Écrire sans accent ni image : {count} SMS"),
        "keep": _("Garder le « {letter} »"),
        "keep_all": _("Garder ce texte"),
        "character": _("{count} caractère"),
        "characters": _("{count} caractères"),
    }


def _offer(text: str, measured: Measure, said: Mapping[str, str]) -> Offer | None:
    """What makes fewer SMS of it; what loses nothing comes first."""
    if not measured.costly:
        return None
    simple, bare = gsm.plain(text), gsm.plain(text, strip=True)
    simply, barely = gsm.measure(simple), gsm.measure(bare)
    if min(simply.segments, barely.segments) >= measured.segments:
        return None
    letters = {one.letter for one in measured.costly}
    keep = said["keep_all"] if len(letters) > 1 or not _shows(measured.costly[0].letter) else said["keep"]
    kept = keep.format(letter=measured.costly[0].letter)
    if simply.segments <= barely.segments:
        label = said["simple"].format(count=simply.segments)
        return Offer("simple", simple, label, kept, simply.segments)
    lost = any(not gsm.plain(one.letter, strip=True) for one in simply.costly)
    label = said["bare" if lost else "plain"].format(count=barely.segments)
    return Offer("bare", bare, label, kept, barely.segments)


def _sentence(measured: Measure, offer: Offer | None, said: Mapping[str, str]) -> str:
    count = measured.segments
    if offer is None:
        return said["none" if not count else "one" if count == 1 else "many"].format(count=count)
    form = said["than_one" if offer.segments == 1 else "than_many"]
    return form.format(count=count, fewer=offer.segments, why=_why(measured, said))


def _why(measured: Measure, said: Mapping[str, str]) -> str:
    first = measured.costly[0]
    if not _shows(first.letter):
        why = said["space"]
    elif first.word == first.letter:
        why = said["sign"].format(letter=first.letter)
    else:
        why = said["letter"].format(letter=first.letter, word=first.word)
    others = len({one.letter for one in measured.costly}) - 1
    if not others:
        return why
    return said["and_one" if others == 1 else "and_many"].format(why=why, others=others)


def _shows(letter: str) -> bool:
    """Whether there is anything to see of it."""
    return gsm.plain(letter).strip() != ""


def _cost(
    measured: Measure, offer: Offer | None, said: Mapping[str, str], each: Mapping[str, Decimal], locale: str
) -> str:
    if not each or not measured.segments:
        return ""
    cost = _money(each, measured.segments, said, locale)
    if offer is None:
        return said["costs"].format(cost=cost)
    return said["costs_less"].format(cost=cost, less=_money(each, offer.segments, said, locale))


def _money(each: Mapping[str, Decimal], segments: int, said: Mapping[str, str], locale: str) -> str:
    sums = [format_currency(amount * segments, currency, locale=locale) for currency, amount in sorted(each.items())]
    *before, last = sums
    return said["and"].format(first=", ".join(before), second=last) if before else last

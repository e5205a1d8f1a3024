"""Before something is read by everybody: does it tell who asked (S100)? Pure: no query, no clock.

Words are compared folded and whole: « TRÉMBLAY » is found for Tremblay, « Tremblayville » is not. A name that is a word
of every day too (Rose, Petit, Lake) is one where it is written as one: with a capital inside a sentence, after « M. »
or « Mme », or beside the other name; a month beside a number (May 12) is a date. Telephone numbers are found however
they are spaced, at home or with their country.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from hub.core import typography
from hub.core.errors import Conflict
from hub.core.folding import folded
from hub.core.phones import parts_of_phone
from hub.tickets.models import Ticket
from hub.tickets.words_as_names import COMMON, MONTHS


class Detail(StrEnum):
    """What of the requester is told; NEIGHBOUR: anything of who asked for a ticket that stands under this one."""

    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    PHONE = "phone"
    NEIGHBOUR = "neighbour"


@dataclass(frozen=True)
class Reveal:
    """One thing that tells who asked, as people read it."""

    detail: Detail
    text: str


class NamesRequester(Conflict):
    """What would be published tells who asked. `mendable`: all of it may still be written otherwise."""

    code = "names_requester"

    def __init__(self, found: Sequence[Reveal], *, mendable: bool = True) -> None:
        self.found, self.mendable = tuple(found), mendable
        said = [_sentence(one) for one in found]
        if not mendable:
            said.append(_("C’est écrit dans un suivi déjà envoyé, ou dans le motif du refus."))
        super().__init__(" ".join(said))


def _sentence(one: Reveal) -> str:
    sentence = {
        Detail.FIRST_NAME: _("Le prénom du demandeur, « %(text)s », serait lu par tout le monde."),
        Detail.LAST_NAME: _("Le nom du demandeur, « %(text)s », serait lu par tout le monde."),
        Detail.EMAIL: _("Le courriel du demandeur, « %(text)s », serait lu par tout le monde."),
        Detail.PHONE: _("Le téléphone du demandeur, « %(text)s », serait lu par tout le monde."),
        Detail.NEIGHBOUR: _("« %(text)s », du demandeur d’une requête réunie, serait lu par tout le monde."),
    }[one.detail]
    return sentence % {"text": one.text}


@dataclass(frozen=True)
class _Word:
    """A word of a text, folded. `begins`: a sentence; `named`: written as a name is."""

    text: str
    begins: bool
    named: bool


def revealed(ticket: Ticket, texts: Iterable[str]) -> list[Reveal]:
    """What these texts tell of who asked, each thing once. Of who is anonymous nothing is known, nor found."""
    shown = "\n".join(_visible(text) for text in texts if text)
    plain, words = folded(shown), list(_read(shown))
    return list(dict.fromkeys(_in(ticket, plain, words))) if words else []


def revealed_of_others(tickets: Iterable[Ticket], texts: Sequence[str]) -> list[Reveal]:
    """The same of those who asked for tickets under it."""
    found = [Reveal(Detail.NEIGHBOUR, one.text) for ticket in tickets for one in revealed(ticket, texts)]
    return list(dict.fromkeys(found))


def _in(ticket: Ticket, plain: str, words: Sequence[_Word]) -> Iterator[Reveal]:
    whole = [_words(folded(name)) for name in (ticket.first_name, ticket.last_name)]
    both = all(whole) and any(_places(words, one + other) for one, other in (whole, whole[::-1]))
    for detail, name in ((Detail.FIRST_NAME, ticket.first_name), (Detail.LAST_NAME, ticket.last_name)):
        if told := name if both else _told_name(words, name):
            yield Reveal(detail, told)
    if ticket.email and re.search(rf"(?<![\w.+-]){re.escape(folded(ticket.email))}(?!\w|[.-]\w)", plain):
        yield Reveal(Detail.EMAIL, ticket.email)
    for phone in (ticket.phone, ticket.phone2):
        if phone and _holds_phone(plain, phone):
            yield Reveal(Detail.PHONE, typography.phone(phone))


# Names.

# What sentences are made of too: alone they name nobody, « Le » is a name in Hué and a word in Paris.
_SMALL = frozenset(
    """
    a au aux ben bin ce ces d da de del den der des di do dos du el elle en et eu il ils in is it je l la le les lui
    ma mac me mes mon ne ni non nos on or os ou par pas pour qui sa saint sainte se ses si son st ste sur ta te the
    to tu un une va van von vos vu
    """.split()  # noqa: SIM905 (a list of them reads worse)
)
_PART = 3  # letters that a part of a name has at least: « Luc » of Jean-Luc, not « Le » of Le Roux


def _told_name(words: Sequence[_Word], name: str) -> str:
    """The name, or the first of its parts, that is among these words; "" for none."""
    parts = _words(unicodedata.normalize("NFC", name))
    whole = [folded(part) for part in parts]
    alone = len(whole) == 1 and _is_small(whole[0])
    if whole and not alone and any(_is_name(words[at : at + len(whole)]) for at in _places(words, whole)):
        return name
    found = (
        part for part, word in zip(parts, whole, strict=True)
        if len(word) >= _PART and not _is_small(word) and any(_is_name([one]) for one in words if one.text == word)
    )  # fmt: skip
    return next(found, "")


def _is_name(found: Sequence[_Word]) -> bool:
    """Whether these words, which are somebody's name, are written as one where they stand."""
    doubtful = [one for one in found if one.text in COMMON]
    certain = [one for one in found if not (one.text in COMMON or _is_small(one.text))]
    return bool(certain) or not doubtful or any(one.named for one in doubtful)


def _is_small(word: str) -> bool:
    return len(word) < 2 or word in _SMALL


def _places(words: Sequence[_Word], sought: Sequence[str]) -> list[int]:
    """Where these words stand side by side in a sentence."""
    texts, wide = [one.text for one in words], len(sought)
    places = (at for at in range(len(texts) - wide + 1) if texts[at : at + wide] == list(sought))
    return [at for at in places if not any(one.begins for one in words[at + 1 : at + wide])]


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


# What stands before a name. Their full stop ends no sentence, nor does that of « St. » or of an initial.
_TITLES = frozenset("m mm mme mmes mlle mlles mr mrs ms dr monsieur madame mademoiselle docteur".split())  # noqa: SIM905
_SHORTENED = _TITLES | {"st", "ste"}
_WORD, _END = re.compile(r"[^\W_]+"), re.compile(r"[.!?…\n]")
# « le 12 Mai », “the 12th of May”; “May 12”, “May 2027”.
_DAY_BEFORE, _NUMBER_AFTER = re.compile(r"\d(?:er|st|nd|rd|th)? +(?:of +)?$"), re.compile(r" +\d")


def _read(text: str) -> Iterator[_Word]:
    """The words of a text, in order."""
    apart = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    before, end = "", 0
    for found in _WORD.finditer(apart):
        between = apart[end : found.start()]
        ends_none = before in _SHORTENED or (len(before) == 1 and before.isalpha())
        begins = not before or bool(_END.search(between.replace(".", "", 1) if ends_none else between))
        word = folded(found[0])
        capital = found[0][0].isupper() and not begins and not (word in MONTHS and _is_dated(apart, found))
        yield _Word(word, begins, before in _TITLES or capital)
        before, end = word, found.end()


def _is_dated(text: str, month: re.Match[str]) -> bool:
    return bool(_DAY_BEFORE.search(text[: month.start()][-12:]) or _NUMBER_AFTER.match(text, month.end()))


def _visible(text: str) -> str:
    """Without what nobody sees: a soft hyphen hides no name."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


# Telephone numbers.

_BETWEEN = r"[\s().,/·‐-―-]{0,3}"


def _holds_phone(plain: str, number: str) -> bool:
    country, national = parts_of_phone(number)
    digits = _BETWEEN.join(national)
    before = rf"(?:(?:\+|00)?{country}{_BETWEEN}(?:0{_BETWEEN})?|0{_BETWEEN})?"
    return re.search(rf"(?<!\d){before}{digits}(?!\d)", plain) is not None

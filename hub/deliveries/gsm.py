"""What a text weighs as SMS, and how it weighs less (3GPP TS 23.038, 6.2.1; TS 23.040, 9.2.3.24.1). Pure.

In the phone network's own alphabet of 7 bits an SMS holds 160 characters; one sign from elsewhere makes it 70. « ê »,
« ç » and « ’ » are from elsewhere, « é », « è », « à » and « ù » are not. The same is told in the browser as one types
(`static/deliveries/sms_meter.js`), and a test holds the two together.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from channels_adapters.gsm_alphabet import ALPHABET, EXTENDED

ONE_SMS = 160  # what one holds
EACH_OF_SEVERAL = 153  # what each holds when they are several, put together again by the phone


class Encoding(StrEnum):
    """How it travels."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


_ROOM = {Encoding.GSM7: (ONE_SMS, EACH_OF_SEVERAL), Encoding.UCS2: (70, 67)}


@dataclass(frozen=True)
class Costly:
    """A letter from elsewhere, the word that it stands in, and where: counted in characters from 0."""

    letter: str
    word: str
    position: int


@dataclass(frozen=True)
class Measure:
    """What a text weighs. `units`: the places that it takes; `left`: those that are free in its last SMS; `fills`: what
    each SMS holds, of `room` at most. `costly`: what makes it UCS-2, in order; without it none of it would be."""

    encoding: Encoding
    segments: int
    units: int
    left: int
    costly: tuple[Costly, ...]
    fills: tuple[int, ...]
    room: int


def measure(text: str) -> Measure:
    """Of an empty one: no SMS. A sign of two places is never split over two SMS."""
    encoding = Encoding.GSM7 if set(text) <= ALPHABET else Encoding.UCS2
    sizes = [_places(letter, encoding) for letter in text]
    units = sum(sizes)
    one, each = _ROOM[encoding]
    fills = _filled(sizes, each) if units > one else [units] if units else []
    room = one if len(fills) < 2 else each
    left = room - fills[-1] if fills else one
    return Measure(encoding, len(fills), units, left, tuple(_costly(text)), tuple(fills), room)


def _places(letter: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM7:
        return 2 if letter in EXTENDED else 1
    return 2 if ord(letter) > 0xFFFF else 1  # a pair of surrogates


def _filled(sizes: list[int], room: int) -> list[int]:
    fills = [0]
    for size in sizes:
        if fills[-1] + size > room:
            fills.append(0)
        fills[-1] += size
    return fills


_SPACES = r" \t\n\r\f\v\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_AROUND = ".,;:!?()[]\"'«»“”"  # what stands by a word, and is none of it
_WORD = re.compile(rf"[^{_SPACES}]+")


def _costly(text: str) -> Iterator[Costly]:
    at = 0
    for found in _WORD.finditer(text):
        yield from _in_spaces(text, at, found.start())
        word = found[0].strip(_AROUND)
        for position in range(found.start(), found.end()):
            if (letter := text[position]) not in ALPHABET:
                yield Costly(letter, word if letter in word else letter, position)
        at = found.end()
    yield from _in_spaces(text, at, len(text))


def _in_spaces(text: str, start: int, end: int) -> Iterator[Costly]:
    return (Costly(text[at], text[at], at) for at in range(start, end) if text[at] not in ALPHABET)


# Weighing less. What stands for the same, so that nobody reads anything else.
_SAME = {
    "’": "'", "‘": "'", "‛": "'", "′": "'", "´": "'", "“": '"', "”": '"', "„": '"', "″": '"', "«": '"', "»": '"',
    "‹": "'", "›": "'", "–": "-", "—": "-", "‐": "-", "\u2011": "-", "−": "-", "•": "-", "·": "-", "…": "...",
    "œ": "oe", "Œ": "OE", "×": "x", "²": "2", "³": "3", "½": "1/2", "¼": "1/4", "¾": "3/4", "№": "no",
    "\t": " ", "\v": " ", "\u00a0": " ", "\u2007": " ", "\u2008": " ", "\u2009": " ", "\u200a": " ", "\u2002": " ",
    "\u2003": " ", "\u2004": " ", "\u2005": " ", "\u2006": " ", "\u202f": " ", "\u205f": " ", "\u3000": " ",
    "\u2028": "\n", "\u2029": "\n",
}  # fmt: skip
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")  # where a word may break, or not
_QUOTE_IN = re.compile("«[ \u00a0\u2009\u202f]?")
_QUOTE_OUT = re.compile("[ \u00a0\u2009\u202f]?»")
_BEGINS = re.compile("Œ(?=[a-zà-ÿ])")
_NUMBERS = re.compile("(?<=[nN])°")
_BREAKS = re.compile("\r+\n")
# What has no accent to lose.
_NEAR = {
    "°": "o",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "Th",
    "ı": "i",
    "ẞ": "SS",
}


def plain(text: str, *, strip: bool = False) -> str:
    """The same words in less room: « ’ » becomes « ' », « œ » « oe », the spaces of typography plain ones.

    `strip`: all of it in the network's alphabet: « ê » becomes « e », « ç » « c »; a picture is left out. Calling it
    again changes nothing.
    """
    said = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    said = _QUOTE_OUT.sub('"', _QUOTE_IN.sub('"', _BEGINS.sub("Oe", _NUMBERS.sub("o", said))))
    said = unicodedata.normalize("NFC", "".join(_SAME.get(letter, letter) for letter in said))
    if strip:
        said = "".join(_stripped(letter) for letter in said.replace("°C", "C"))
    return _BREAKS.sub("\n", said)


def _stripped(letter: str) -> str:
    if letter in ALPHABET:
        return letter
    if letter in _NEAR:
        return _NEAR[letter]
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if part in ALPHABET)


def length(text: str) -> int:
    """How many of the 160 places a text of that alphabet takes."""
    return sum(2 if letter in EXTENDED else 1 for letter in text)

"""The letters of a proof: of one free font, Noto Sans, of which the document carries those that it needs.

So names keep theirs: « Nguyễn », « Łukaszewicz », « Uapashkᵘ ». What it does not have, as Inuktitut and Cree
syllabics, comes from a free font of the machine where there is one (`ELSEWHERE`), else it is a « ? ».
"""

import tempfile
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import fontpkg
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

# Where DejaVu Sans, or Noto's syllabics, stand in what Debian, Fedora, Alpine and Arch bring.
ELSEWHERE = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSansCanadianAboriginal-Regular.ttf",
)  # fmt: skip
MORE = "more"  # the style under which `fonts` names it

_WEIGHTS = {"": 400, "B": 700}
_ALWAYS = "0123456789?"  # pages are numbered at the end
_FINE = str.maketrans({"\u202f": "\u00a0", "\u2011": "-", "\u2212": "-", "→": ">", "✓": "x"})


@cache
def _has(path: str) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _own() -> str:
    return str(fontpkg.path("Noto Sans"))


def _elsewhere() -> str | None:
    return next((path for path in ELSEWHERE if Path(path).exists()), None)


def writable(words: Any) -> str:
    """The words in letters that can be written."""
    text = unicodedata.normalize("NFC", str(words).translate(_FINE))
    if text.isascii():
        return text
    more = _elsewhere()
    there = _has(_own()) | (_has(more) if more else frozenset())
    return "".join(letter if letter == "\n" or ord(letter) in there else "?" for letter in text)


@contextmanager
def fonts(letters: Collection[str]) -> Iterator[Mapping[str, Path]]:
    """Files with these letters alone, by style (`""`, `"B"`, and `MORE` where it is needed), for as long as the
    document is written.

    Taking out what is not needed comes first: then making a weight of what is left takes a moment, not seconds.
    """
    text, more = "".join(letters) + _ALWAYS, _elsewhere()
    with tempfile.TemporaryDirectory() as folder:
        made = {style: Path(folder) / f"{weight}.ttf" for style, weight in _WEIGHTS.items()}
        for style, weight in _WEIGHTS.items():
            instantiateVariableFont(_cut(_own(), text), {"wght": weight, "wdth": 100}).save(made[style])
        if more and (rest := "".join(letter for letter in text if ord(letter) not in _has(_own()))).strip():
            made[MORE] = Path(folder) / "more.ttf"
            _cut(more, rest).save(made[MORE])
        yield made


def _cut(path: str, text: str) -> TTFont:
    font, options = TTFont(path, lazy=True), Options()
    options.layout_features, options.hinting = [], False
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    return font

"""No template speaks without a translation, and none works around the content policy."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from tests.laws.tree import files, short

TRANSLATED = re.compile(r"{%\s*(blocktranslate|comment)\b.*?{%\s*end\1\s*%}", re.DOTALL)
CLASSES = re.compile(r"{%\s*block\s+\w*class\s*%}.*?{%\s*endblock.*?%}", re.DOTALL)
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN = {"title", "alt", "placeholder", "aria-label", "aria-description", "aria-roledescription", "summary", "label"}
OURS = {"Parvis"}
LETTERS = re.compile(r"mail/")  # a letter carries its own style: mail programs load none, and no policy holds there


class _Words(HTMLParser):
    """What a reader, or a screen reader, would be told."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.inline: list[str] = []
        self._mute = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._mute += tag in {"script", "style", "svg"}
        for name, value in attrs:
            if name in SPOKEN:
                self.said.append(value or "")
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self._mute -= tag in {"script", "style", "svg"}

    def handle_data(self, data: str) -> None:
        if not self._mute:
            self.said.append(data)


def _read(file: Path) -> _Words:
    words = _Words()
    words.feed(TAGS.sub(" ", CLASSES.sub(" ", TRANSLATED.sub(" ", file.read_text()))))
    words.close()
    return words


def _templates() -> Iterator[tuple[str, _Words]]:
    for file in files(".html", ".txt", under=("hub", "inbound_email")):
        if "templates" in file.parts:
            yield short(file), _read(file)


def test_no_template_speaks_without_a_translation() -> None:
    found = {name: [word for said in words.said for word in WORD.findall(said)] for name, words in _templates()}
    assert len(found) > 10
    untranslated = {name: sorted(set(words) - OURS) for name, words in found.items() if set(words) - OURS}
    assert untranslated == {}


def test_no_page_has_inline_style_or_handlers() -> None:
    pages = {name: words for name, words in _templates() if not LETTERS.search(name)}
    assert {name: words.inline for name, words in pages.items() if words.inline} == {}

"""A page as the server wrote it, read without a browser: where it leads, and of which elements it is made."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# What an element looks like, or does, follows from these: of some the value counts, of others that they are there.
_VALUES = re.compile("role|type|src|aria-current|aria-hidden|aria-pressed|aria-expanded")
_NAMES = re.compile("aria-.+|data-.+|hidden|disabled|checked|open|required|readonly|href|tabindex|lang")


class Markup(HTMLParser):
    """`links`: absolute addresses. `elements`: each sort of element with all that it stands in, without words and
    numbers: two pages whose elements are the same look and behave alike."""

    def __init__(self, html: str, url: str) -> None:
        super().__init__()
        self.url = url
        self.title = self.language = ""
        self.headings = 0
        self.links: list[str] = []
        self.elements: set[str] = set()
        self._within: list[tuple[str, str]] = [("", "")]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.headings += tag == "h1"
        if tag == "html":
            self.language = given.get("lang", "")
        if tag in {"a", "area"} and "href" in given:
            self.links.append(urljoin(self.url, given["href"]).split("#")[0])
        if any(name == "svg" for name, _place in self._within):  # a drawing is one element
            return
        place = f"{self._within[-1][1]} > {_sort(tag, given)}"
        self.elements.add(place)
        if tag not in VOID:
            self._within.append((tag, place))

    def handle_endtag(self, tag: str) -> None:
        open_tags = [name for name, _place in self._within]
        if tag in open_tags:  # what stands open inside ends with it, as in a browser
            del self._within[len(open_tags) - 1 - open_tags[::-1].index(tag) :]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag == "svg":
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self._within[-1][0] == "title":
            self.title += data.strip()


def _sort(tag: str, given: dict[str, str]) -> str:
    kept = [f".{name}" for name in sorted(given.get("class", "").split())]
    for name in sorted(given):
        if _VALUES.fullmatch(name) and tag != "img":
            kept.append(f"[{name}={given[name]}]")
        elif _NAMES.fullmatch(name):
            kept.append(f"[{name}]")
    return tag + "".join(kept)

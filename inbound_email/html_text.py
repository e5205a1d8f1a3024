"""HTML as lines: paragraphs, lists and links kept, and the quote and the signature marked where programs mark them.

Every program that quotes in HTML says so somewhere, in an id, a class, an attribute. These names are its grammar: they
are the same in every language, which its words are not.
"""

import re
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from inbound_email.lines import DATE_OR_ADDRESS, Line, Mark

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_APART = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "pre", "dl"]
)  # with an empty line around
_UNSEEN = frozenset(
    ["script", "style", "head", "title", "template", "noscript", "meta", "link", "object", "svg", "select", "textarea"]
)

# One mail in a box of its own; all in it is the other's.
_QUOTE_CLASSES = frozenset(
    [
        "yahoo_quoted",
        "gmail_quote_attribution",
        "moz-cite-prefix",
        "moz-email-headers-table",
        "moz-forward-container",
        "cite-prefix",
        "missive_quote",
        "front-blockquote",
        "tutanota_quote",
        "sh-quoted-content",
        "mail-quote",
        "quoted-content",
        "zmail_extra",
        "mail_quote",
        "airmail_on",
        "freshdesk_quote",
    ]
)
_QUOTE_IDS = ("yahoo_quoted", "reply-intro", "mail-editor-reference-message-container", "isForwardContent", "replybody")
_QUOTE_NAMES = frozenset({"quote", "messagereplysection", "quoted-content"})
_QUOTE_MARKERS = frozenset({"__headers__", "__quoted_text__"})  # Zimbra's data-marker
# From here to the end: the box is empty or holds the headers only, and the mail follows it.
_END_IDS = frozenset({"divrplyfwdmsg", "x_divrplyfwdmsg", "olk_src_body_section", "orig_message", "stopspelling"})
_END_CLASSES = frozenset({"OutlookMessageHeader", "x_OutlookMessageHeader"})
_SIGNATURE_CLASSES = frozenset(["gmail_signature", "moz-signature", "protonmail_signature_block", "yahoo-signature"])
_SIGNATURE_IDS = frozenset({"composer_signature", "ms-outlook-mobile-signature"})
_SIGNATURE_NAMES = frozenset({"messagesignaturesection"})
# Classes of blockquote that mean "cited"; one without any may be a mere indentation.
_CITED = re.compile(r"quote|cite|clean_bq|\bbq\b", re.IGNORECASE)
_LINE_AT_LEFT = re.compile(r"border(?:-left)?(?:-width|-style|-color)?\s*:\s*(?!none|0|medium none)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_KEPT_SPACE = re.compile(r"white-space\s*:\s*(?:-moz-)?pre", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_TAGS = re.compile(r"<[^<>]*>")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")


@dataclass(slots=True)
class _Writer:
    """Lines being written: what is open around the place where we are."""

    lines: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)  # of the boxes around, the outermost first
    unseen: int = 0
    kept_space: int = 0
    to_end: bool = False
    lists: list[int] = field(default_factory=list)  # the next number of each list around; -1 for one without

    @property
    def mark(self) -> Mark:
        if self.to_end:
            return Mark.QUOTE
        return self.marks[0] if self.marks else Mark.WORDS

    def say(self, text: str | None) -> None:
        if not text or self.unseen:
            return
        if self.kept_space:
            first, *others = text.split("\n")
            self.pieces.append(first)
            for other in others:
                self.close()
                self.pieces.append(other)
            return
        self.pieces.append(_SPACES.sub(" ", text))

    def close(self, *, force: bool = True) -> None:
        """End this line. Without `force` an empty one isn't written."""
        text = _squeezed("".join(self.pieces)) if not self.kept_space else "".join(self.pieces).rstrip()
        self.pieces.clear()
        if text or force:
            self.lines.append(Line(text, self.mark))

    def apart(self) -> None:
        """One empty line, unless there is one."""
        if self.lines and self.lines[-1].text:
            self.lines.append(Line("", self.mark))


def _squeezed(text: str) -> str:
    return re.sub(r"(?<=[ ])[ ]+", "", text).strip(" ")


def html_lines(html: str) -> list[Line]:
    """The lines of a page. Never raises; what is nested beyond reason comes without its marks, but comes."""
    root = _parsed(html)
    writer = _Writer()
    if root is not None:
        _walk(root, writer)
    if not any(line.text for line in writer.lines) and _TAGS.sub("", html).strip():
        return [Line(" ".join(line.split())) for line in _TAGS.sub("\n", html[:1_000_000]).split("\n")]
    return writer.lines


def _parsed(html: str) -> etree._Element | None:
    data = _CONTROL.sub("", html).encode("utf-8", "replace")
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True, recover=True
    )
    try:
        return etree.fromstring(data, parser) if data.strip() else None
    except (etree.XMLSyntaxError, ValueError):
        return None


def _walk(root: etree._Element, writer: _Writer) -> None:
    opened: list[tuple[bool, bool, bool]] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag.lower() if isinstance(element.tag, str) else ""
        if event == "start":
            opened.append(_open(element, tag, writer))
            writer.say(element.text)
        else:
            _shut(element, tag, writer, opened.pop())
            writer.say(element.tail)
    writer.close(force=False)


def _open(element: etree._Element, tag: str, writer: _Writer) -> tuple[bool, bool, bool]:
    """Begin an element. Says what its end must undo: (a mark, something unseen, kept spaces)."""
    style = element.get("style", "")
    if tag in _BLOCKS:
        writer.close(force=False)
        if tag in _APART:
            writer.apart()
    mark = _mark_of(element, tag, style, writer)
    if mark is not None:
        writer.marks.append(mark)
    unseen = tag in _UNSEEN or (bool(style) and bool(_HIDDEN.search(style)))
    kept = tag == "pre" or (bool(style) and bool(_KEPT_SPACE.search(style)))
    writer.unseen += unseen
    writer.kept_space += kept
    if tag == "br":
        writer.close()
    elif tag in {"ul", "ol"}:
        writer.lists.append(1 if tag == "ol" else -1)
    elif tag == "li":
        writer.pieces.append(_bullet(writer))
    elif tag == "img" and not writer.unseen:
        writer.pieces.append(_picture(element))
    elif tag in {"td", "th"}:
        writer.pieces.append(" ")
    return mark is not None, unseen, kept


def _shut(element: etree._Element, tag: str, writer: _Writer, undo: tuple[bool, bool, bool]) -> None:
    marked, unseen, kept = undo
    if tag == "a" and not writer.unseen:
        writer.pieces.append(_link(element))
    if tag in _BLOCKS:
        writer.close(force=False)
    if tag in _APART:
        writer.apart()
    if tag in {"ul", "ol"} and writer.lists:
        writer.lists.pop()
    if marked:
        writer.marks.pop()
    writer.unseen -= unseen
    writer.kept_space -= kept


def _bullet(writer: _Writer) -> str:
    if not writer.lists or writer.lists[-1] < 0:
        return "- "
    writer.lists[-1] += 1
    return f"{writer.lists[-1] - 1}. "


def _picture(element: etree._Element) -> str:
    """Only pictures that stand for a letter: emoji."""
    alt = element.get("data-emoji") or element.get("alt", "")
    return alt if 0 < len(alt) <= 8 and not any(letter.isascii() or letter.isalpha() for letter in alt) else ""


def _link(element: etree._Element) -> str:
    """Where it leads, unless the words say it: `la carte <https://…>`, as plain mails have it."""
    href = element.get("href", "").strip()
    words = _words_in(element)
    bare = re.sub(r"^https?://(?:www\.)?|/$", "", href)
    if not href.lower().startswith(("http://", "https://")) or not words or bare.lower() in words.lower():
        return ""
    return f" <{href}>" if len(href) <= 500 else ""


def _words_in(element: etree._Element) -> str:
    """Its first words: links and headers are short, and what isn't must not be read again at each level."""
    return "".join(islice(element.itertext(), 40)).strip()


def _mark_of(element: etree._Element, tag: str, style: str, writer: _Writer) -> Mark | None:
    names = element.attrib
    if not names:
        return Mark.QUOTE if tag == "blockquote" and _announced(writer) else None
    identity = names.get("id", "").lower()
    classes = names.get("class", "").split()
    name = names.get("name", "").lower()
    if identity in _END_IDS or not _END_CLASSES.isdisjoint(classes) or (tag == "hr" and identity == "zwchr"):
        writer.to_end = True
        return None
    if _is_quote(names, classes, identity, name):
        return Mark.QUOTE
    if tag == "blockquote" and _is_cited(names, style, writer):
        return Mark.QUOTE
    if "gmail_attr" in classes and not _words_in(element).startswith("--"):
        return Mark.QUOTE
    if (
        not _SIGNATURE_CLASSES.isdisjoint(classes)
        or identity in _SIGNATURE_IDS
        or (name in _SIGNATURE_NAMES)
        or names.get("data-smartmail") == "gmail_signature"
    ):
        return Mark.SIGNATURE
    return None


def _is_quote(names: etree._Attrib, classes: list[str], identity: str, name: str) -> bool:
    return (
        not _QUOTE_CLASSES.isdisjoint(classes)
        or (bool(identity) and identity.startswith(_QUOTE_IDS))
        or name in _QUOTE_NAMES
        or names.get("data-marker", "").lower() in _QUOTE_MARKERS
    )


def _is_cited(names: etree._Attrib, style: str, writer: _Writer) -> bool:
    """A blockquote that quotes. Gmail and Outlook also indent with one: with a margin, without a line at its left."""
    if names.get("type", "").lower() == "cite" or names.get("cite") or _CITED.search(names.get("class", "")):
        return True
    return bool(_LINE_AT_LEFT.search(style)) or bool(writer.marks) or _announced(writer)


def _announced(writer: _Writer) -> bool:
    """Whether the last line says who wrote what follows, as programs do."""
    last = "".join(writer.pieces).strip() or next((line.text for line in reversed(writer.lines) if line.text), "")
    return last.rstrip().endswith((":", "：")) and bool(DATE_OR_ADDRESS.search(last))

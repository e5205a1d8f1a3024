"""The design system holds what the pages use, and nothing else."""

import re

from hub.community.links.icons import ICONS as LINK_ICONS
from hub.people.portraits import PORTRAITS
from hub.tickets.icons import ICONS, SOURCE_ICONS
from hub.towns.models import Emblem
from tests.laws.tree import ROOT, files, short

WEB = ROOT / "hub" / "web"
PAGES = ("hub", "inbound_email")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTORS = re.compile(r"([^{};]+)\{")
CLASS = re.compile(r"\.([a-z][\w-]*)")
URL = re.compile(r"url\([^)]*\)")
NAME = re.compile(r"[a-z][\w-]*")
PROPERTY = re.compile(r"(?<![\w-])(--[\w-]+)\s*:")
USED_PROPERTY = re.compile(r"var\((--[\w-]+)")
ICON_USES = (re.compile(r'{%\s*icon\s+"([\w-]+)"'), re.compile(r'{%\s*niche\s+\S+\s+"([\w-]+)"'))
SYMBOL = re.compile(r'<symbol id="i-([\w-]+)"')


def _styles() -> dict[str, str]:
    return {short(file): URL.sub("", COMMENT.sub("", file.read_text())) for file in files(".css", under=("hub",))}


def _pages() -> str:
    """Everything that writes markup: templates, modules, and the Python of the hub."""
    templates = [file.read_text() for file in files(".html", under=PAGES) if "templates" in file.parts]
    modules = [file.read_text() for file in files(".js", under=("hub",))]
    return "\n".join([*templates, *modules, *(file.read_text() for file in files(".py", under=PAGES))])


def test_every_class_of_the_stylesheets_is_used() -> None:
    words = set(NAME.findall(_pages()))
    idle = {
        name: sorted(found)
        for name, style in _styles().items()
        if (found := {cls for part in SELECTORS.findall(style) for cls in CLASS.findall(part)} - words)
    }
    assert idle == {}


def test_every_stylesheet_is_linked() -> None:
    pages = _pages()
    assert [short(file) for file in files(".css", under=("hub",)) if f'/{file.name}"' not in pages] == []


def test_every_property_is_defined_and_used() -> None:
    styles = "\n".join(_styles().values())
    defined, used = set(PROPERTY.findall(styles)), set(USED_PROPERTY.findall(styles))
    assert used - defined == set()
    # The palette is a vocabulary: a colour or a pace may wait for its word.
    assert {name for name in defined - used if not name.startswith(("--color-", "--duration-", "--radius-"))} == set()


def test_every_animation_plays() -> None:
    styles = "\n".join(_styles().values())
    assert [
        name
        for name in re.findall(r"@keyframes ([\w-]+)", styles)
        if not re.search(rf"animation:[^;]*\b{name}\b", styles)
    ] == []


def test_colours_are_named_once() -> None:
    """Interface colours live in tokens.css; a drawing may keep its own."""
    literal = re.compile(r"#[0-9a-fA-F]{3,8}\b")
    drawn = ("/tokens.css", "/header.css", "/css/people.css", "/scene.css")
    found = {name: literal.findall(style) for name, style in _styles().items() if not name.endswith(drawn)}
    # White is paper itself: a printed page, a mail shown as it arrives.
    assert {name: colours for name, colours in found.items() if set(colours) - {"#fff"}} == {}


def test_every_icon_is_used_and_every_used_icon_is_drawn() -> None:
    drawn = set(SYMBOL.findall((WEB / "static" / "icons.svg").read_text()))
    pages = _pages()
    # A town chooses the pictures of its categories and links among these; the way a ticket came has its own.
    chosen = {*ICONS, *LINK_ICONS, *SOURCE_ICONS.values()}
    named = {name for use in ICON_USES for name in use.findall(pages)} | chosen
    assert named - drawn == set()
    # The navigation names its icons in Python.
    in_navigation = set(re.findall(r'"([a-z-]+)"', (WEB / "context.py").read_text()))
    assert drawn - named - in_navigation == set()


def test_every_portrait_and_every_charge_is_drawn() -> None:
    drawings = WEB / "templates" / "drawings"
    assert {file.stem for file in (drawings / "portraits").iterdir()} == set(PORTRAITS)
    assert {file.stem for file in (drawings / "arms").iterdir()} == set(Emblem.values)


def test_every_template_is_used() -> None:
    pages = _pages()
    ours = [file for file in files(".html", under=("hub/web/templates",)) if "drawings" not in file.parts]
    idle = []
    for file in ours:
        name = str(file.relative_to(WEB / "templates"))
        # django-allauth names these itself.
        by_package = name.split("/")[0] in {"account", "mfa", "429.html"}
        if not by_package and f'"{name}"' not in pages and not name.startswith("errors/"):
            idle.append(short(file))
    assert idle == []

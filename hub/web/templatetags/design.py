"""The drawn parts of the design system: icons, arms, portraits.

They are inline or referenced SVG, so that `currentColor` and the dark theme reach into them.
"""

from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from hub.people.models import Person
from hub.people.portraits import PORTRAITS
from hub.towns.models import Emblem, Town

register = template.Library()

_SIZES = {"": "icon", "xs": "icon icon--xs", "sm": "icon icon--sm", "lg": "icon icon--lg"}
_AVATAR_SIZES = {"": "avatar", "xs": "avatar avatar--xs", "sm": "avatar avatar--sm", "lg": "avatar avatar--lg"}
# A resident keeps the same ground everywhere, by their number.
_GROUNDS = ("", "avatar--b", "avatar--c", "avatar--d", "avatar--e")


def _drawing(name: str, **context: object) -> SafeString:
    return mark_safe(get_template(f"drawings/{name}.html").render(context).strip())  # noqa: S308 (our own files)


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of `static/icons.svg`. Without `label` it stands beside a word and says nothing by itself.

    `size`: "xs" 17 px, "sm" 20 px, "" 24 px, "lg" 32 px.
    """
    return _icon(name, size, str(label))


@lru_cache(maxsize=1024)  # a list of fifty rows has three hundred
def _icon(name: str, size: str, label: str) -> SafeString:
    href = f"{static('icons.svg')}#i-{name}"
    if label:
        markup = '<svg class="{}" role="img" aria-label="{}" focusable="false"><use href="{}"/></svg>'
        return format_html(markup, _SIZES[size], label, href)
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>', _SIZES[size], href
    )


@register.simple_tag
def emblem(town: Town) -> SafeString:
    """The town's arms."""
    return _drawing(f"arms/{town.emblem if town.emblem in Emblem.values else Emblem.LEAF}")


@register.simple_tag
def mark() -> SafeString:
    """The sign of Parvis itself, for the foot of pages."""
    return _drawing("mark")


@register.simple_tag
def scene(door: str = "open") -> SafeString:
    """The square in front of the town hall. `door`: "open" (sign-in) or "closed" (errors)."""
    return _drawing("scene", open=door == "open", fit="xMidYMax slice" if door == "open" else "xMidYMid slice")


@register.simple_tag
def niche(person: Person | None = None, icon_name: str = "") -> SafeString:
    """A niche with its stones: a person's portrait in it, or an icon when there is nobody."""
    inside = portrait(person) if person else SafeString("")
    if not inside and icon_name:
        inside = icon(icon_name)
    stones = _drawing("niche", empty=not person)
    before, after = (inside, stones) if person else (stones, inside)
    return format_html('<span class="niche">{}{}</span>', before, after)


@register.simple_tag
def portrait(person: Person) -> SafeString:
    """The person's face, filling its frame: photo, else drawing, else initials."""
    if person.photo:
        return format_html('<img class="portrait" src="{}" alt="" loading="lazy">', person.photo_url)
    if person.drawing in PORTRAITS:
        return _drawing(f"portraits/{person.drawing}")
    return format_html('<span class="portrait portrait--initials" aria-hidden="true">{}</span>', person.initials)


@register.simple_tag
def avatar(person: Person, size: str = "", official: bool = False) -> SafeString:
    """A small portrait beside the person's name: an arch when they speak for the town hall, else round.

    It is silent: the name stands beside it. `size`: "xs" 28 px, "sm" 32 px, "" 44 px, "lg" 64 px.
    """
    ground = "avatar--arch" if official else _GROUNDS[(person.pk or 0) % len(_GROUNDS)]
    drawn = person.photo or person.drawing in PORTRAITS
    inside = portrait(person) if drawn else person.initials
    classes = " ".join(filter(None, (_AVATAR_SIZES[size], ground)))
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, inside)

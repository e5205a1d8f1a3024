"""What a town may say of a link. Pure."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from hub.community.links.addresses import clean_address
from hub.community.links.icons import ICONS
from hub.community.links.models import DESCRIPTION_MAX, TITLE_MAX, Group
from hub.core.errors import Invalid
from hub.core.typography import typeset

LINKS_MAX = 60
FIELDS = ("group", "title", "title_en", "description", "description_en", "address", "icon", "shown")

_FRENCH = ("title", "description")
_LONGEST = {
    "title": TITLE_MAX, "title_en": TITLE_MAX, "description": DESCRIPTION_MAX, "description_en": DESCRIPTION_MAX,
}  # fmt: skip


def clean_link(said: Mapping[str, Any]) -> dict[str, Any]:
    """A link as it is kept: all of `FIELDS`. Raises `Invalid` with the field that is wrong."""
    cleaned: dict[str, Any] = {name: _words(name, str(said[name])) for name in _LONGEST}
    if not cleaned["title"]:
        raise Invalid(_("Donnez un titre."), field="title")
    if said["group"] not in Group.values:
        raise Invalid(_("Ce choix n’existe pas."), field="group")
    if said["icon"] and said["icon"] not in ICONS:
        raise Invalid(_("Cette image n’existe pas."), field="icon")
    address = clean_address(str(said["address"]))
    icon, shown = str(said["icon"]), bool(said["shown"])
    return {**cleaned, "group": str(said["group"]), "icon": icon, "address": address, "shown": shown}


def _words(name: str, said: str) -> str:
    text = " ".join(said.split())
    text = typeset(text) if name in _FRENCH else text
    if len(text) > _LONGEST[name]:
        raise Invalid(_("%(number)d caractères au plus.") % {"number": _LONGEST[name]}, field=name)
    return text

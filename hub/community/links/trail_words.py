"""What was done with a town's links, in the trail's sentences."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from hub.community.links.icons import ICONS
from hub.community.links.models import Group, Link
from hub.community.links.rules import FIELDS

Fields = Mapping[str, str]

ARROW = " → "


def _change(fields: Fields) -> str:
    changes = ", ".join(f"{_name(field)} {_spoken(field, told)}" for field in FIELDS if (told := fields[_key(field)]))
    said = {"actor": fields["actor"], "title": fields["title"], "changes": changes}
    return _("%(actor)s a changé le lien « %(title)s » : %(changes)s.") % said


def _key(field: str) -> str:
    """« title » is the one that it had."""
    return "new_title" if field == "title" else field


def _name(field: str) -> str:
    return str(getattr(Link._meta.get_field(field), "verbose_name", field))


def _spoken(field: str, told: str) -> str:
    """« ball → star » as people call it."""
    codes: dict[str, Mapping[str, object]] = {
        "group": {group.value: group.label for group in Group},
        "icon": {**ICONS},
        "shown": {"yes": _("oui"), "no": _("non")},
    }
    words = codes.get(field)
    return ARROW.join(str(words.get(part, part)) for part in told.split(ARROW)) if words else told


ACTS = {
    "link.add": lambda said: _("%(actor)s a ajouté le lien « %(title)s » vers %(address)s.") % said,
    "link.change": _change,
    "link.remove": lambda said: _("%(actor)s a supprimé le lien « %(title)s » vers %(address)s.") % said,
}

"""What changes a town's links: the mayor and who manages; each change is in the trail."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hub.audit.actions import note
from hub.community.links.models import Link
from hub.community.links.queries import access_link, links_of
from hub.community.links.rules import FIELDS, LINKS_MAX, clean_link
from hub.core import ordering
from hub.core.errors import Conflict, Forbidden, Invalid
from hub.people.models import Person
from hub.people.queries import roles_in
from hub.people.rules import may_manage_town
from hub.towns.models import Town

_NEW: dict[str, Any] = {name: getattr(Link(), name) for name in FIELDS}


def add_link(*, actor: Person, town: Town, fields: Mapping[str, Any]) -> Link:
    """A new one, the last of its group.

    `fields`: `{title, address, group?, title_en?, description?, description_en?, icon?, shown?}`. Raises `Invalid` with
    the field, `Conflict` with sixty already, `Forbidden`. Called twice: `Invalid`, its title is taken.
    """
    with transaction.atomic():
        _begin(actor, town)
        if links_of(town).count() >= LINKS_MAX:
            raise Conflict(_("Soixante liens suffisent. Supprimez-en un d’abord."))
        link = Link(town=town)
        _say(link, {**_NEW, **fields})
        _stand_last(link)
        link.save()
        _note(actor, link, "link.add", {"title": link.title, "address": link.address})
    return link


def change_link(*, actor: Person, link: Link, fields: Mapping[str, Any]) -> Link:
    """Say otherwise what is in `fields`; in another group it stands last. Raises as `add_link`, `NotFound`."""
    with transaction.atomic():
        _begin(actor, link.town)
        kept = access_link(link.town, link.pk)
        before = {name: getattr(kept, name) for name in FIELDS}
        _say(kept, {**before, **fields})
        after = {name: getattr(kept, name) for name in FIELDS}
        told = {name: f"{_told(before[name])} → {_told(after[name])}" for name in FIELDS if before[name] != after[name]}
        if told:
            if "group" in told:
                _stand_last(kept)
            kept.save()
            changed = {f"new_{name}" if name == "title" else name: words for name, words in told.items()}
            _note(actor, kept, "link.change", {"title": before["title"], **changed})
    return kept


def shift_link(*, actor: Person, link: Link, by: int) -> None:
    """One place up (-1) or down (1) in its group; at the end it stays. Raises `Forbidden`."""
    with transaction.atomic():
        _begin(actor, link.town)
        ordering.shift(links_of(link.town).filter(group=link.group), link.pk, by)


def remove_link(*, actor: Person, link: Link) -> None:
    """Take it away for good; the trail keeps where it led. Raises `Forbidden`, `NotFound` when it is gone."""
    with transaction.atomic():
        _begin(actor, link.town)
        gone = access_link(link.town, link.pk)
        _note(actor, gone, "link.remove", {"title": gone.title, "address": gone.address})
        gone.delete()


def _begin(actor: Person, town: Town) -> None:
    """One change of a town's links at a time: their titles and their order hold for all of them."""
    if not may_manage_town(roles_in(actor, town)):
        raise Forbidden
    Town.objects.select_for_update(no_key=True).get(pk=town.pk)


def _say(link: Link, fields: Mapping[str, Any]) -> None:
    cleaned = clean_link(fields)
    beside = links_of(link.town).filter(group=cleaned["group"], title__iexact=cleaned["title"])
    if beside.exclude(pk=link.pk or 0).exists():
        raise Invalid(_("Un lien porte déjà ce titre."), field="title")
    for name, value in cleaned.items():
        setattr(link, name, value)


def _stand_last(link: Link) -> None:
    link.position = ordering.last_place(links_of(link.town).filter(group=link.group).exclude(pk=link.pk or 0))


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "—"


def _note(actor: Person, link: Link, act: str, what: Mapping[str, str]) -> None:
    note(town_id=link.town_id, actor=actor, act=act, subject=f"link.{link.pk}", what=what)

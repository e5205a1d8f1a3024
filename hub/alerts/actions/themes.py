"""What changes a town's themes (S25, S27): the mayor and who manages; each change is in the trail."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from hub.alerts import rules
from hub.alerts.icons import ICONS
from hub.alerts.models import Theme
from hub.alerts.queries import access_theme, themes_of
from hub.audit.actions import note
from hub.core import ordering
from hub.core.clock import now
from hub.core.errors import Conflict, Forbidden, Invalid
from hub.core.typography import typeset
from hub.people.models import Person
from hub.people.queries import roles_in
from hub.people.rules import may_manage_town
from hub.towns.models import Town

_FIELDS = ("name", "name_en", "icon")


def add_theme(*, actor: Person, town: Town, fields: Mapping[str, str]) -> Theme:
    """A new one, the last. Who wants all themes is told of this one too (S26).

    `fields`: `{name, name_en?, icon?}`. Raises `Invalid` with the field, `Conflict` with forty already, `Forbidden`.
    """
    with transaction.atomic():
        _begin(actor, town)
        if themes_of(town).count() >= rules.THEMES_MAX:
            raise Conflict(_("Quarante thématiques suffisent. Archivez-en une d’abord."))
        theme = Theme(town=town, position=ordering.last_place(Theme.objects.filter(town=town)))
        _say(theme, fields)
        theme.save()
        _note(actor, theme, "theme.add", theme.name)
    return theme


def change_theme(*, actor: Person, theme: Theme, fields: Mapping[str, str]) -> Theme:
    """Say otherwise what is in `fields`. Raises as `add_theme`."""
    with transaction.atomic():
        _begin(actor, theme.town)
        kept = access_theme(theme.town, theme.pk)
        before = {name: getattr(kept, name) for name in _FIELDS}
        _say(kept, fields)
        after = {name: getattr(kept, name) for name in _FIELDS}
        if after != before:
            kept.save()
            changed = {name: f"{before[name] or '—'} → {after[name] or '—'}" for name in after}
            told = {name: words for name, words in changed.items() if before[name] != after[name]}
            _note(actor, kept, "theme.change", before["name"], told)
    return kept


def shift_theme(*, actor: Person, theme: Theme, by: int) -> None:
    """One place up (-1) or down (1); at the end it stays. Raises `Forbidden`."""
    with transaction.atomic():
        _begin(actor, theme.town)
        ordering.shift(themes_of(theme.town), theme.pk, by)


def archive_theme(*, actor: Person, theme: Theme) -> None:
    """Offer it no more; who had chosen it finds it again if it comes back. Safe to call again. Raises `Forbidden`."""
    with transaction.atomic():
        _begin(actor, theme.town)
        if Theme.objects.filter(pk=theme.pk, archived_at=None).update(archived_at=now()):
            _note(actor, theme, "theme.archive", theme.name)


def restore_theme(*, actor: Person, theme: Theme) -> None:
    """Offer it again. Safe to call again. Raises `Forbidden`, `Conflict` when another has its name by now."""
    with transaction.atomic():
        _begin(actor, theme.town)
        if _taken(theme.town, theme.name, theme):
            raise Conflict(_("Une autre thématique porte ce nom. Renommez-la d’abord."))
        if Theme.objects.filter(pk=theme.pk).exclude(archived_at=None).update(archived_at=None):
            _note(actor, theme, "theme.restore", theme.name)


def _begin(actor: Person, town: Town) -> None:
    """One change of a town's themes at a time: their names and their order hold for all of them."""
    if not may_manage_town(roles_in(actor, town)):
        raise Forbidden
    Town.objects.select_for_update(no_key=True).get(pk=town.pk)


def _say(theme: Theme, fields: Mapping[str, str]) -> None:
    said = {name: fields.get(name, getattr(theme, name)) for name in _FIELDS}
    name = typeset(" ".join(said["name"].split()))
    if not name:
        raise Invalid(_("Donnez un nom."), field="name")
    if len(name) > rules.NAME_MAX or len(said["name_en"]) > rules.NAME_MAX:
        field = "name" if len(name) > rules.NAME_MAX else "name_en"
        raise Invalid(_("Soixante caractères au plus."), field=field)
    if theme.archived_at is None and _taken(theme.town, name, theme):
        raise Invalid(_("Une thématique porte déjà ce nom."), field="name")
    if said["icon"] and said["icon"] not in ICONS:
        raise Invalid(_("Cette image n’existe pas."), field="icon")
    theme.name, theme.name_en, theme.icon = name, " ".join(said["name_en"].split()), said["icon"]


def _taken(town: Town, name: str, theme: Theme) -> bool:
    return themes_of(town).filter(name__iexact=name).exclude(pk=theme.pk or 0).exists()


def _note(actor: Person, theme: Theme, act: str, title: str, told: Mapping[str, str] | None = None) -> None:
    what = {"title": title, **(told or {})}
    note(town_id=theme.town_id, actor=actor, act=act, subject=f"theme.{theme.pk}", what=what)

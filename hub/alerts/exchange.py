"""Themes and means of citizens (S24–S28) as a column of the list, and as two of its files, out and in.

A value is a text: themes by name, in the town's order, or `ALL`; means by their short names; `NONE`: they want none.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.alerts import rules
from hub.alerts.models import Subscription, SubscriptionTheme, Theme
from hub.alerts.queries import themes_of
from hub.core.clock import now
from hub.core.folding import words_of
from hub.deliveries.models import Channel
from hub.people.citizen_list import Column
from hub.people.exchange.cells import Clean, text_of
from hub.people.exchange.columns import Names
from hub.people.exchange.more import Change, Given, Stands
from hub.people.models import Person
from hub.towns.models import Town

ALL, NONE = "*", "-"
THEMES, MEANS = "alert_themes", "alert_means"

_BETWEEN = re.compile(r"[,;|]+")
_EVERY = {"toutes", "toutes les thematiques", "tous", "all", "all themes", "*"}
_NO = {"aucune", "aucun", "none", "no", "non", "-"}
_MEANS = {
    Channel.SMS: ("sms", "texto", "message texte", "text message", "text"),
    Channel.EMAIL: ("courriel", "email", "e mail", "mail", "mel"),
    Channel.PUSH: ("notification", "notifications", "notification push", "push", "push notification"),
    Channel.VOICE: ("appel", "appels", "appel telephonique", "telephone", "voix", "call", "calls", "voice"),
}  # fmt: skip


def _pieces(said: str) -> list[str]:
    return [piece.strip() for piece in _BETWEEN.split(said) if piece.strip()]


def _key(said: str) -> str:
    return " ".join(words_of(said, most=12)) or said.strip()


class TownThemes:
    """A town's themes by name, in its order."""

    def __init__(self, town: Town) -> None:
        self._themes = list(themes_of(town))
        self._by_key: dict[str, Theme] = {}
        for theme in self._themes:
            for name in (theme.name, theme.name_en):
                self._by_key.setdefault(_key(name), theme)
        self._by_key.pop("", None)
        names = (name for theme in self._themes for name in (theme.name, theme.name_en))
        self._longest = max((len(_pieces(name)) for name in names), default=0)

    def read(self, cell: Any) -> str:
        """The value that a cell stands for. Raises `ValueError` naming the first theme that is none of the town's."""
        said = text_of(cell)
        if _key(said) in _EVERY | _NO:
            return ALL if _key(said) in _EVERY else NONE
        found = self.ids(said)
        return ", ".join(theme.name for theme in self._themes if theme.pk in found)

    def ids(self, said: str) -> set[int]:
        """The numbers of the themes named there; names may hold what stands between them. Raises as `read`."""
        pieces = _pieces(said)
        found: set[int] = set()
        at = 0
        while at < len(pieces):
            longest = range(min(len(pieces), at + self._longest), at, -1)
            named = ((end, self._by_key.get(_key(" ".join(pieces[at:end])))) for end in longest)
            end, theme = next(((end, theme) for end, theme in named if theme), (at, None))
            if theme is None:
                raise ValueError(self._unknown(pieces[at]))
            found.add(theme.pk)
            at = end
        return found

    def _unknown(self, name: str) -> str:
        if not self._themes:
            return _("« %(name)s » : la commune n’a pas encore de thématique d’alerte.") % {"name": name}
        choices = ", ".join(theme.name for theme in self._themes)
        said = _("La thématique « %(name)s » n’existe pas ; on attend %(choices)s, « toutes » ou « aucune ».")
        return said % {"name": name, "choices": choices}


def read_means(cell: Any) -> str:
    """The value that a cell stands for. Raises `ValueError` naming what is no means of contact."""
    said = text_of(cell)
    if _key(said) in _NO:
        return NONE
    by_name = {name: channel for channel, names in _MEANS.items() for name in names}
    pieces = _pieces(said)
    for piece in pieces:
        if _key(piece) not in by_name:
            choices = ", ".join(str(Channel(channel).label) for channel in rules.CHANNELS)
            raise ValueError(
                _("« %(name)s » n’est pas un moyen de contact ; on attend %(choices)s, ou « aucun ».")
                % {"name": piece, "choices": choices}
            )
    wanted = {by_name[_key(piece)] for piece in pieces}
    return ",".join(channel for channel in rules.CHANNELS if channel in wanted)


class Subscriptions:
    """What people want of a town's alerts (`hub.people.exchange.more.Room`)."""

    column = Column("alerts", gettext_lazy("Alertes"), ())
    names: Mapping[str, Names] = {
        THEMES: Names(
            "Thématiques d’alerte", "Alert themes", ("Thématiques", "Abonnements", "Themes", "Subscriptions")
        ),
        MEANS: Names(
            "Moyens d’alerte", "Alert channels", ("Moyens", "Moyens de contact", "Channels", "Means of contact")
        ),
    }

    def help(self) -> str:
        """What the two columns may hold."""
        return _(
            "« Thématiques d’alerte » : leurs noms, séparés par des virgules, ou « toutes ». Sans « Moyens d’alerte » "
            "(SMS, courriel, notification, appel), la personne est prévenue par courriel, et par SMS à un portable."
        )

    def cleaners(self, town: Town) -> Mapping[str, Clean]:
        """The town's themes are read once for a file."""
        return {THEMES: TownThemes(town).read, MEANS: read_means}

    def standing(self, town: Town, people: Collection[int], *, lock: bool = False) -> Mapping[int, Stands]:
        """Of who has said something. Themes that are archived are left out."""
        said = Subscription.objects.filter(town=town, person__in=list(people)).order_by("pk")
        rows = list(said.select_for_update() if lock else said)
        names: dict[int, list[str]] = defaultdict(list)
        chosen = SubscriptionTheme.objects.filter(subscription__in=rows, theme__archived_at=None)
        ordered = chosen.order_by("theme__position", "theme__name", "theme")
        for subscription_id, name in ordered.values_list("subscription", "theme__name"):
            names[subscription_id].append(name)
        return {
            row.person_id: {
                THEMES: ALL if row.all_themes else ", ".join(names[row.pk]) or NONE,
                MEANS: ",".join(channel for channel in rules.CHANNELS if row.by(channel)) or NONE,
            }
            for row in rows
        }

    def changes(self, given: Given, stands: Stands | None) -> list[Change]:
        """Who is given themes and no means is reached as one who signs up: by what is known of them (S15)."""
        before = stands or {}
        after = {name: given.values[name] for name in (THEMES, MEANS) if name in given.values}
        if stands is None and MEANS not in after:
            if after.get(THEMES, NONE) == NONE:
                return []  # as of who never said
            after[MEANS] = _by_default(given)
        return [(name, before.get(name, ""), value) for name, value in after.items() if value != before.get(name, "")]

    def write(self, town: Town, changed: Sequence[tuple[Person, Mapping[str, str]]]) -> None:
        """Rows of who has said nothing are made; of others what is given changes."""
        after = {person.pk: fields for person, fields in changed}
        Subscription.objects.bulk_create(
            [Subscription(person=person, town=town, changed_at=now()) for person, _fields in changed],
            ignore_conflicts=True, batch_size=500,
        )  # fmt: skip
        rows = list(Subscription.objects.filter(town=town, person__in=after).select_for_update().order_by("pk"))
        for row in rows:
            fields = after[row.person_id]
            row.all_themes = fields[THEMES] == ALL if THEMES in fields else row.all_themes
            row.channels = [one for one in fields[MEANS].split(",") if one != NONE] if MEANS in fields else row.channels
            row.changed_at = now()
        Subscription.objects.bulk_update(rows, ["all_themes", "channels", "changed_at"], batch_size=500)
        self._choose(town, {row: after[row.person_id][THEMES] for row in rows if THEMES in after[row.person_id]})

    def shown(self, name: str, value: str) -> str:
        """« Eau potable, Travaux », « Toutes », « SMS, Courriel »."""
        if value == NONE:
            return _("Aucune") if name == THEMES else _("Aucun")
        if name == THEMES:
            return _("Toutes") if value == ALL else value
        return ", ".join(str(Channel(channel).label) for channel in value.split(","))

    def summed_up(self, stands: Stands | None) -> str:
        """« Toutes · SMS, Courriel »."""
        return " · ".join(self.shown(name, value) for name, value in stands.items()) if stands else ""

    def _choose(self, town: Town, wanted: Mapping[Subscription, str]) -> None:
        themes = TownThemes(town)
        SubscriptionTheme.objects.filter(subscription__in=list(wanted), theme__archived_at=None).delete()
        SubscriptionTheme.objects.bulk_create(
            [
                SubscriptionTheme(subscription=row, theme_id=theme)
                for row, said in wanted.items() if said not in (ALL, NONE)
                for theme in sorted(themes.ids(said))
            ],
            batch_size=1_000,
        )  # fmt: skip


def _by_default(given: Given) -> str:
    """By all that is known of them."""
    known = rules.never_said(email=bool(given.email), first_number=given.first_phone, device=False)
    return ",".join(known.in_order) or NONE

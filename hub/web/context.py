"""What the frames around every page need: the town, who reads, where they may go.

All of it is read only when a template asks: a page without a frame costs no query.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub import __version__
from hub.alerts.current import Current, current
from hub.alerts.lifecycle import may_alert
from hub.conversations.queries import total_unread
from hub.conversations.reported import to_moderate
from hub.conversations.rules import may_moderate
from hub.core.folding import folded
from hub.notifications.standing import standing_of
from hub.people import rules
from hub.people.desk.entries import entries
from hub.people.models import Person
from hub.people.queries import towns_of
from hub.people.rules import Roles
from hub.tickets.board import waiting_tickets
from hub.tickets.figures import may_see_figures
from hub.towns.models import Town
from hub.web import choices

TABS = 5


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor: `frame` in every template."""
    return {"frame": Frame(request)}


@dataclass(frozen=True)
class Link:
    """One entry of the navigation. `count`: what waits there; `current`: the reader is there."""

    label: str
    icon: str
    url: str
    current: bool = False
    count: int = 0


class Frame:
    """The current town is what the view says (`request.town`, set after its access check), else the last one seen.

    It never comes from the address alone: a page that is not there and one that is not yours look alike.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def person(self) -> Person | None:
        """Who is signed in."""
        user = getattr(self._request, "user", None)
        return user if isinstance(user, Person) else None

    @cached_property
    def towns(self) -> dict[Town, Roles]:
        """The towns of who is signed in, with their roles there."""
        return towns_of(self.person) if self.person else {}

    @cached_property
    def town(self) -> Town | None:
        """The town whose arms and name lead the page."""
        chosen = getattr(self._request, "town", None)
        if chosen is not None:
            return chosen if isinstance(chosen, Town) else None
        slug = choices.last_town(self._request)
        if self.person:
            mine = list(self.towns)
            return next((town for town in mine if town.slug == slug), mine[0] if mine else None)
        return Town.objects.filter(slug=slug).first() if slug else None

    @cached_property
    def roles(self) -> Roles:
        """What the reader is in the current town."""
        return self.towns.get(self.town, rules.roles_of(())) if self.town else rules.roles_of(())

    @property
    def official(self) -> bool:
        """Whether the reader is of the current town's staff: their portrait is an arch."""
        return rules.is_staff(self.roles)

    @property
    def other_desks(self) -> list[Town]:
        """The other towns that the reader works for, by name: a call centre has several (S87)."""
        theirs = [town for town, roles in self.towns.items() if rules.is_staff(roles) and town != self.town]
        return sorted(theirs, key=lambda town: folded(town.name))

    @property
    def version(self) -> str:
        """Of the program (S125)."""
        return __version__

    @cached_property
    def alerts(self) -> list[Current]:
        """What the current town tells of dangers just now."""
        return current(self.town) if self.town else []

    @cached_property
    def unread(self) -> int:
        """How many messages wait for the reader."""
        return total_unread(self.person.pk) if self.person else 0

    @cached_property
    def notifications(self) -> int:
        """How many notifications the reader has not read: the bell's count."""
        return standing_of(self._request, self.person).unread if self.person else 0

    @cached_property
    def to_moderate(self) -> int:
        """How many messages wait for a moderator of the current town."""
        return to_moderate(self.town) if self.town and may_moderate(self.roles) else 0

    @cached_property
    def tickets(self) -> int:
        """How many tickets of the current town wait for somebody like the reader."""
        return waiting_tickets(self.person, self.town, self.roles) if self.person and self.town else 0

    @property
    def locale(self) -> str:
        """The BCP 47 tag of the page: the reader's language as the town's country writes it."""
        language = get_language() or "fr"
        return f"{language}-{self.town.country}" if self.town else language

    @property
    def time_zone(self) -> str:
        """The zone that the page's times are told in."""
        return self.town.time_zone if self.town else ""

    @property
    def theme(self) -> str:
        """ "light", "dark", or "" for what the device says."""
        return choices.theme(self._request)

    @property
    def kept(self) -> bool:
        """Whether this page stays on the device, and is shown without a network."""
        return choices.is_kept(self._request)

    @cached_property
    def nav(self) -> list[Link]:
        """Where a citizen may go from here."""
        home = reverse("town", args=[self.town.slug]) if self.town else reverse("towns")
        links = [self._link(_("Accueil"), "home", home, exact=True)]
        if self.person:
            links.append(self._link(_("Messages"), "message", reverse("messages"), count=self.unread))
        if self.town:
            links.append(self._link(_("Signaler"), "report", reverse("report", args=[self.town.slug])))
        if self.person:
            links.append(self._link(_("Groupes"), "group", reverse("groups")))
        if self.town:
            links.append(self._link(_("Communes"), "town", reverse("towns"), exact=True))
        if self.person:
            links.append(self._link(_("Mon compte"), "user", reverse("account")))
        elif not self.kept:
            links.append(self._link(_("Se connecter"), "user", reverse("account_login")))
        return links

    @property
    def tabs(self) -> list[Link]:
        """The same for the bar at the foot of phones: five at most; « Communes » stands at the foot of every page."""
        return [link for link in self.nav if len(self.nav) <= TABS or link.icon != "town"][:TABS]

    @cached_property
    def desk_nav(self) -> list[Link]:
        """Where a member of staff may go at this town hall's desk."""
        if self.town is None or not self.official:
            return []
        slug = self.town.slug
        links = [self._link(_("Requêtes"), "list", reverse("desk_tickets", args=[slug]), count=self.tickets)]
        if may_alert(self.roles):
            links.append(self._link(_("Alertes"), "warning", reverse("desk_alerts", args=[slug])))
        if rules.may_talk_to_citizens(self.roles):
            links.append(self._link(_("Messages"), "message", reverse("desk_messages", args=[slug]), count=self.unread))
            links.append(self._link(_("Groupes"), "group", reverse("desk_groups", args=[slug])))
        if may_moderate(self.roles):
            moderation = reverse("desk_moderation", args=[slug])
            links.append(self._link(_("Modération"), "flag", moderation, count=self.to_moderate))
        brought = entries(self.person, self.town, self.roles) if self.person else []
        links += [self._link(one.label, one.icon, one.url, count=one.count) for one in brought]
        if rules.may_see_citizens(self.roles):
            links.append(self._link(_("Citoyens"), "users", reverse("desk_citizens", args=[slug])))
        if may_see_figures(self.roles):
            links.append(self._link(_("Chiffres"), "chart", reverse("desk_figures", args=[slug])))
        if rules.may_manage_town(self.roles):
            links.append(self._link(_("Équipe"), "service", reverse("desk_team", args=[slug])))
            links.append(self._link(_("Réglages"), "settings", reverse("desk_settings", args=[slug])))
        return links

    def _link(self, label: str, icon: str, url: str, *, exact: bool = False, count: int = 0) -> Link:
        # What stands under another address may belong here: then the view says so.
        path = getattr(self._request, "navigation", self._request.path)
        return Link(label, icon, url, path == url if exact else path.startswith(url), count)

"""/m/TOKEN/: what the link of a message opens, to whoever holds it: what its recipient is told of, and how.

Nothing else of the account, and no name in full: messages are forwarded, and phones lie about. It lives as long as
the row of its message (thirty days).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hub.alerts import rules, wishes
from hub.alerts.actions import leave, set_subscription
from hub.alerts.models import Alert, Theme
from hub.alerts.queries import towns_followed, wanted_of
from hub.core.access import public
from hub.core.clock import now
from hub.core.unkept import unkept
from hub.deliveries import links
from hub.deliveries.models import Channel, Delivery
from hub.notifications.actions import set_preferences
from hub.notifications.models import Kind
from hub.notifications.queries import wishes_of
from hub.notifications.rules import CHOSEN, Wish
from hub.notifications.words import kinds, saved_at
from hub.people.models import Person
from hub.towns.models import Town


@dataclass(frozen=True)
class Opened:
    """What a token stands for. `theme`, `kinds`: what its message was about, if it was about some."""

    token: str
    person: Person
    town: Town
    channel: str
    theme: Theme | None
    kinds: Sequence[Kind]


@public
@unkept
@require_http_methods(["GET", "HEAD", "POST"])
def message_link(request: HttpRequest, token: str) -> HttpResponse:
    """See it, and change it."""
    opened = _opened(request, token)
    if opened is None:
        return _gone(request)
    with translation.override(opened.person.language), timezone.override(opened.town.time_zone):
        saved = _save(request, opened) if request.method == "POST" else ""
        path = request.path
        return _said(request, "alerts/link.html", opened, {
            "shown": wishes.shown(opened.person, opened.town, whose="link", path=path),
            "kinds": _kinds(opened.person),
            "saved": saved,
        })  # fmt: skip


@public
@csrf_exempt  # mail programs press for their reader (RFC 8058), without a cookie; the token says whose it is
@unkept
@require_http_methods(["GET", "HEAD", "POST"])
def message_leave(request: HttpRequest, token: str) -> HttpResponse:
    """One press, and no more of it. Opening the address changes nothing: mail programs look at links by themselves."""
    opened = _opened(request, token)
    if opened is None:
        return _gone(request)
    if request.method == "POST":
        _leave(opened)
    with translation.override(opened.person.language), timezone.override(opened.town.time_zone):
        left = request.method == "POST"
        nothing = left and not opened.kinds and not wanted_of(opened.person, opened.town).channels
        words = {"what": _what(opened), "left": left, "nothing": nothing}
        return _said(request, "alerts/leave.html", opened, words)


def _opened(request: HttpRequest, token: str) -> Opened | None:
    """None: nobody here wrote that, or its row is forgotten, or its recipient no longer follows the town."""
    request.town = None  # type: ignore[attr-defined]
    delivery_id = links.read_token(token, "recipient")
    found = Delivery.objects.select_related("person", "dispatch__town").filter(pk=delivery_id or 0).first()
    if found is None or found.person is None or not found.person.is_active or found.dispatch.town is None:
        return None
    town = found.dispatch.town
    if town not in towns_followed(found.person):
        return None
    alert = Alert.objects.filter(Q(dispatch=found.dispatch) | Q(calls=found.dispatch)).select_related("theme").first()
    theme = alert.theme if alert else None
    about = found.dispatch.about
    kinds_of = [Kind(kind) for kind in about.get("kinds", [about.get("kind")]) if kind in CHOSEN]
    request.town = town  # type: ignore[attr-defined]
    return Opened(token, found.person, town, found.channel, theme, kinds_of)


def _save(request: HttpRequest, opened: Opened) -> str:
    person = opened.person
    set_subscription(actor=person, person=person, town=opened.town, wanted=wishes.said(request.POST))
    if "kinds" in request.POST:
        wanted = request.POST.getlist("email")
        set_preferences(
            actor=person,
            wishes={kind: Wish(wish.site, kind in wanted) for kind, wish in wishes_of(person).items()},
        )
    return saved_at(now(), opened.town)


def _leave(opened: Opened) -> None:
    """Of what the message was about: a theme, a kind of news; else all that comes from there by its means."""
    if opened.kinds:
        wished = wishes_of(opened.person)
        set_preferences(
            actor=opened.person, wishes={kind: Wish(wished[kind].site, email=False) for kind in opened.kinds}
        )
        return
    theme_id = opened.theme.pk if opened.theme else None
    leave(person=opened.person, town=opened.town, theme_id=theme_id, channel=opened.channel)


def _what(opened: Opened) -> str:
    named = {"town": opened.town.name}
    if opened.kinds:
        named_kinds = ", ".join(kinds()[kind] for kind in opened.kinds)
        return _("les courriels « %(kind)s »") % {"kind": named_kinds}
    if opened.theme is not None:
        return _("les alertes « %(theme)s » de %(town)s") % {**named, "theme": opened.theme.label}
    return {
        Channel.EMAIL.value: _("les alertes de %(town)s par courriel"),
        Channel.SMS.value: _("les alertes de %(town)s par message texte"),
        Channel.VOICE.value: _("les appels d’alerte de %(town)s"),
    }.get(opened.channel, _("les alertes de %(town)s sur vos appareils")) % named


def _kinds(person: Person) -> list[tuple[str, str, bool]]:
    labels = kinds()
    return [(kind.value, labels[kind], wish.email) for kind, wish in wishes_of(person).items()]


def _said(request: HttpRequest, template: str, opened: Opened, words: dict[str, Any]) -> HttpResponse:
    """In the recipient's language, whoever reads."""
    who = rules.initials(opened.person.first_name, opened.person.last_name)
    context = {"town": opened.town, "token": opened.token, "who": who, **words}
    response = render(request, template, context)
    response["Content-Language"] = opened.person.language
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    """The same of one that has expired and of one that never was."""
    return render(request, "alerts/link_gone.html", status=410)

"""« Aperçu des courriels » among the town's settings: all that the hub sends, as its readers would get it."""

from dataclasses import dataclass

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from hub.core.access import staff
from hub.core.errors import NotFound
from hub.deliveries import previews as shelf
from hub.deliveries.models import Channel
from hub.deliveries.previews import LETTER_POLICY, Preview, Sample
from hub.people.desk.entry import enter_management
from hub.people.models import Language
from hub.towns.models import Town

_ICONS = {Channel.EMAIL: "mail", Channel.SMS: "sms", Channel.VOICE: "phone-wave", Channel.PUSH: "push"}


@dataclass(frozen=True)
class Entry:
    """One of the list."""

    preview: Preview
    title: str
    icon: str


@require_safe
@staff
def previews(request: HttpRequest, town_slug: str) -> HttpResponse:
    """All of them, by what they are about, under the words that their readers see first."""
    _person, town = enter_management(request, town_slug)
    language = (get_language() or "fr")[:2]
    groups: dict[shelf.Subject, list[Entry]] = {}
    seen = set()
    for one in shelf.previews():
        sample = shelf.written(one, town, language)
        if (one.channel, sample.text) not in seen:  # some leave under several names
            groups.setdefault(one.subject, []).append(Entry(one, sample.title, _ICONS[one.channel]))
        seen.add((one.channel, sample.text))
    return render(request, "notifications/previews.html", {"town": town, "groups": groups})


@csp_update({"frame-src": [SELF]})  # type: ignore[untyped-decorator]
@require_safe
@staff
def preview(request: HttpRequest, town_slug: str) -> HttpResponse:
    """One: `courriel`, in `langue` (fr, en), as `vue` (ordinateur, telephone, texte)."""
    _person, town = enter_management(request, town_slug)
    one, language, sample = _asked(request, town)
    views = [
        ("ordinateur", _("Ordinateur"), "web"),
        ("telephone", _("Téléphone"), "phone"),
        ("texte", _("Texte"), "list"),
    ]
    chosen = request.GET.get("vue", "")
    shown = {
        "town": town, "preview": one, "sample": sample, "language": language, "languages": Language.choices,
        "views": views if sample.html else [],
        "view": chosen if chosen in {name for name, _label, _icon in views} else "ordinateur",
    }  # fmt: skip
    return render(request, "notifications/preview.html", shown)


@xframe_options_sameorigin
@require_safe
@staff
def frame(request: HttpRequest, town_slug: str) -> HttpResponse:
    """A mail's HTML as it would leave, for the frame of `preview`. Raises `NotFound` of what is no mail."""
    _person, town = enter_management(request, town_slug)
    _one, _language, sample = _asked(request, town)
    if not sample.html:
        raise NotFound
    return HttpResponse(sample.html, headers={"Content-Security-Policy": LETTER_POLICY})


def _asked(request: HttpRequest, town: Town) -> tuple[Preview, str, Sample]:
    one = shelf.access_preview(request.GET.get("courriel", ""))
    language = request.GET.get("langue", "")
    if language not in Language.values:
        language = (get_language() or "fr")[:2]
    return one, language, shelf.written(one, town, language)

"""Words of people in templates, and what every page tells its live part."""

import re
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString

from hub.conversations import rules, words
from hub.conversations.queries import total_unread
from hub.notifications.queries import kinds_on_site
from hub.notifications.standing import inbox_standing, standing_of, towns_to_follow
from hub.people.models import Person

register = template.Library()

# The same as in static/js/text.js.
_ADDRESS = re.compile(r"https?://[^\s<>\"'«»]+", re.IGNORECASE)
_NOT_OF_IT = re.compile(r"[.,;:!?…)\]}’]+$")


@register.filter
def with_links(text: str) -> SafeString:
    """A person's words: all is escaped, addresses of the web become links."""
    parts: list[tuple[str]] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        address = _NOT_OF_IT.sub("", match[0])
        parts += [(text[end : match.start()],), (_link(address),)]
        end = match.start() + len(address)
    return format_html_join("", "{}", [*parts, (text[end:],)])


def _link(address: str) -> SafeString:
    return format_html('<a href="{0}" rel="noopener nofollow ugc" target="_blank">{0}</a>', address)


@register.filter
def sign(name: str) -> str:
    """What people see of a reaction."""
    return rules.REACTIONS.get(name, "")


@register.filter
def meaning(name: str) -> str:
    """What it says to those who don't see it."""
    return words.reactions().get(name, "")


@register.simple_tag(takes_context=True)
def live_settings(context: dict[str, Any]) -> SafeString:
    """For who is signed in: whose page it is, where the live core is, and where their inbox and their towns stand."""
    request: HttpRequest = context["request"]
    person = request.user
    if not isinstance(person, Person):
        return SafeString("")
    inbox, standing = inbox_standing(request, person), standing_of(request, person)
    settings = {
        "person": person.pk,
        "socket": "/ws/",
        "me": "/api/v1/me",
        "worker": static("js/hub_worker.js"),
        "inbox": {"seq": inbox.seq, "epoch": inbox.epoch},
        "unread": total_unread(person.pk),
        "notifications": standing.unread,
        "kinds": kinds_on_site(person),
        "towns": towns_to_follow(standing),
    }
    return json_script(settings, "live")

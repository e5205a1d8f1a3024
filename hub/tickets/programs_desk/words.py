"""What the pages say of events, and of calls: whether they arrived, and if not, why."""

import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hub.conversations.moderation_words import plain_moment
from hub.core import jsons
from hub.tickets.models import WebhookCall
from hub.tickets.webhooks import EVENTS, TEST
from hub.towns.models import Town

_GONE = 410


def events() -> list[tuple[str, str]]:
    """What a webhook can be told of."""
    named = _named()
    return [(event, named[event]) for event in EVENTS]


def _named() -> dict[str, str]:
    return {
        "ticket.created": _("Une requête est créée"),
        "ticket.changed": _("Une requête change : état, service, échéance…"),
        "follow_up.added": _("Un suivi externe est écrit, ou le demandeur répond"),
        TEST: _("Essai"),
    }


@dataclass(frozen=True)
class Line:
    """One call in the log. `state`: in a word or two, with `icon`; `why`: what was answered, or is the matter."""

    call: WebhookCall
    event: str
    number: str  # of the ticket
    state: str
    icon: str
    why: str
    body: str  # what is sent, spread over lines
    again_at: str  # when it is tried next

    @property
    def failed(self) -> bool:
        """Somebody may want to do something."""
        return self.call.done_at is None

    @property
    def waits(self) -> bool:
        return self.call.next_at is not None


def line_of(call: WebhookCall, town: Town) -> Line:
    """As `town`'s clocks tell it."""
    state, icon = _state(call)
    said = jsons.decode(call.body)
    return Line(
        call=call,
        event=_named().get(call.event, call.event),
        number=(said.get("ticket") or {}).get("number", ""),
        state=state,
        icon=icon,
        why=why(call),
        body=json.dumps(said, ensure_ascii=False, indent=2),
        again_at=plain_moment(call.next_at, town) if call.next_at and call.attempts else "",
    )


def _state(call: WebhookCall) -> tuple[str, str]:
    if call.done_at is not None:
        return _("Arrivé"), "check"
    if call.next_at is not None:
        return _("En attente"), "clock"
    return (_("Non envoyé") if call.reason in {"off", "demo"} else _("Abandonné")), "x"


def why(call: WebhookCall) -> str:
    """In words: the last answer, or why there was none; "" before the first attempt."""
    reasons = {
        "timeout": _("Pas de réponse en dix secondes."),
        "connection": _("La connexion n’a pas pu se faire."),
        "name": _("Ce nom ne mène à aucune adresse."),
        "tls": _("Le certificat du site n’est pas valable."),
        "address": _("Ce nom mène à un réseau privé : Parvis ne l’appelle pas."),
        "off": _("Le webhook était hors service."),
        "demo": _("Rien ne sort d’une démonstration."),
        "error": _("Une erreur est survenue ici. Elle est dans le journal du serveur."),
    }
    if call.reason:
        return reasons.get(call.reason, call.reason)
    if call.answered is None:
        return ""
    if call.answered == _GONE:
        return _("Le programme a répondu qu’il n’existe plus (410).")
    if 300 <= call.answered < 400:
        return _("Le programme renvoie ailleurs (%(status)d), et Parvis n’y va pas.") % {"status": call.answered}
    return _("Réponse %(status)d.") % {"status": call.answered}


def is_gone(call: WebhookCall | None) -> bool:
    """Whether this call was the last its program wanted."""
    return call is not None and call.answered == _GONE

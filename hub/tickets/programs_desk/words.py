"""What the pages say of events, and of calls: whether they arrived, and if not, why."""

import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hub.conversations.moderation_words import plain_moment
from hub.core import jsons
from hub.tickets import program_words
from hub.tickets.models import Off, Webhook, WebhookCall
from hub.tickets.webhooks import EVENTS, TEST
from hub.towns.models import Town


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
    return program_words.answer(call.answered, call.reason)


@dataclass(frozen=True)
class Standing:
    """Whether a webhook works, in sentences: `said` and what to do; `alarming`: it is not somebody's own will."""

    said: str
    advice: str = ""
    alarming: bool = True


def standing_of(webhook: Webhook) -> Standing | None:
    """Since when it is out of service, or nothing arrives, and why; None while all is well."""
    told = {"since": program_words.off_since(webhook), "failing": program_words.failing_since(webhook)}
    failed = program_words.failed(webhook)
    if webhook.off_why == Off.FAILING:
        said = _("Hors service depuis le %(since)s : aucun appel n’arrivait plus depuis le %(failing)s.") % told
        advice = _("Voyez avec qui s’occupe du programme, puis remettez-le en service : ce qui attend depuis moins "
                   "d’un jour partira.")  # fmt: skip
        return Standing(f"{said} {failed}".strip(), advice)
    if webhook.off_why == Off.GONE:
        said = _("Hors service : le programme a répondu qu’il n’existe plus (410).")
        return Standing(said, _("Vérifiez l’adresse, puis remettez-le en service."))
    if not webhook.active:
        said = _("Hors service depuis le %(since)s, à la demande de la mairie.") if webhook.off_since else ""
        return Standing(said % told or _("Hors service, à la demande de la mairie."), alarming=False)
    if webhook.failing_since:
        said = _("Aucun appel n’arrive depuis le %(failing)s.") % told
        return Standing(f"{said} {failed}".strip(), _("Après trois jours ainsi, il est mis hors service."))
    return None

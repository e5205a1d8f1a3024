"""Why something did not get through, in words for a town's team."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_adapters.base import Cause
from hub.alerts.models import Recipient
from hub.deliveries.models import Channel, Delivery, State


def failure(channel: str, state: str, cause: str, *, twice: bool = False) -> str:
    """One thing that failed, as a heading of a count: « Numéro hors service ». `twice`: it was tried once more."""
    if twice and cause == Cause.NO_ANSWER:
        return _("Sans réponse, 2 essais")
    if state == State.EXPIRED:
        return _("Trop tard pour être utile")
    of_channel = _OF_CHANNEL.get((channel, cause))
    if of_channel is not None:
        return _said(of_channel)
    if cause in _CAUSES:
        return _said(_CAUSES[cause])
    if state == State.SUPPRESSED:
        return _("Ne veut plus rien recevoir par ce moyen")
    return {
        Channel.EMAIL: _("Courriel refusé"), Channel.SMS: _("SMS non remis"), Channel.VOICE: _("Appel non abouti"),
        Channel.PUSH: _("Notification non remise"),
    }[Channel(channel)]  # fmt: skip


def why(row: Recipient, sent: Sequence[Delivery], *, refused: bool = False) -> str:
    """Why somebody was not reached: « 2 appels sans réponse ». `refused`: they want no means at all."""
    if not (row.email or row.sms or row.voice or row.devices):
        return _("A refusé tous les moyens") if refused else _("Aucun moyen inscrit")
    failed = [one for one in sent if one.state not in (State.SENT, State.DELIVERED)]
    calls = [one for one in failed if one.channel == Channel.VOICE]
    if calls and calls[0].cause == Cause.NO_ANSWER:
        number = max(calls[0].attempts, 1)
        return ngettext("%(number)d appel sans réponse", "%(number)d appels sans réponse", number) % {"number": number}
    ended = [one for one in failed if one.state not in (State.QUEUED, State.SENDING, State.UNKNOWN)]
    if ended:
        return failure(ended[0].channel, ended[0].state, ended[0].cause)
    if any(one.state == State.UNKNOWN for one in failed):
        return _("Sans nouvelles du relais")
    return _("Sans confirmation de remise") if sent else _("Sans réponse connue")


def _said(name: str) -> str:
    return {
        "out_of_service": _("Numéro hors service"), "no_mailbox": _("Adresse de courriel inconnue"),
        "stopped": _("A demandé à ne plus rien recevoir"), "no_answer": _("Sans réponse"), "busy": _("Ligne occupée"),
        "off": _("Téléphone éteint ou hors de portée"), "full": _("Boîte de courriel pleine"),
        "gone": _("Application désinstallée"), "landline": _("Numéro qui ne reçoit pas de SMS"),
        "content": _("Texte refusé par le relais"), "not_allowed": _("Numéro qu’il ne nous est pas permis de joindre"),
        "account": _("Compte du fournisseur à régler"), "rate": _("Relais trop chargé"), "down": _("Relais en panne"),
        "carrier": _("Réseau téléphonique en panne"), "mail_refused": _("Courriel refusé"),
    }[name]  # fmt: skip


_CAUSES: dict[str, str] = {
    Cause.ADDRESS: "out_of_service", Cause.BLOCKED: "stopped", Cause.NO_ANSWER: "no_answer", Cause.BUSY: "busy",
    Cause.OFF: "off", Cause.FULL: "full", Cause.GONE: "gone", Cause.NOT_CAPABLE: "landline", Cause.CONTENT: "content",
    Cause.NOT_ALLOWED: "not_allowed", Cause.ACCOUNT: "account", Cause.RATE: "rate", Cause.DOWN: "down",
    Cause.CARRIER: "carrier",
}  # fmt: skip
_OF_CHANNEL: dict[tuple[str, str], str] = {
    (Channel.EMAIL, Cause.ADDRESS): "no_mailbox", (Channel.EMAIL, Cause.CONTENT): "mail_refused",
    (Channel.PUSH, Cause.ADDRESS): "gone",
}  # fmt: skip

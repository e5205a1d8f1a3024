"""What came of a webhook's call, in words: for its page, and for the mail that says that it is out of service."""

from django.utils.translation import gettext as _

from hub.conversations.moderation_words import plain_moment
from hub.tickets.models import Webhook

_GONE = 410


def answer(status: int | None, reason: str) -> str:
    """The answer's status, or why there was none; "" when neither is known."""
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
    if reason:
        return reasons.get(reason, reason)
    if status is None:
        return ""
    if status == _GONE:
        return _("Le programme a répondu qu’il n’existe plus (410).")
    if 300 <= status < 400:
        return _("Le programme renvoie ailleurs (%(status)d), et Parvis n’y va pas.") % {"status": status}
    return _("Réponse %(status)d.") % {"status": status}


def failed(webhook: Webhook) -> str:
    """What it answered last, since nothing arrives any more."""
    return answer(webhook.failed_with, webhook.failed_why)


def failing_since(webhook: Webhook) -> str:
    """« lundi 23 novembre, 9 h 12 »; "" while it works."""
    return plain_moment(webhook.failing_since, webhook.town) if webhook.failing_since else ""


def off_since(webhook: Webhook) -> str:
    """The same of the moment when it was put out of service."""
    return plain_moment(webhook.off_since, webhook.town) if webhook.off_since else ""

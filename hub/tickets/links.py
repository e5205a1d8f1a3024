"""The addresses that mails and SMS point to."""

from django.conf import settings

from hub.tickets.models import Follower, Ticket, Webhook


def tracking(ticket: Ticket, *, answer: str = "", part: str = "") -> str:
    """The requester's page, opened by the ticket's secret (S133).

    `answer`: "oui" or "non" to « C’est réglé ? »: the page opens at the question with it chosen; nothing happens
    before a press of its button. `part`: the page's part to open at.
    """
    chosen = f"&regle={answer}" if answer else ""
    at = f"#{part}" if part else ""
    return f"{settings.LINK_BASE}/suivi/{ticket.number}/?c={ticket.secret}{chosen}{at}"


def settling(ticket: Ticket, answer: str) -> str:
    """The tracking page at « C’est réglé ? »."""
    return tracking(ticket, answer=answer, part="regle")


def answering(ticket: Ticket) -> str:
    """The tracking page where one answers."""
    return tracking(ticket, part="repondre")


def track_by_code() -> str:
    """Where number and code are typed."""
    return f"{settings.LINK_BASE}/suivi/"


def public_page(ticket: Ticket) -> str:
    """What anybody may read of a public ticket: no secret in it."""
    return f"{settings.LINK_BASE}/suivi/{ticket.number}/"


def following(follower: Follower) -> str:
    """Where one confirms that one follows, and where one stops."""
    return f"{settings.LINK_BASE}/suivi/abonnement/{follower.secret}/"


def desk(ticket: Ticket) -> str:
    """The ticket on its town's desk."""
    return f"{settings.LINK_BASE}/mairie/{ticket.town.slug}/requetes/{ticket.number}/"


def webhook(one: Webhook) -> str:
    """Its page among the town's settings."""
    return f"{settings.LINK_BASE}/mairie/{one.town.slug}/reglages/programmes/webhooks/{one.pk}/"


def board(slug: str) -> str:
    """The town's desk."""
    return f"{settings.LINK_BASE}/mairie/{slug}/requetes/"

"""The outbox: what must leave, one row per recipient and channel, before anything is sent."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """A means of contact."""

    EMAIL = "email", _("Courriel")
    SMS = "sms", _("SMS")


class State(models.TextChoices):
    """Where a delivery stands. Once it has left, it never goes back."""

    QUEUED = "queued", _("En attente")
    SENDING = "sending", _("En cours")
    SENT = "sent", _("Envoyé")
    FAILED = "failed", _("Échec")
    EXPIRED = "expired", _("Trop tard")
    UNKNOWN = "unknown", _("Sans réponse du relais")


class Dispatch(models.Model):
    """The cause of one or more deliveries: a code to sign in, an unread message, …"""

    cause = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.cause


class Delivery(models.Model):
    """One thing to one address by one channel. Written in the transaction of its cause.

    A worker claims it by a conditional UPDATE (`state`, `lease_until`), sends with no transaction open, and
    records the outcome only while its lease (`claimed_by`) still holds.
    """

    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="deliveries"
    )
    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=32, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "channel", "address"], name="one_delivery_per_address")
        ]
        indexes = [
            models.Index(
                fields=["channel", "next_at"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="delivery_to_send",
            ),
            models.Index(fields=["created_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.address} {self.state}"

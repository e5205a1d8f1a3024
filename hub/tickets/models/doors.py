"""Other programs: who may ask by Open311, and who is told by webhook."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.core.clock import now
from hub.towns.models import Town


class ApiKey(models.Model):
    """A key of a civic app for Open311's `api_key`. Only its SHA-256 is kept."""

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="open311_keys")
    name = models.CharField(_("application"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Off(models.TextChoices):
    """Why a webhook is out of service."""

    HAND = "hand", _("mis hors service par la mairie")
    GONE = "gone", _("son programme n’existe plus")
    FAILING = "failing", _("aucun appel n’arrivait plus")


class Webhook(models.Model):
    """An address of another program that is told of a town's tickets. `secret` signs what it gets.

    `failing_since`: the first call that failed since one arrived; `failed_with`, `failed_why`: the last answer since,
    as a call keeps its own. They stay while it is off, so that one can read why.
    """

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(_("adresse"), max_length=500)
    secret = models.CharField(max_length=64)
    events = models.JSONField(_("évènements"), default=list)  # ticket.created, ticket.changed, follow_up.added
    active = models.BooleanField(_("en service"), default=True)
    off_since = models.DateTimeField(null=True, blank=True)
    off_why = models.CharField(max_length=10, choices=Off.choices, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failed_with = models.PositiveSmallIntegerField(null=True, blank=True)
    failed_why = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url


class WebhookCall(models.Model):
    """One event for one webhook: written with its cause, sent after, tried again, kept as a log."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="calls", db_index=False)
    event = models.CharField(max_length=30)
    key = models.CharField(max_length=32, unique=True)
    body = models.TextField()
    created_at = models.DateTimeField(default=now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, default=now)  # None: it has ended
    lease_until = models.DateTimeField(null=True, blank=True)
    answered = models.PositiveSmallIntegerField(null=True, blank=True)  # the last HTTP status
    reason = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="webhook_calls_by_age"),
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="webhook_calls_due"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook_id}"

"""What people report, and who may not write for a while."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.conversations.models.talk import Conversation, Message
from hub.towns.models import Town


class Reason(models.TextChoices):
    """Why somebody reports a message."""

    INSULT = "insult", _("Insulte ou menace")
    HATRED = "hatred", _("Propos haineux ou discriminatoires")
    PRIVACY = "privacy", _("Renseignements personnels de quelqu’un")
    FALSE = "false", _("Fausse information qui peut nuire")
    SPAM = "spam", _("Publicité ou message répété")
    OTHER = "other", _("Autre chose")


class Outcome(models.TextChoices):
    """What was decided of a report."""

    REMOVED = "removed", _("Message retiré")
    KEPT = "kept", _("Message gardé")


class Report(models.Model):
    """One person says that a message should be looked at. One per person and message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reports", db_index=False)
    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="+", db_index=False)
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("motif"), max_length=10, choices=Reason.choices)
    words = models.CharField(_("précisions"), max_length=500, blank=True)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "reporter"], name="one_report_per_person")]
        indexes = [
            models.Index(fields=["town", "at"], condition=models.Q(handled_at=None), name="reports_to_handle"),
            models.Index(fields=["town", "-handled_at"], name="reports_handled"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} on {self.message_id}"


class Silence(models.Model):
    """Somebody may read but not write until then: in one conversation, or in all groups and live chats of a town."""

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()
    reason = models.CharField(_("motif"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person_id} until {self.until}"

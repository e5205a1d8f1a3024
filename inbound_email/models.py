"""Mails that came in: their bytes are here before anybody is told that they were taken, and stay."""

import zlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.conversations.models import Conversation, Message
from hub.core.clock import now
from hub.towns.models import Service, Town


class Door(models.TextChoices):
    """By which way it came."""

    SMTP = "smtp", "SMTP"
    LMTP = "lmtp", "LMTP"
    IMAP = "imap", "IMAP"
    WEBHOOK = "webhook", _("Fournisseur")
    PIPE = "pipe", _("Commande")


class Status(models.TextChoices):
    """What was done with it."""

    RECEIVED = "received", _("Reçu")  # nobody has read it yet
    PLACED = "placed", _("Classé")  # its words are in a conversation
    WAITING = "waiting", _("En attente")  # somebody of the town hall is to say (`reason`)
    NOTED = "noted", _("Noté")  # a machine wrote it: never answered
    REFUSED = "refused", _("Écarté")  # nothing is done with it (`reason`)
    QUARANTINED = "quarantined", _("En quarantaine")  # it can't be read (`reason`)


class Reason(models.TextChoices):
    """Why it stands where it stands."""

    NONE = "", "—"
    UNVERIFIED = "unverified", _("Expéditeur non vérifié")
    NEW_SUBJECT = "new_subject", _("Même demande, ou une autre ?")
    SCANNED = "scanned", _("Lettre numérisée")
    NOT_ALLOWED = "not_allowed", _("N’a plus le droit d’écrire ici")
    AUTOMATIC = "automatic", _("Réponse automatique")
    BOUNCE = "bounce", _("Avis de non-remise")
    COMPLAINT = "complaint", _("Signalé comme indésirable")
    EMPTY = "empty", _("Aucun mot nouveau")
    UNKNOWN = "unknown", _("Destinataire inconnu")
    DISMISSED = "dismissed", _("Écarté par la mairie")
    TOO_MUCH = "too_much", _("Trop gros ou trop compliqué")
    TOO_SLOW = "too_slow", _("Trop long à lire")
    CRASHED = "crashed", _("Illisible")
    FAILED = "failed", _("Erreur, à reprendre")


class RawEmail(models.Model):
    """The bytes of one mail, as they came, once for all who got it. `digest`: SHA-256 of what does not depend on the
    way it took (`inbound_email.store.digest_of`)."""

    digest = models.CharField(max_length=64, unique=True)
    packed = models.BinaryField()  # zlib
    size_bytes = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"mail of {self.size_bytes} bytes"

    @property
    def data(self) -> bytes:
        return zlib.decompress(self.packed)


class InboundEmail(models.Model):
    """One mail to one address of ours. The same mail through another door is the same row."""

    raw = models.ForeignKey(RawEmail, on_delete=models.PROTECT, related_name="emails")
    recipient = models.CharField(max_length=254)  # in small letters
    envelope_from = models.CharField(max_length=254, blank=True)  # empty: MAIL FROM:<>
    door = models.CharField(max_length=8, choices=Door.choices)
    received_at = models.DateTimeField(default=now)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.RECEIVED)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True, default=Reason.NONE)
    detail = models.CharField(max_length=500, blank=True)
    # What is found in it.
    mail_id = models.CharField(max_length=255, blank=True)  # `Message-ID`
    subject = models.CharField(max_length=300, blank=True)
    from_address = models.CharField(max_length=254, blank=True)
    from_name = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    files = models.JSONField(default=list, blank=True)  # the names of what came along
    # Where it belongs.
    town = models.ForeignKey(Town, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="inbound_emails"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="inbound_emails"
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    handled_at = models.DateTimeField(null=True, blank=True)
    # Whose turn it is: as with deliveries, the row is the truth and a task a doorbell.
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=now)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["raw", "recipient"], name="one_mail_per_address")]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(status="received"), name="mails_to_read"),
            models.Index(
                fields=["town", "-received_at"],
                condition=models.Q(status__in=["waiting", "quarantined"]),
                name="mails_to_decide",
            ),
            models.Index(fields=["mail_id"], name="mails_by_name"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"


class Voice(models.Model):
    """Whose name stands under what an address says that several of the town hall read: the service's, or the town
    hall's. `person`: somebody with that name and nothing else, who can't sign in and works nowhere."""

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="+", db_index=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["town", "service"], name="one_voice_per_service"),
            models.UniqueConstraint(fields=["town"], condition=models.Q(service=None), name="one_voice_per_town"),
        ]

    def __str__(self) -> str:
        return f"voice {self.pk}"


class AutomaticAnswer(models.Model):
    """That a machine of ours has answered somebody about something on a day: it does so once (RFC 3834, 2).

    `about`: a conversation's topic, or a town's name.
    """

    address = models.CharField(max_length=254)
    about = models.CharField(max_length=80)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "about", "day"], name="one_automatic_answer_a_day")]
        indexes = [models.Index(fields=["day"], name="automatic_answers_by_day")]

    def __str__(self) -> str:
        return f"{self.about} {self.day}"

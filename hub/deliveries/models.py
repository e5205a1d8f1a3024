"""The outbox: what must leave, one row per recipient's address and channel, before anything is sent."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.towns.models import Town


class Channel(models.TextChoices):
    """A means of contact."""

    EMAIL = "email", _("Courriel")
    SMS = "sms", _("SMS")
    VOICE = "voice", _("Appel")
    PUSH = "push", _("Notification")


class Lane(models.IntegerChoices):
    """A class of urgency. What stands in a lower one leaves first, whatever waits in the others."""

    EMERGENCY = 0, _("Urgence")
    TRANSACTIONAL = 1, _("Réponse attendue")
    NOTIFICATION = 2, _("Nouvelle")
    BULK = 3, _("Lettre d’information")


class State(models.TextChoices):
    """Where a delivery stands. It never goes back (`hub.deliveries.rules.RANK`)."""

    QUEUED = "queued", _("En attente")
    SENDING = "sending", _("En cours")
    UNKNOWN = "unknown", _("Sans réponse du relais")
    SENT = "sent", _("Envoyé")
    FAILED = "failed", _("Échec")
    UNDELIVERABLE = "undeliverable", _("Non remis")
    DELIVERED = "delivered", _("Remis")
    SUPPRESSED = "suppressed", _("Retenu")
    EXPIRED = "expired", _("Trop tard")


class Dispatch(models.Model):
    """The cause of one or more deliveries: a code to sign in, an unread message, an alert, …

    `key`: the same cause dispatched twice is one; "" where each is its own. `stopped_at`: nothing more leaves of it.
    `about`: what its recipients may leave by its link, for news: `{"kind": "new_group"}`; what they may answer by SMS:
    `{"ticket": "SA26-00042"}`.
    """

    cause = models.CharField(max_length=60)
    key = models.CharField(max_length=60, blank=True)
    town = models.ForeignKey(Town, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    about = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="one_dispatch_per_key")
        ]

    def __str__(self) -> str:
        return self.cause


class Content(models.Model):
    """What a dispatch says to all who read one language, by one channel: kept once, however many they are.

    `text` and `html` may hold `{leave}` and `{confirm}`: each recipient's own links (`hub.deliveries.links`).
    """

    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="contents")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.channel} {self.language} of {self.dispatch_id}"


class Delivery(models.Model):
    """One thing to one address by one channel. Written in the transaction of its cause.

    A worker claims rows by a conditional UPDATE (`lease_until`, `claimed_by`), sends with no transaction open, and
    records the outcome only while its lease still holds. What it says stands in `content`, or here when nobody else
    is told the same.
    """

    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    content = models.ForeignKey(Content, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="deliveries"
    )
    channel = models.CharField(max_length=8, choices=Channel.choices)
    lane = models.PositiveSmallIntegerField(choices=Lane.choices, default=Lane.TRANSACTIONAL)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    state = models.CharField(max_length=13, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=32, blank=True)
    # Handed over without an answer: when the provider is to be asked, where it can be.
    ask_at = models.DateTimeField(null=True, blank=True)
    # The adapter that took it, and its own name for it.
    provider = models.CharField(max_length=20, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    cause = models.CharField(max_length=12, blank=True)  # `channels_adapters.base.Cause`
    reason = models.CharField(max_length=300, blank=True)
    pressed = models.CharField(max_length=1, blank=True)  # the key pressed in a call
    # Leaves although its address wants nothing more: the answer to those very words.
    despite = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # delivered, or known never to be

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "channel", "address"], name="one_delivery_per_address")
        ]
        indexes = [
            models.Index(fields=["channel", "lane", "next_at"], condition=models.Q(state="queued"), name="to_send"),
            models.Index(fields=["lease_until"], condition=models.Q(state="sending"), name="being_sent"),
            models.Index(fields=["channel", "ask_at"], condition=models.Q(ask_at__isnull=False), name="to_ask_about"),
            models.Index(fields=["provider_id"], condition=~models.Q(provider_id=""), name="delivery_by_provider_id"),
            models.Index(fields=["dispatch", "channel", "state"], name="delivery_by_state"),
            models.Index(fields=["created_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.address} {self.state}"


class Provider(models.Model):
    """How far an adapter is trusted just now, by all workers: falls with its faults, and drifts back by itself.

    `trust`: from 0 to 100, as it stood at `changed_at` (`rules.trust_now`).
    """

    channel = models.CharField(max_length=8, choices=Channel.choices)
    name = models.CharField(max_length=20)
    trust = models.FloatField(default=100)
    changed_at = models.DateTimeField()
    faults = models.PositiveIntegerField(default=0)  # since ever
    reason = models.CharField(max_length=300, blank=True)  # of the last one

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "name"], name="one_provider_per_channel")]

    def __str__(self) -> str:
        return f"{self.name} for {self.channel}"


class Why(models.TextChoices):
    """Why nothing more is sent to an address."""

    STOPPED = "stopped", _("La personne a répondu STOP")
    COMPLAINED = "complained", _("La personne a signalé un message comme indésirable")
    BOUNCED = "bounced", _("L’adresse n’existe pas")
    GONE = "gone", _("L’appareil ne reçoit plus rien")


class Suppression(models.Model):
    """An address to which nothing is sent by one channel, whatever the cause, until it says otherwise."""

    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = models.CharField(max_length=254)
    why = models.CharField(max_length=10, choices=Why.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "address"], name="one_suppression_per_address")]

    def __str__(self) -> str:
        return f"{self.channel} {self.address} {self.why}"


class EarlyReceipt(models.Model):
    """A provider's word about something that has no name of theirs here yet. Tried again for five minutes."""

    provider = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=200)
    became = models.CharField(max_length=13)
    cause = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    pressed = models.CharField(max_length=1, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id", "became"], name="one_early_receipt_per_word")
        ]
        indexes = [models.Index(fields=["at"], name="early_receipts_by_age")]

    def __str__(self) -> str:
        return f"{self.provider} {self.provider_id} {self.became}"


class Did(models.TextChoices):
    """What came of words that came in."""

    KEPT = "kept", _("Gardé")
    STOPPED = "stopped", _("SMS arrêtés")
    RESUMED = "resumed", _("SMS repris")
    HELPED = "helped", _("Aide envoyée")
    NOTHING = "nothing", _("Déjà fait")


class InboundSms(models.Model):
    """Words that somebody sent to one of our numbers; the same call again finds them here, and does nothing.

    `town`: whose desk reads what nobody took; None: of no town that is known.
    """

    provider = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=200)
    sender = models.CharField(max_length=20)
    to = models.CharField(max_length=20)
    text = models.TextField()
    at = models.DateTimeField()
    did = models.CharField(max_length=8, choices=Did.choices, default=Did.KEPT)
    town = models.ForeignKey(Town, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "provider_id"], name="one_inbound_sms_per_name")]
        indexes = [
            models.Index(fields=["sender", "at"], name="inbound_sms_by_sender"),
            models.Index(fields=["town", "at"], condition=models.Q(did="kept"), name="inbound_sms_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.provider_id} {self.did}"


class Used(models.Model):
    """What was used up on a day, of one number's, one town's or the hub's allowance (`hub.deliveries.allowance`), or of
    what may be told about one thing (`hub.deliveries.sparing`).

    `name`: whose, in that scope. `used`: messages; of money ten-thousandths.
    """

    scope = models.CharField(max_length=10)
    name = models.CharField(max_length=300)
    day = models.DateField()
    used = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "name", "day"], name="one_allowance_per_day")]
        indexes = [models.Index(fields=["day"], name="allowances_by_day")]

    def __str__(self) -> str:
        return f"{self.scope} {self.name} {self.day} {self.used}"


class Halt(models.Model):
    """The day's money is spent: SMS and calls wait until the next one, but for emergencies. Managers are told once."""

    currency = models.CharField(max_length=3)
    zone = models.CharField(max_length=60)  # whose day it is
    day = models.DateField()
    limit = models.DecimalField(max_digits=12, decimal_places=2)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["currency", "zone", "day"], name="one_halt_per_day")]

    def __str__(self) -> str:
        return f"{self.limit} {self.currency} {self.day} {self.zone}"

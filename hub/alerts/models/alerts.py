"""What a town tells people of a danger: who decided it, to whom it went, and who was reached."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hub.alerts.models.subscriptions import Theme
from hub.deliveries.models import Dispatch
from hub.towns.models import Town


class Danger(models.TextChoices):
    """What happens (`d1`). The design system has an icon of each name."""

    WATER = "water", _("Eau potable")
    FLOOD = "flood", _("Inondation")
    FIRE = "fire", _("Incendie, fumée")
    CHEMICAL = "chemical", _("Produit dangereux")
    STORM = "storm", _("Tempête, verglas")
    OUTAGE = "outage", _("Panne majeure")
    MISSING = "missing", _("Personne disparue")
    OTHER = "other", _("Autre danger")


class Status(models.TextChoices):
    """Where an alert stands. Forward only."""

    DRAFT = "draft", _("Brouillon")
    PENDING = "pending", _("En attente d’accord")
    SCHEDULED = "scheduled", _("Programmée")
    SENDING = "sending", _("Envoi en cours")
    DONE = "done", _("Envoyée")
    STOPPED = "stopped", _("Arrêtée")


class Purpose(models.TextChoices):
    """The first word about something, a further one to the same people, or the last."""

    ALERT = "alert", _("Alerte")
    UPDATE = "update", _("Précision")
    END = "end", _("Fin d’alerte")


class Zone(models.Model):
    """A part of the town that alerts go to again and again: a sector. `shape`: a GeoJSON polygon (RFC 7946)."""

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="alert_zones")
    name = models.CharField(_("nom"), max_length=60)
    shape = models.JSONField(_("contour"))

    class Meta:
        verbose_name = _("secteur")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["town", "name"], name="one_zone_per_name")]

    def __str__(self) -> str:
        return self.name


class Alert(models.Model):
    """One alert. What it says and to whom is fixed once it is submitted; a changed mind is a new draft.

    `title`, `body`, `sms`, `voice`: by language, {"fr": …, "en": …}; an empty `sms` or `voice` is made of title and
    body. `audience`: {"zones": [ids], "shape": GeoJSON or null, "streets": [names], "services": [ids],
    "register": bool}; with none of them, everybody whom it concerns; {"nobody": true}: not chosen yet. `emergency`: to
    everybody there, whatever they subscribed to; else to those who subscribed to its theme.
    """

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="alerts", db_index=False)
    number = models.CharField(max_length=16)  # A-26-017
    purpose = models.CharField(max_length=6, choices=Purpose.choices, default=Purpose.ALERT)
    about = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="further")
    danger = models.CharField(_("ce qui se passe"), max_length=10, choices=Danger.choices, blank=True)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    emergency = models.BooleanField(_("mesures d’urgence"), default=False)
    exercise = models.BooleanField(_("exercice"), default=False)
    audience = models.JSONField(default=dict)
    channels = models.JSONField(default=list)
    title = models.JSONField(default=dict)
    body = models.JSONField(default=dict)
    sms = models.JSONField(default=dict)
    voice = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    stopper = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    dispatch = models.OneToOneField(Dispatch, on_delete=models.SET_NULL, null=True, blank=True, related_name="alert")
    calls = models.OneToOneField(Dispatch, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    send_at = models.DateTimeField(_("envoi programmé"), null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    # Everybody has been named, and every row written: from here on it can only be sent.
    expanded_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)  # the calls of the cascade
    ended_at = models.DateTimeField(null=True, blank=True)
    # The expansion's place: behind whom to go on (`hub.alerts.expanding`).
    step = models.CharField(max_length=10, blank=True)
    reached_id = models.BigIntegerField(default=0)
    # Who counts and tells how far it is, one worker at a time; until when.
    watched_until = models.DateTimeField(null=True, blank=True)
    told = models.JSONField(default=dict)  # what was told last
    kept = models.JSONField(default=dict)  # its figures, once the rows they were counted from are forgotten (`keeping`)

    class Meta:
        verbose_name = _("alerte")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="one_alert_per_number"),
            models.UniqueConstraint(fields=["town", "key"], condition=~models.Q(key=""), name="one_alert_per_key"),
        ]
        indexes = [
            models.Index(fields=["town", "-created_at"], name="alerts_of_town"),
            models.Index(
                fields=["town", "-started_at"], condition=models.Q(started_at__isnull=False), name="alerts_that_left"
            ),
            models.Index(
                fields=["status"], condition=models.Q(status__in=["scheduled", "sending"]), name="alerts_at_work"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def has_left(self) -> bool:
        """Whether people were told of it, or are being told."""
        return self.started_at is not None

    @property
    def heading(self) -> str:
        """Its title in the reader's language."""
        return self.said("title", get_language() or "fr")

    def said(self, what: str, language: str) -> str:
        """`title`, `body`, `sms` or `voice` in that language, French when there is none."""
        words: dict[str, str] = getattr(self, what)
        return words.get(language[:2]) or words.get("fr") or next(iter(words.values()), "")


class Recipient(models.Model):
    """One person whom an alert concerns, as they were when it left: proof, and the list of those not reached.

    `email`, `sms`, `voice`: the addresses that it goes to, "" for none; `devices`: how many. Two who share a number
    are two recipients of one delivery. `reached_at`: by one means at least; `confirmed_at`: they said so themselves.
    """

    # Rows are made by one statement from people's own, by the thousand: no constraint looks each of them up.
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="recipients", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="alert_recipients",
        db_constraint=False,
    )
    language = models.CharField(max_length=2)
    email = models.CharField(max_length=254, blank=True)
    sms = models.CharField(max_length=16, blank=True)
    voice = models.CharField(max_length=16, blank=True)
    devices = models.PositiveSmallIntegerField(default=0)
    reached_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # What is done about who was not reached: a note of the team's, and whose.
    follow_up = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "person"], name="one_recipient_per_person")]
        indexes = [
            models.Index(fields=["alert"], condition=models.Q(reached_at=None), name="recipients_not_reached"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.alert_id}"


class Vulnerable(models.Model):
    """Who is in the town's register of vulnerable people, because they or theirs asked for it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="vulnerable_people", db_index=False)
    why = models.CharField(_("situation"), max_length=120, blank=True)  # « Personne seule », « 48 résidents »
    contact = models.CharField(_("personne à prévenir"), max_length=200, blank=True)
    note = models.CharField(_("remarque pour les secours"), max_length=300, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("personne vulnérable")
        constraints = [models.UniqueConstraint(fields=["town", "person"], name="one_entry_in_the_register")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.town_id}"


class Rules(models.Model):
    """How a town handles its alerts. No row: the defaults.

    `alone`: the mayor may confirm their own alert by a second factor, where nobody else can.
    """

    town = models.OneToOneField(Town, on_delete=models.CASCADE, primary_key=True, related_name="alert_rules")
    alone = models.BooleanField(
        _("la maire ou le maire peut confirmer seul, par une double vérification"), default=False
    )
    call_after_min = models.PositiveSmallIntegerField(_("appeler les personnes non jointes après (minutes)"), default=5)

    def __str__(self) -> str:
        return f"rules of {self.town_id}"

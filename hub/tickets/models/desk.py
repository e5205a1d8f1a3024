"""What the desk keeps: a town's own rules, and what each member of staff has chosen."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.core.clock import now
from hub.tickets.models.ticket import Ticket
from hub.towns.models import Service, Town


class DeskSettings(models.Model):
    """A town's rules for tickets. A town without a row has the defaults (`queries.desk_settings`)."""

    town = models.OneToOneField(Town, on_delete=models.CASCADE, primary_key=True, related_name="desk_settings")
    # The letters that begin its tickets' numbers, unique among towns: SA26-00042.
    code = models.CharField(_("lettres des numéros"), max_length=4, unique=True)
    anonymous_allowed = models.BooleanField(_("accepter les demandes anonymes"), default=False)  # S99
    operator_first = models.BooleanField(_("les demandes passent d’abord par le centre d’appels"), default=False)  # S87
    public_list = models.BooleanField(_("montrer la liste des demandes publiques"), default=True)
    reminder_days = models.PositiveSmallIntegerField(_("rappel avant l’échéance, en jours"), default=2)  # S109
    default_delay_days = models.PositiveSmallIntegerField(_("délai par défaut, en jours ouvrables"), default=10)
    reopen_days = models.PositiveSmallIntegerField(_("jours pour rouvrir une demande fermée"), default=14)
    work_days = models.JSONField(_("jours ouvrables"), default=list, blank=True)  # 0 (Monday) to 6; empty: 0 to 4
    # Of France: "", or the department whose own holidays count (57, 67, 68). In Québec always QC.
    holiday_region = models.CharField(_("jours fériés propres"), max_length=3, blank=True)
    closed_days = models.JSONField(_("autres jours de fermeture"), default=list, blank=True)  # ISO dates
    accountable = models.CharField(_("personne responsable"), max_length=120, blank=True)  # S139; else the mayor
    # {code of a mail: {"fr": "…", "en": "…"}}: the town's own words in it (`hub.tickets.letters`).
    mail_texts = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"desk of {self.town_id}"


class Favourite(models.Model):
    """One person's star on a ticket (S120)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourite_tickets", db_index=False
    )
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "ticket"], name="one_star_per_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket_id} of {self.person_id}"


class Watcher(models.Model):
    """A member of staff who is told what happens to a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="watchers", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="one_watcher_per_person")]

    def __str__(self) -> str:
        return f"{self.person_id} watches {self.ticket_id}"


class SavedView(models.Model):
    """Filters under a name: « Tournée du matin ». `filters` as `hub.tickets.filters` reads them."""

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("nom"), max_length=60)
    filters = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["town", "person", "name"], name="one_view_per_name")]

    def __str__(self) -> str:
        return self.name


class BoardMemory(models.Model):
    """How somebody left a town's board: there again at the next sign-in (S128)."""

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    filters = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "person"], name="one_memory_per_board")]

    def __str__(self) -> str:
        return f"board of {self.person_id} in {self.town_id}"


class CannedReply(models.Model):
    """A text that staff answer with; {prenom}, {numero} … are filled in."""

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="canned_replies")
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("service")
    )
    title = models.CharField(_("titre"), max_length=80)
    body = models.TextField(_("texte"), max_length=5000)
    body_en = models.TextField(_("texte en anglais"), max_length=5000, blank=True)

    class Meta:
        verbose_name = _("réponse type")
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["town", "title"], name="one_reply_per_title")]

    def __str__(self) -> str:
        return self.title

"""A town, its services, and what its own settings say."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.towns.hours import Absence


class Country(models.TextChoices):
    """ISO 3166-1 alpha-2 codes of where Parvis is at home."""

    FRANCE = "FR", _("France")
    CANADA = "CA", _("Canada (Québec)")


class Grammar(models.TextChoices):
    """How the office of mayor agrees: le maire, la maire."""

    MASCULINE = "m", _("le maire")
    FEMININE = "f", _("la maire")


class Emblem(models.TextChoices):
    """The charge on the town's arms, drawn by the design system."""

    LEAF = "leaf", _("Feuille")
    WAVE = "wave", _("Rivière")
    TOWER = "tower", _("Tour")
    STAR = "star", _("Étoile")


class Town(models.Model):
    """A municipality that uses this hub. Nothing of one town is seen from another."""

    slug = models.SlugField(_("nom court"), max_length=60, unique=True)
    name = models.CharField(_("nom"), max_length=120)
    country = models.CharField(_("pays"), max_length=2, choices=Country.choices, default=Country.FRANCE)
    time_zone = models.CharField(_("fuseau horaire"), max_length=60, default="Europe/Paris")
    languages = models.JSONField(_("langues"), default=list)
    emblem = models.CharField(_("blason"), max_length=12, choices=Emblem.choices, default=Emblem.LEAF)
    mayor_grammar = models.CharField(_("titre"), max_length=1, choices=Grammar.choices, default=Grammar.MASCULINE)
    meeting_hours = models.CharField(_("où et quand rencontrer votre maire"), max_length=200, blank=True)
    postal_address = models.CharField(_("adresse de la mairie"), max_length=200, blank=True)
    # WGS 84, degrees: where its maps open. Both or neither (`hub.towns.rules.clean_position`).
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    phone = models.CharField(_("téléphone de la mairie"), max_length=20, blank=True)
    email = models.EmailField(_("courriel de la mairie"), blank=True)
    answer_hours = models.JSONField(_("heures de réponse"), default=dict, blank=True)
    away_from = models.DateField(_("premier jour d’absence"), null=True, blank=True)
    away_until = models.DateField(_("dernier jour d’absence"), null=True, blank=True)
    automatic_answer = models.BooleanField(_("répondre automatiquement en dehors de ces heures"), default=False)
    automatic_answer_text = models.JSONField(_("réponse automatique"), default=dict, blank=True)
    staff_second_factor = models.BooleanField(_("exiger une double vérification de l’équipe municipale"), default=False)
    # Which details of citizens are asked for, and where (S11): `hub.towns.citizen_fields`.
    citizen_fields = models.JSONField(_("renseignements demandés"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("commune")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                # A condition that is unknown, as a range of nothing is, holds.
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="town_stands_somewhere_or_nowhere",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def emergency_number(self) -> str:
        """The number to call in immediate danger: 112 in France, 911 in Canada."""
        return "911" if self.country == Country.CANADA else "112"

    @property
    def absence(self) -> Absence | None:
        """The days when the mayor is away, past or to come."""
        return Absence(self.away_from, self.away_until) if self.away_from and self.away_until else None

    @property
    def locale(self) -> str:
        """The BCP 47 tag of how the town writes French."""
        return "fr-CA" if self.country == Country.CANADA else "fr-FR"


class Service(models.Model):
    """A municipal department (service municipal): public works, registry, …"""

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="services")
    name = models.CharField(_("nom"), max_length=120)
    email = models.EmailField(_("courriel"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("service")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["town", "name"], name="one_service_per_name_and_town")]

    def __str__(self) -> str:
        return self.name

"""What tickets are about: categories, events, sub-events (S92), and the questions that each asks (S80, S93)."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hub.towns.models import Service, Town


class Category(models.Model):
    """One node of a town's tree, three levels at most; tickets are made on leaves.

    What a node does not say (service) is its parent's; of the delays on the way to it, the longest counts (S109).
    """

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="ticket_categories")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(_("nom"), max_length=80)
    name_en = models.CharField(_("nom en anglais"), max_length=80, blank=True)
    # The name of an icon of the design system; empty: the parent's, else a pin.
    icon = models.CharField(_("image"), max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    service = models.ForeignKey(
        Service, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("service")
    )
    delay_days = models.PositiveSmallIntegerField(_("délai en jours ouvrables"), null=True, blank=True)
    public_allowed = models.BooleanField(_("peut être publique"), default=False)
    for_citizens = models.BooleanField(_("ouverte aux habitants"), default=True)
    active = models.BooleanField(_("en usage"), default=True)

    class Meta:
        verbose_name = _("catégorie")
        ordering = ["position", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["town", "parent", "name"], name="one_category_per_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return (self.name_en if (get_language() or "fr").startswith("en") else "") or self.name


class Answering(models.TextChoices):
    """How a question is answered (S80)."""

    CHOICE = "choice", _("Un choix")
    YES_NO = "yes_no", _("Oui ou non")
    TEXT = "text", _("Du texte")


class Question(models.Model):
    """Asked of who makes a ticket in a category, or below it."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(_("question"), max_length=200)
    text_en = models.CharField(_("question en anglais"), max_length=200, blank=True)
    answering = models.CharField(_("réponse"), max_length=6, choices=Answering.choices, default=Answering.TEXT)
    # Of a choice: [{"fr": "…", "en": "…"}, …]; what is kept of an answer is the French word.
    choices = models.JSONField(_("choix"), default=list, blank=True)
    required = models.BooleanField(_("réponse nécessaire"), default=False)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    active = models.BooleanField(_("en usage"), default=True)

    class Meta:
        verbose_name = _("question")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def label(self) -> str:
        """Its words in the reader's language."""
        return (self.text_en if (get_language() or "fr").startswith("en") else "") or self.text

    @property
    def options(self) -> list[tuple[str, str]]:
        """Of a choice: (what is kept, how the reader sees it)."""
        english = (get_language() or "fr").startswith("en")
        return [(one["fr"], (one.get("en") if english else "") or one["fr"]) for one in self.choices]

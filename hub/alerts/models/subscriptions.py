"""What a town alerts about, who wants to be told of it, and by which means (S24–S29)."""

from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hub.towns.models import Town


class Theme(models.Model):
    """A subject of a town's alerts (S25, S27). One that is archived is offered no more, and keeps its past."""

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="alert_themes")
    name = models.CharField(_("nom"), max_length=60)
    name_en = models.CharField(_("nom en anglais"), max_length=60, blank=True)
    # The name of an icon of the design system (`hub.alerts.icons`); empty: a bell.
    icon = models.CharField(_("image"), max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("thématique")
        ordering = ["position", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["town", "name"], condition=models.Q(archived_at=None), name="one_theme_per_name"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return self.named(get_language() or "fr")

    def named(self, language: str) -> str:
        """Its name in that language."""
        return (self.name_en if language.startswith("en") else "") or self.name


class Subscription(models.Model):
    """What one person wants to be told of one town's alerts. No row: they never said, and are told nothing but what
    everybody is told in an emergency, by all that they gave (`rules.never_said`).

    `all_themes` counts for those created later too (S26). `channels`: means of `rules.CHANNELS`; none: they refused
    everything, and are told nothing, not even in an emergency.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alert_subscriptions", db_index=False
    )
    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="+", db_index=False)
    all_themes = models.BooleanField(default=False)
    channels = models.JSONField(default=list)
    themes: "models.ManyToManyField[Theme, SubscriptionTheme]" = models.ManyToManyField(
        Theme, through="SubscriptionTheme", related_name="subscriptions"
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "town"], name="one_subscription_per_town")]
        indexes = [models.Index(fields=["town", "person"], name="subscriptions_of_town")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.town_id}"

    def by(self, channel: str) -> bool:
        """Whether it is to come by this means."""
        said: Sequence[str] = self.channels
        return channel in said


class SubscriptionTheme(models.Model):
    """One theme that somebody has chosen."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="chosen", db_index=False)
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "theme"], name="one_choice_per_theme")]

    def __str__(self) -> str:
        return f"{self.theme_id} of {self.subscription_id}"


class NumberCode(models.Model):
    """The code that was sent to a number, until it is typed: the latest alone counts. Only its digest is kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.CharField(max_length=16)
    channel = models.CharField(max_length=8)  # by which means it went
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "number"], name="one_code_per_number")]
        indexes = [models.Index(fields=["expires_at"], name="number_codes_by_age")]

    def __str__(self) -> str:
        return f"code of {self.person_id}"

"""By what comes in: another authority's alerts, and who asks to be in the register of vulnerable people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.towns.models import Town


class CapDoor(models.Model):
    """A town takes alerts of other authorities (CAP 1.2) from who has this secret; only its digest is kept."""

    town = models.OneToOneField(Town, on_delete=models.CASCADE, primary_key=True, related_name="+")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"CAP door of {self.town_id}"


class RegisterRequest(models.Model):
    """Somebody asks to be in their town's register of vulnerable people: it stands until the team has answered."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="+", db_index=False)
    why = models.CharField(_("situation"), max_length=120, blank=True)
    contact = models.CharField(_("personne à prévenir"), max_length=200, blank=True)
    note = models.CharField(_("remarque pour les secours"), max_length=300, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "person"], name="one_request_for_the_register")]

    def __str__(self) -> str:
        return f"{self.person_id} asks {self.town_id}"

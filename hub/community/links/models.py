"""The town's other services online, and what else may be of use (S59, S137)."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hub.community.links.addresses import ADDRESS_MAX, host_of, leaves
from hub.towns.models import Town

TITLE_MAX = 60
DESCRIPTION_MAX = 160


class Group(models.TextChoices):
    """Where it stands: what one does with the town hall elsewhere, or what else helps."""

    SERVICE = "service", _("Services en ligne")
    USEFUL = "useful", _("Liens utiles")


class Link(models.Model):
    """A way to another site. One that isn't shown is seen by staff alone."""

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="links", db_index=False)
    group = models.CharField(_("où"), max_length=10, choices=Group.choices, default=Group.SERVICE)
    title = models.CharField(_("titre"), max_length=TITLE_MAX)
    title_en = models.CharField(_("titre en anglais"), max_length=TITLE_MAX, blank=True)
    description = models.CharField(_("description"), max_length=DESCRIPTION_MAX, blank=True)
    description_en = models.CharField(_("description en anglais"), max_length=DESCRIPTION_MAX, blank=True)
    address = models.CharField(_("adresse"), max_length=ADDRESS_MAX)
    # The name of an icon of the design system (`hub.community.links.icons`); empty: a site.
    icon = models.CharField(_("image"), max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    shown = models.BooleanField(_("affiché"), default=True)

    class Meta:
        verbose_name = _("lien")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["town", "group", "title"], name="one_link_per_title_and_group"),
            # A page writes it as it is: never « javascript: ».
            models.CheckConstraint(condition=models.Q(address__startswith="https://"), name="links_lead_to_https"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """Its title in the reader's language."""
        return (self.title_en if _english() else "") or self.title

    @property
    def words(self) -> str:
        """What it says of itself in the reader's language."""
        return (self.description_en if _english() else "") or self.description

    @property
    def host(self) -> str:
        """Where it leads."""
        return host_of(self.address)

    @property
    def leaves(self) -> bool:
        """Whether it leads away from this site."""
        return leaves(self.address, settings.SITE_ORIGINS)


def _english() -> bool:
    return (get_language() or "fr").startswith("en")

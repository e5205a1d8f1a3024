"""The pictures of themes: symbols of the design system, and what each shows."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEFAULT = "bell"

ICONS: dict[str, "str | Promise"] = {
    DEFAULT: _("Cloche"),
    "drop": _("Goutte"),
    "wave": _("Vagues"),
    "snow": _("Neige"),
    "road": _("Route"),
    "sign": _("Panneau"),
    "users": _("Personnes"),
    "bin": _("Poubelle"),
    "refresh": _("Flèches en rond"),
    "leaf": _("Feuille"),
    "ball": _("Ballon"),
    "star": _("Étoile"),
    "shield": _("Bouclier"),
    "bolt": _("Éclair"),
    "flame": _("Flamme"),
    "hazard": _("Produit dangereux"),
    "town": _("Mairie"),
}

"""The pictures of links: symbols of the design system, and what each shows."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEFAULT = "web"

ICONS: dict[str, "str | Promise"] = {
    DEFAULT: _("Site"),
    "town": _("Mairie"),
    "home": _("Maison"),
    "map": _("Carte"),
    "file": _("Document"),
    "notice": _("Avis"),
    "megaphone": _("Mégaphone"),
    "calendar": _("Calendrier"),
    "chart": _("Graphique"),
    "ball": _("Ballon"),
    "users": _("Personnes"),
    "star": _("Étoile"),
    "bin": _("Poubelle"),
    "road": _("Route"),
    "leaf": _("Feuille"),
    "shield": _("Bouclier"),
}

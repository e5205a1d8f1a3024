"""The pictures of categories: symbols of the design system, and what each shows."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hub.tickets.models import Source

DEFAULT = "pin"

# By which way a ticket came (S77).
SOURCE_ICONS = {
    Source.WEB: "web",
    Source.API: "copy",
    Source.PHONE: "phone",
    Source.COUNTER: "counter",
    Source.LETTER: "letter",
    Source.EMAIL: "mail",
    Source.SMS: "sms",
    Source.INTERNAL: "lock",
}

ICONS: dict[str, "str | Promise"] = {
    "road": _("Route"),
    "lamp": _("Lampadaire"),
    "snow": _("Neige"),
    "sign": _("Panneau"),
    "drop": _("Goutte"),
    "wave": _("Vagues"),
    "bin": _("Poubelle"),
    "refresh": _("Flèches en rond"),
    "leaf": _("Feuille"),
    "broom": _("Balai"),
    "tree": _("Arbre"),
    "paw": _("Patte"),
    "town": _("Mairie"),
    "bench": _("Banc"),
    "ball": _("Ballon"),
    "swing": _("Balançoire"),
    "home": _("Maison"),
    "bolt": _("Éclair"),
    "flame": _("Flamme"),
    "hazard": _("Produit dangereux"),
    "group": _("Bulles"),
    "service": _("Service"),
    "file": _("Document"),
    "pin": _("Épingle"),
}

"""What was done with proofs, with other authorities' alerts and with the register, in the trail's sentences."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from hub.alerts.cap import origin

Fields = Mapping[str, str]


def _of(fields: Fields) -> Mapping[str, str]:
    """Whom it is about by number alone: the trail stays, and names no one who asked the town for help."""
    return {"actor": fields["actor"], "person": fields["subject"].removeprefix("person.")}


def _received(fields: Fields) -> str:
    said = _("Alerte reçue d’une autre autorité (%(sender)s), brouillon %(number)s.") % fields
    signature = origin.read(fields)
    return f"{said} {origin.sentence(signature)}" if signature else said


ACTS = {
    "alert.proof": lambda said: _("%(actor)s a pris la preuve de l’alerte %(number)s (SHA-256 %(sha256)s).") % said,
    "alert.cap": lambda said: _received(said),
    "cap_door.open": lambda said: _("%(actor)s a créé un secret pour recevoir les alertes d’autres autorités.") % said,
    "cap_door.close": lambda said: _("%(actor)s a fermé la réception des alertes d’autres autorités.") % said,
    "register.view": lambda said: _("%(actor)s a consulté le registre des personnes vulnérables.") % said,
    "register.export": lambda said: _("%(actor)s a imprimé le registre des personnes vulnérables.") % said,
    "register.add": lambda said: _("%(actor)s a inscrit la fiche %(person)s au registre.") % _of(said),
    "register.change": lambda said: _("%(actor)s a changé la fiche %(person)s dans le registre.") % _of(said),
    "register.remove": lambda said: _("%(actor)s a retiré la fiche %(person)s du registre.") % _of(said),
    "register.refuse": lambda said: _("%(actor)s n’a pas donné suite à la demande de la fiche %(person)s.") % _of(said),
    "register.ask": lambda said: _("La fiche %(person)s demande à être inscrite au registre.") % _of(said),
    "register.leave": lambda said: _("La fiche %(person)s a quitté le registre.") % _of(said),
}

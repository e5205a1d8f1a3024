"""What was done with people's records and roles, in the trail's sentences: citizens by number, no detail of them."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from hub.people.models import Role

Fields = Mapping[str, str]


def numbered(fields: Fields) -> dict[str, str]:
    """Whom it is about, by number alone."""
    return {"actor": fields["actor"], "person": fields["subject"].removeprefix("person.")}


def _changed(fields: Fields) -> str:
    named = {
        "title": _("civilité"), "first_name": _("prénom"), "last_name": _("nom"), "birth_date": _("date de naissance"),
        "language": _("langue"), "email": _("courriel"), "phones": _("téléphone"), "address": _("adresse"),
    }  # fmt: skip
    changed = ", ".join(named[name] for name in fields["changed"].split(", ") if name in named)
    told = {**numbered(fields), "changed": changed or "—"}
    return _("%(actor)s a changé la fiche du citoyen nº %(person)s : %(changed)s.") % told


def _role(sentence: str, fields: Fields) -> str:
    role = str(Role(fields["role"]).label) if fields["role"] in Role.values else fields["role"]
    return sentence % {"actor": fields["actor"], "name": fields["name"], "role": role}


def _services(fields: Fields) -> str:
    told = {"actor": fields["actor"], "name": fields["name"], "services": fields["services"] or "—"}
    return _("%(actor)s a changé les services de %(name)s : %(services)s.") % told


ACTS: dict[str, Callable[[Fields], str]] = {
    "person.export": lambda said: _("%(actor)s a téléchargé les données du citoyen nº %(person)s.") % numbered(said),
    "person.export_own": lambda said: _("Le citoyen nº %(person)s a téléchargé ses propres données.") % numbered(said),
    "person.seen": lambda said: _("%(actor)s a consulté la fiche du citoyen nº %(person)s.") % numbered(said),
    "person.register": lambda said: _("%(actor)s a inscrit le citoyen nº %(person)s.") % numbered(said),
    "person.change": _changed,
    "role.grant": lambda said: _role(_("%(actor)s a donné à %(name)s le rôle « %(role)s »."), said),
    "role.revoke": lambda said: _role(_("%(actor)s a retiré à %(name)s le rôle « %(role)s »."), said),
    "role.services": _services,
}

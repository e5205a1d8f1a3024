"""What was done with themes and subscriptions, in the trail's sentences."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from hub.alerts.models import Theme

Fields = Mapping[str, str]


def _theme(fields: Fields) -> str:
    told = ("name", "name_en", "icon")
    names = {name: str(getattr(Theme._meta.get_field(name), "verbose_name", name)) for name in told}
    changes = ", ".join(f"{label} {fields[name]}" for name, label in names.items() if fields[name])
    said = {"actor": fields["actor"], "title": fields["title"], "changes": changes}
    return _("%(actor)s a changé la thématique « %(title)s » : %(changes)s.") % said


def _subscription(fields: Fields) -> str:
    named = {"themes": _("thématiques"), "channels": _("moyens")}
    changes = ", ".join(f"{label} {fields[name]}" for name, label in named.items() if fields[name])
    said = {"actor": fields["actor"], "person": fields["subject"].removeprefix("person."), "changes": changes}
    return _("%(actor)s a changé les abonnements de la fiche %(person)s : %(changes)s.") % said


def _follow_up(fields: Fields) -> str:
    """Whom it is about by number alone: the trail stays."""
    if fields["note"]:
        return _("%(actor)s a noté pour une personne non jointe de l’alerte %(number)s : « %(note)s ».") % fields
    return _("%(actor)s a retiré la note d’une personne non jointe de l’alerte %(number)s.") % fields


def _rules(fields: Fields) -> str:
    if fields["alone"]:
        sentence = _(
            "%(actor)s a changé les règles des alertes : la mairie peut confirmer seule, appels après %(after)s min."
        )
    else:
        sentence = _("%(actor)s a changé les règles des alertes : toujours deux personnes, appels après %(after)s min.")
    return sentence % fields


ACTS = {
    "alert.draft": lambda said: _("%(actor)s a commencé l’alerte %(number)s.") % said,
    "alert.submit": lambda said: _("%(actor)s a demandé un accord pour l’alerte %(number)s, « %(title)s ».") % said,
    "alert.take_back": lambda said: _("%(actor)s a repris l’alerte %(number)s avant tout accord.") % said,
    "alert.approve": lambda said: _("%(actor)s a donné son accord à l’alerte %(number)s, « %(title)s ».") % said,
    "alert.stop": lambda said: _("%(actor)s a arrêté l’envoi de l’alerte %(number)s.") % said,
    "alert.delete": lambda said: _("%(actor)s a supprimé le brouillon %(number)s.") % said,
    "alert.follow_up": _follow_up,
    "zone.add": lambda said: _("%(actor)s a ajouté le secteur « %(title)s ».") % said,
    "zone.change": lambda said: _("%(actor)s a changé le secteur « %(title)s ».") % said,
    "zone.remove": lambda said: _("%(actor)s a supprimé le secteur « %(title)s ».") % said,
    "alert_rules.change": _rules,
    "theme.add": lambda said: _("%(actor)s a ajouté la thématique « %(title)s ».") % said,
    "theme.change": _theme,
    "theme.archive": lambda said: _("%(actor)s a archivé la thématique « %(title)s ».") % said,
    "theme.restore": lambda said: _("%(actor)s a remis en usage la thématique « %(title)s ».") % said,
    "subscription.change": _subscription,
}

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
    return _("%(actor)s a changé la thématique « %(title)s » : %(changes)s.") % said


def _subscription(fields: Fields) -> str:
    named = {"themes": _("thématiques"), "channels": _("moyens")}
    changes = ", ".join(f"{label} {fields[name]}" for name, label in named.items() if fields[name])
    said = {"actor": fields["actor"], "person": fields["subject"].removeprefix("person."), "changes": changes}
    return _("%(actor)s a changé les abonnements de la fiche %(person)s : %(changes)s.") % said


ACTS = {
    "theme.add": lambda said: _("%(actor)s a ajouté la thématique « %(title)s ».") % said,
    "theme.change": _theme,
    "theme.archive": lambda said: _("%(actor)s a archivé la thématique « %(title)s ».") % said,
    "theme.restore": lambda said: _("%(actor)s a remis en usage la thématique « %(title)s ».") % said,
    "subscription.change": _subscription,
}

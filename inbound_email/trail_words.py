"""What was done with mails that came in, in the trail's sentences. Who wrote them is not told there."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

Fields = Mapping[str, str]


def _about(fields: Fields) -> dict[str, str]:
    """« la requête SA26-00042 », or the mail by its number."""
    kind, _dot, name = fields["subject"].partition(".")
    told = _("requête %(number)s") if kind == "ticket" else _("courriel nº %(number)s")
    return {"actor": fields["actor"], "about": told % {"number": name}, "number": fields["number"]}


ACTS: dict[str, Callable[[Fields], str]] = {
    "mail.seen": lambda said: _("%(actor)s a ouvert l’original d’un courriel reçu (%(about)s).") % _about(said),
    "mail.accept": lambda said: _("%(actor)s a accepté un courriel en attente (%(about)s).") % _about(said),
    "mail.open": lambda said: (
        _("%(actor)s a ouvert la requête %(number)s à partir d’un courriel en attente (%(about)s).") % _about(said)
    ),
    "mail.dismiss": lambda said: _("%(actor)s a écarté un courriel en attente (%(about)s).") % _about(said),
    "mail.retry": lambda said: _("%(actor)s a fait relire un courriel en quarantaine (%(about)s).") % _about(said),
}

"""What is written to who manages a town about programs that it tells of its tickets. Called in `mail.written`."""

from django.utils.translation import gettext as _

from hub.notifications.letter import Button, Fact, Letter
from hub.tickets import links, program_words
from hub.tickets.calling.addresses import shown
from hub.tickets.models import Webhook


def failing(webhook: Webhook) -> Letter:
    """It is out of service by itself: since when nothing arrived, and why."""
    return Letter(
        subject=_("Un programme n’est plus prévenu des requêtes"),
        before=[
            _(
                "Depuis trois jours, aucun appel de ce webhook n’est arrivé : Parvis l’a mis hors service. Le "
                "programme n’apprend plus rien des requêtes de %(town)s."
            )
            % {"town": webhook.town.name}
        ],
        facts=[
            Fact(_("Adresse"), shown(webhook.url)),
            Fact(_("N’arrive plus depuis"), program_words.failing_since(webhook)),
            Fact(_("Dernière réponse"), program_words.failed(webhook)),
        ],
        said=[
            _(
                "Prévenez qui s’occupe de ce programme, puis remettez le webhook en service. Ce qui attendait part "
                "alors, si cela date de moins d’un jour."
            )
        ],
        buttons=[Button(_("Ouvrir le webhook"), links.webhook(webhook))],
        reason=_(
            "Vous recevez ce courriel parce que vous réglez Parvis pour %(town)s. Une réponse à ce courriel "
            "n’arriverait à personne."
        )
        % {"town": webhook.town.name},
    )

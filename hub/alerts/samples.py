"""What this room sends, made from a sample alert: nothing of it is stored."""

from collections.abc import Sequence
from functools import partial

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hub.alerts import asking, no_mayor, notices, saying, trying
from hub.alerts.actions.numbers import code_words
from hub.alerts.models import Alert, Danger, Purpose, Theme
from hub.core.clock import now
from hub.deliveries.models import Channel
from hub.deliveries.previews import Preview, Sample, Subject
from hub.notifications import words
from hub.notifications.samples import mail_of, mayor
from hub.towns.models import Town

_CODE = "480192"
_TITLE = {"fr": "Eau non potable", "en": "Do not drink the water"}
_BODY = {
    "fr": "Ne buvez pas l’eau du robinet jusqu’à nouvel ordre.\nDes bouteilles sont données à la salle des fêtes.",
    "en": "Do not drink tap water until further notice.\nBottled water is handed out at the village hall.",
}
_MEANS = (Channel.EMAIL, Channel.SMS, Channel.VOICE, Channel.PUSH)


def build() -> Sequence[Preview]:
    """Alerts by each means, of a danger and of a theme; a try; what is asked of colleagues; codes; no mayor yet."""
    concerned, asked, author = _("À qui est concerné"), _("À qui l’a demandée"), _("À qui l’écrit")
    subject = Subject.ALERTS
    return [
        *(Preview(f"danger-{one}", "alert", subject, concerned, partial(_said, one, True), one) for one in _MEANS),
        *(Preview(f"theme-{one}", "alert", subject, asked, partial(_said, one, False), one) for one in _MEANS),
        Preview("alert-end", "alert", subject, concerned, _end),
        *(
            Preview(f"notice-{one}", notices.CAUSE, subject, asked, partial(_noticed, one), one)
            for one in notices.STEPS.values()
        ),
        *(Preview(f"try-{one}", "alert.try", subject, author, partial(_tried, one), one) for one in _MEANS),
        Preview("approve", asking.CODE, subject, _("À qui approuve"), partial(_approve, False)),
        Preview("approve-again", asking.CODE, subject, _("À qui approuve"), partial(_approve, True)),
        Preview("approve-push", asking.CODE, subject, _("À qui approuve"), _approve_push, Channel.PUSH),
        Preview("received-push", "alert.received", subject, _("À qui approuve"), _received, Channel.PUSH),
        Preview("number-sms", "number_code", Subject.ACCOUNT, _("À la personne"), _code_sms, Channel.SMS),
        Preview("number-voice", "number_code", Subject.ACCOUNT, _("À la personne"), _code_call, Channel.VOICE),
        Preview("no-mayor", no_mayor.CAUSE, Subject.SITE, _("À la mairie"), _no_mayor),
    ]


def _language() -> str:
    return (get_language() or "fr")[:2]


def _alert(town: Town, *, emergency: bool = True, purpose: Purpose = Purpose.ALERT) -> Alert:
    theme = None if emergency else Theme(pk=0, town=town, name="Eau")
    return Alert(
        pk=0, town=town, number="A-26-017", danger=Danger.WATER, emergency=emergency, theme=theme, title=_TITLE,
        body=_BODY, purpose=purpose, author=mayor(town), submitted_at=now(),
    )  # fmt: skip


def _said(channel: Channel, emergency: bool, town: Town) -> Sample:
    said = saying.said(_alert(town, emergency=emergency), channel, _language())
    return Sample(said.text, said.subject, said.html)


def _noticed(channel: Channel, town: Town) -> Sample:
    said = saying.notice(_alert(town), channel, _language())
    return Sample(said.text, said.subject, said.html)


def _end(town: Town) -> Sample:
    said = saying.said(_alert(town, purpose=Purpose.END), Channel.EMAIL, _language())
    return Sample(said.text, said.subject, said.html)


def _tried(channel: Channel, town: Town) -> Sample:
    said = trying.tried(_alert(town), channel, _language())
    return Sample(said.text, said.subject, said.html)


def _approve(again: bool, town: Town) -> Sample:
    return mail_of(asking.letter(_alert(town), _language(), again=again), town)


def _approve_push(town: Town) -> Sample:
    letter = asking.letter(_alert(town), _language(), again=False)
    return Sample(letter.before[0], letter.subject)


def _received(town: Town) -> Sample:
    what = {"title": _TITLE["fr"], "sender": "alertes@prefecture.example"}
    return Sample(words.said("alert_received", town=town, actor="", what=what).sentence, town.name)


def _code_sms(_town: Town) -> Sample:
    return Sample(code_words(_CODE)[0])


def _code_call(_town: Town) -> Sample:
    return Sample(code_words(_CODE)[1])


def _no_mayor(town: Town) -> Sample:
    return mail_of(no_mayor.letter(town, 12), None)

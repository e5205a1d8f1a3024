"""What changes a town's rules for tickets, its calendar, its words and its canned replies; each is in the trail."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hub.audit.actions import note
from hub.core.errors import Forbidden, Invalid, NotFound
from hub.people.models import Membership, Person, Role
from hub.people.queries import roles_in
from hub.people.rules import may_manage_town
from hub.tickets import mail_texts
from hub.tickets.calendar import WEEK, regions_of
from hub.tickets.canned import check_fields
from hub.tickets.models import CannedReply, DeskSettings, Ticket
from hub.tickets.queries import desk_settings, today_in
from hub.towns.models import Town

MAX_DELAY_DAYS = 366
MAX_TOLD = 200  # of a value in the trail
MAX_CLOSED_DAYS = 200
MAX_CLOSING = timedelta(days=62)
MAX_AHEAD = timedelta(days=3 * 366)
FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
FRENCH_WEEK = "lundi à vendredi"
_CODE = re.compile(r"[A-Z]{2,4}")


def check_manages(actor: Person, town: Town) -> None:
    """Raises `Forbidden` unless the town's settings are the actor's to change."""
    if not may_manage_town(roles_in(actor, town)):
        raise Forbidden


def note_changes(
    *, actor: Person, town: Town, act: str, subject: str, before: Mapping[str, Any], after: Mapping[str, Any], name: str
) -> None:
    """In the trail: what is other than before, as « 10 → 5 ». Nothing is written when nothing is. `name`: of what."""
    changed = {
        key: f"{_short(before.get(key))} → {_short(value)}" for key, value in after.items() if before.get(key) != value
    }
    if changed:
        note(town_id=town.pk, actor=actor, act=act, subject=subject, what={"title": name, **changed})


def _short(value: Any) -> str:
    """As the trail tells it, in French as all that it keeps."""
    if isinstance(value, list):
        value = ", ".join(FRENCH_DAYS[day] for day in value) or FRENCH_WEEK
    text = {"True": "oui", "False": "non", "None": "—", "": "—"}.get(str(value), str(value))
    return text if len(text) <= MAX_TOLD else text[: MAX_TOLD - 1] + "…"


def set_calendar(*, actor: Person, town: Town, fields: Mapping[str, Any]) -> DeskSettings:
    """The working week, whose holidays, and the delays that are counted with them; due dates already promised stay.

    `fields`: `{work_days, holiday_region, default_delay_days, reminder_days, reopen_days}`, all of them. Raises
    `Invalid` with the field; `Forbidden`.
    """
    work_days = sorted(set(fields["work_days"]))
    if not work_days or not set(work_days) <= set(WEEK):
        raise Invalid(_("Choisissez au moins un jour ouvrable."), field="work_days")
    if fields["holiday_region"] not in {"", *regions_of(town.country)}:
        raise Invalid(_("Cette région n’a pas de jours fériés à elle."), field="holiday_region")
    for name in ("default_delay_days", "reminder_days", "reopen_days"):
        if not 0 <= fields[name] <= MAX_DELAY_DAYS:
            raise Invalid(_("De 0 à %(max)d jours.") % {"max": MAX_DELAY_DAYS}, field=name)
    return _set(actor, town, "tickets.calendar", {**fields, "work_days": work_days})


def close_days(*, actor: Person, town: Town, first: date, last: date) -> DeskSettings:
    """The town is closed on these days, both included, besides its holidays. Again: no change.

    Days that are past are forgotten. Raises `Invalid` with `first` or `last`; `Forbidden`.
    """
    today = today_in(town)
    if last < first:
        raise Invalid(_("Le dernier jour doit venir après le premier."), field="last")
    if last < today:
        raise Invalid(_("Ces jours sont déjà passés."), field="last")
    if last - first > MAX_CLOSING or last - today > MAX_AHEAD:
        raise Invalid(_("C’est trop long, ou trop loin : vérifiez les dates."), field="last")
    days = {(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)}
    return _set_closed_days(actor, town, "tickets.close_days", lambda known: known | days, (first, last))


def open_days(*, actor: Person, town: Town, first: date, last: date) -> DeskSettings:
    """These days, both included, are no longer closed ones. Again: no change. Raises `Forbidden`."""
    begin, end = first.isoformat(), last.isoformat()

    def without(known: set[str]) -> set[str]:
        return {day for day in known if not begin <= day <= end}

    return _set_closed_days(actor, town, "tickets.open_days", without, (first, last))


def _set_closed_days(
    actor: Person, town: Town, act: str, change: Callable[[set[str]], set[str]], span: tuple[date, date]
) -> DeskSettings:
    check_manages(actor, town)
    yesterday = (today_in(town) - timedelta(days=1)).isoformat()
    with transaction.atomic():
        settings = _locked(town)
        before = set(settings.closed_days)
        after = change(before)
        if len(after) > MAX_CLOSED_DAYS:
            raise Invalid(
                _("%(max)d jours de fermeture au plus peuvent être annoncés.") % {"max": MAX_CLOSED_DAYS}, field="first"
            )
        if after != before:
            settings.closed_days = sorted(day for day in after if day >= yesterday)
            settings.save(update_fields=["closed_days"])
            what = {"first": span[0].isoformat(), "last": span[1].isoformat()}
            note(town_id=town.pk, actor=actor, act=act, subject=_subject(town), what=what)
    return settings


def set_policies(*, actor: Person, town: Town, fields: Mapping[str, Any]) -> DeskSettings:
    """Who may ask how, and who answers for it: `{anonymous_allowed, operator_first, public_list, accountable, code}`.

    The letters of numbers stay once a ticket bears them. Raises `Invalid` with the field; `Forbidden`.
    """
    code = fields["code"].strip().upper()
    if not _CODE.fullmatch(code):
        raise Invalid(_("De deux à quatre lettres de A à Z, sans accent."), field="code")
    if fields["operator_first"] and not has_operator(town):
        raise Invalid(
            _("Aucun centre d’appels ne travaille pour la commune : les demandes n’arriveraient à personne."),
            field="operator_first",
        )
    try:
        with transaction.atomic():
            if code != _locked(town).code and Ticket.objects.filter(town=town).exists():
                raise Invalid(_("Des requêtes portent déjà ces lettres : elles ne changent plus."), field="code")
            accountable = " ".join(fields["accountable"].split())
            return _set(actor, town, "tickets.rules", {**fields, "code": code, "accountable": accountable})
    except IntegrityError as error:
        raise Invalid(_("Une autre commune a déjà ces lettres."), field="code") from error


def has_operator(town: Town) -> bool:
    """Whether a call centre works for the town."""
    return Membership.objects.filter(town=town, role=Role.OPERATOR, person__is_active=True).exists()


def set_mail_text(*, actor: Person, town: Town, code: str, texts: Mapping[str, str]) -> DeskSettings:
    """The town's own words in the mail of that code, by language; empty ones are left out, other languages stay.

    Raises `Invalid` with `text_fr` or `text_en`; `NotFound` for a mail that is none; `Forbidden`.
    """
    if code not in mail_texts.BY_CODE:
        raise NotFound
    check_manages(actor, town)
    cleaned = {language: mail_texts.clean(text, field=f"text_{language}") for language, text in texts.items()}
    with transaction.atomic():
        settings = _locked(town)
        before = settings.mail_texts.get(code, {})
        said = {language: text for language, text in {**before, **cleaned}.items() if text}
        others = {name: text for name, text in settings.mail_texts.items() if name != code}
        settings.mail_texts = {**others, **({code: said} if said else {})}
        settings.save(update_fields=["mail_texts"])
        told = {language: before.get(language, "") for language in cleaned}
        _note(actor, town, "tickets.mail", told, cleaned, name=code)
    return settings


def _locked(town: Town) -> DeskSettings:
    desk_settings(town)
    return DeskSettings.objects.select_for_update().get(town=town)


def _set(actor: Person, town: Town, act: str, fields: Mapping[str, Any]) -> DeskSettings:
    check_manages(actor, town)
    with transaction.atomic():
        settings = _locked(town)
        before = {key: getattr(settings, key) for key in fields}
        for key, value in fields.items():
            setattr(settings, key, value)
        settings.save(update_fields=list(fields))
        _note(actor, town, act, before, fields)
    return settings


def _note(
    actor: Person, town: Town, act: str, before: Mapping[str, Any], after: Mapping[str, Any], name: str = ""
) -> None:
    note_changes(actor=actor, town=town, act=act, subject=_subject(town), before=before, after=after, name=name)


def _subject(town: Town) -> str:
    return f"town.{town.slug}"[:60]


# Canned replies.


def add_reply(*, actor: Person, town: Town, fields: Mapping[str, Any]) -> CannedReply:
    """A text to answer with: `{title, body, body_en, service}`. Raises `Invalid` with the field; `Forbidden`."""
    check_manages(actor, town)
    with transaction.atomic():
        reply = _saved_reply(CannedReply(town=town), fields)
        note(town_id=town.pk, actor=actor, act="reply.add", subject=f"reply.{reply.pk}", what={"title": reply.title})
    return reply


def change_reply(*, actor: Person, reply: CannedReply, fields: Mapping[str, Any]) -> CannedReply:
    """Other words, or for another service. Raises as `add_reply`."""
    check_manages(actor, reply.town)
    before = _said(reply)
    with transaction.atomic():
        saved = _saved_reply(reply, fields)
        note_changes(
            actor=actor, town=reply.town, act="reply.change", subject=f"reply.{reply.pk}", before=before,
            after=_said(saved), name=before["name"],
        )  # fmt: skip
    return saved


def remove_reply(*, actor: Person, reply: CannedReply) -> None:
    """Nobody answers with it any more; what was sent stays. Raises `Forbidden`."""
    check_manages(actor, reply.town)
    with transaction.atomic():
        what = {"title": reply.title}
        note(town_id=reply.town_id, actor=actor, act="reply.remove", subject=f"reply.{reply.pk}", what=what)
        reply.delete()


def _said(reply: CannedReply) -> dict[str, str]:
    service = reply.service.name if reply.service else ""
    return {"name": reply.title, "body": reply.body, "body_en": reply.body_en, "service": service}


def _saved_reply(reply: CannedReply, fields: Mapping[str, Any]) -> CannedReply:
    for name in ("body", "body_en"):
        check_fields(fields.get(name, ""), field=name)
    for name, value in fields.items():
        setattr(reply, name, value)
    try:
        with transaction.atomic():
            reply.save()
    except IntegrityError as error:
        raise Invalid(_("Une réponse type porte déjà ce titre."), field="title") from error
    return reply

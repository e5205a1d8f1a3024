"""What people want to be told of a town's alerts: by themselves, by a link of a message, by staff who are asked to."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hub.alerts import rules
from hub.alerts.models import Subscription, SubscriptionTheme, Theme
from hub.alerts.queries import by_default, first_phone, themes_of, wanted_in
from hub.alerts.rules import NOTHING, Wanted
from hub.audit.actions import note
from hub.core.clock import now
from hub.core.errors import Forbidden, Invalid
from hub.core.phones import takes_sms
from hub.deliveries.models import Channel
from hub.people.models import Person
from hub.people.queries import access_citizen, roles_in
from hub.towns.models import Town


class UnknownChoice(Invalid):
    """A theme that this town does not have, a means that there is not."""

    status = 422


def set_subscription(*, actor: Person, person: Person, town: Town, wanted: Wanted) -> None:
    """The person wants this of the town's alerts from now on; no means: nothing, not even of dangers. The same again
    changes nothing.

    `actor`: the person, or staff of the town who see its citizens: then the trail tells of it, in themes and means.
    Raises `UnknownChoice` with the field (`themes`, `channels`); `NotFound`, `Forbidden` as `access_citizen`.
    """
    if actor.pk != person.pk:
        access_citizen(actor, town, person.pk)
    elif not roles_in(person, town):
        raise Forbidden
    if wrong := rules.unknown(wanted.channels):
        said = _("« %(channel)s » n’est pas un moyen de contact.") % {"channel": min(wrong)[:20]}
        raise UnknownChoice(said, field="channels")
    with transaction.atomic():
        before = _change(person, town, wanted)
        if actor.pk != person.pk and before != wanted:
            note(
                town_id=town.pk, actor=actor, act="subscription.change", subject=f"person.{person.pk}",
                what=_told(town, before, wanted),
            )  # fmt: skip


def leave(*, person: Person, town: Town, theme_id: int | None, channel: str) -> None:
    """Take a theme away from what the person wants; None: this means. Safe to call again (RFC 8058)."""
    with transaction.atomic():
        subscription = _locked(person, town)
        if subscription is None:
            if theme_id is None:
                default = by_default(person)
                _change(person, town, Wanted(channels=default.channels - {channel}))
            return
        before = wanted_in(subscription)
        if theme_id is None:
            wanted = Wanted(before.themes, before.all_themes, before.channels - {channel})
        else:
            wanted = rules.without_theme(before, theme_id, themes_of(town).values_list("pk", flat=True))
        if wanted != before:
            _write(subscription, before, wanted)


def subscribe_newcomer(*, person: Person, town: Town) -> None:
    """Who signs up, or follows the town, agrees to be told of its news: all its alerts, until they say otherwise.

    Who has said something stays as they are: calling it twice changes nothing.
    """
    phone = first_phone(person)
    with transaction.atomic():
        if _locked(person, town) is None:
            _change(person, town, rules.on_sign_up(phone.number if phone else ""))


def take_number_for_sms(*, person: Person, number: str) -> None:
    """Giving a mobile is what authorises SMS (S15), for who has said that they want alerts."""
    if not takes_sms(number):
        return
    with transaction.atomic():
        for subscription in Subscription.objects.select_for_update().filter(person=person):
            before = wanted_in(subscription)
            if before.channels:
                wanted = Wanted(before.themes, before.all_themes, before.channels | {Channel.SMS.value})
                _write(subscription, before, wanted)


def take_device_for_push(*, person: Person) -> None:
    """Who has a first device shown news is told of alerts there too, if they want any."""
    with transaction.atomic():
        for subscription in Subscription.objects.select_for_update().filter(person=person):
            before = wanted_in(subscription)
            if before.channels:
                wanted = Wanted(before.themes, before.all_themes, before.channels | {Channel.PUSH.value})
                _write(subscription, before, wanted)


def _locked(person: Person, town: Town) -> Subscription | None:
    return Subscription.objects.select_for_update().filter(person=person, town=town).first()


def _change(person: Person, town: Town, wanted: Wanted) -> Wanted:
    """Write it; what was wanted before."""
    subscription = _locked(person, town)
    if subscription is None:
        default = by_default(person)
        if wanted == default:
            return default
        subscription, new = _begun(person, town)
        if new:
            _write(subscription, NOTHING, wanted)
            return default
    before = wanted_in(subscription)
    if wanted != before:
        _write(subscription, before, wanted)
    return before


def _begun(person: Person, town: Town) -> tuple[Subscription, bool]:
    """A row that says nothing yet, and whether it is new."""
    try:
        with transaction.atomic():
            return Subscription.objects.create(person=person, town=town, changed_at=now()), True
    except IntegrityError:  # said in two windows at once
        return Subscription.objects.select_for_update().get(person=person, town=town), False


def _write(subscription: Subscription, before: Wanted, wanted: Wanted) -> None:
    new = wanted.themes - before.themes
    if Theme.objects.filter(pk__in=new, town=subscription.town_id, archived_at=None).count() < len(new):
        raise UnknownChoice(_("Cette thématique n’est pas de cette commune."), field="themes")
    subscription.all_themes = wanted.all_themes
    subscription.channels = wanted.in_order
    subscription.changed_at = now()
    subscription.save(update_fields=["all_themes", "channels", "changed_at"])
    subscription.chosen.filter(theme__in=before.themes - wanted.themes).delete()
    SubscriptionTheme.objects.bulk_create(
        SubscriptionTheme(subscription=subscription, theme_id=theme) for theme in sorted(new)
    )


def _told(town: Town, before: Wanted, wanted: Wanted) -> dict[str, str]:
    """What the trail keeps: themes and means as they are now, and before; in French as all that it keeps."""
    names = dict(Theme.objects.filter(town=town).values_list("pk", "name"))

    def said(one: Wanted) -> dict[str, Any]:
        chosen = ", ".join(sorted(names[theme] for theme in one.themes)) or "—"
        return {"themes": "toutes" if one.all_themes else chosen, "channels": ", ".join(one.in_order) or "—"}

    old, new = said(before), said(wanted)
    return {key: f"{old[key]} → {new[key]}"[:400] for key in new if old[key] != new[key]}

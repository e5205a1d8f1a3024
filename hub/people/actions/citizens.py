"""What staff do with the list of citizens."""

from collections.abc import Mapping, Sequence
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from hub.core.clock import now
from hub.core.errors import Conflict, Forbidden, Invalid
from hub.people import rules
from hub.people.actions.accounts import open_account
from hub.people.actions.details import set_address, set_phones, update_profile
from hub.people.actions.roles import follow_town
from hub.people.actions.trail import details_of, note_changed, note_registered
from hub.people.models import Language, Person
from hub.people.queries import access_citizen, has_proven_address, person_of_address, roles_in
from hub.people.signals import signed_up
from hub.towns.models import Town


def complete_sign_up(
    *,
    person: Person,
    town: Town,
    fields: Mapping[str, Any],
    phones: Sequence[str] = (),
    address: Mapping[str, str] | None = None,
) -> None:
    """What the sign-up page adds to a new account: it is the citizen's own doing, with their consent (S1, S5).

    `fields`: language, title, birth_date; what the town asks for (S11). Raises as `set_phones`.
    """
    person.self_registered = True
    person.consented_at = now()
    person.save(update_fields=["self_registered", "consented_at"])
    _write_details(person, town, fields, phones, address)
    follow_town(person=person, town=town)
    signed_up.send(Person, person=person, town=town)


def _write_details(
    person: Person,
    town: Town,
    fields: Mapping[str, Any],
    phones: Sequence[str] | None,
    address: Mapping[str, str] | None,
    *,
    by_staff: bool = False,
) -> None:
    """What is None, or has no field, stays as it is."""
    update_profile(person=person, fields=fields)
    if phones is not None:
        set_phones(person=person, numbers=phones, country=town.country, by_staff=by_staff)
    if address and (any(address.values()) or hasattr(person, "address")):
        set_address(person=person, fields=address)


def register_citizen(
    *,
    actor: Person,
    town: Town,
    fields: Mapping[str, Any],
    phones: Sequence[str] | None = (),
    address: Mapping[str, str] | None = None,
) -> Person:
    """Staff register a citizen from the desk (S1).

    `fields`: email, title, first_name, last_name, birth_date, language (without it, the town's first).
    With an email address they may sign in later, by a code. An address that someone of this town has already:
    that person, unchanged. Someone else's: `Conflict`, and they get a mail that lets them follow the town
    themselves, for what they told another town is not this one's to see. Also raises `Forbidden`, `Invalid`.
    """
    _check_sees_citizens(actor, town)
    email = str(fields.get("email", "")).strip().lower()
    known = person_of_address(email) if email else None
    if known is not None:
        return _known_already(actor, town, known)
    with transaction.atomic():
        first = town.languages[0] if town.languages else Language.FRENCH
        person = open_account(email=email, language=fields.get("language") or first)
        _write_details(person, town, {"language": person.language, **fields}, phones, address, by_staff=True)
        follow_town(person=person, town=town)
        note_registered(actor=actor, town=town, person=person)
    return person


def _known_already(actor: Person, town: Town, known: Person) -> Person:
    if roles_in(known, town):
        follow_town(person=known, town=town)
        return known
    get_adapter().send_mail("account/email/follow_invitation", known.email, {"town": town, "person": known})
    raise Conflict(
        _(
            "Cette adresse a déjà un compte, dans une autre commune. Nous venons d’y envoyer un courriel : "
            "cette personne pourra suivre la vôtre elle-même."
        )
    )


def update_citizen(
    *,
    actor: Person,
    town: Town,
    person_id: int,
    fields: Mapping[str, Any],
    phones: Sequence[str] | None,
    address: Mapping[str, str],
) -> Person:
    """Staff correct what is known of a citizen of their town (S12). Phones that are None stay.

    The email address is theirs to change once they have signed in by it: `Invalid`, else staff could take an
    account over. The town's trail says which fields were changed. Also raises `NotFound`, `Forbidden`, `Conflict`
    (somebody else has that address).
    """
    person = access_citizen(actor, town, person_id)
    with transaction.atomic():
        before = details_of(person)
        _change_email(person, str(fields.get("email", person.email)).strip().lower())
        _write_details(person, town, fields, phones, address, by_staff=True)
        note_changed(actor=actor, town=town, person=person, before=before)
    return person


def _change_email(person: Person, email: str) -> None:
    if email == person.email:
        return
    if has_proven_address(person):
        raise Invalid(_("Cette personne se connecte par cette adresse : elle seule peut la changer."), field="email")
    if email and person_of_address(email) is not None:
        raise Conflict(_("Cette adresse appartient à une autre personne."))
    EmailAddress.objects.filter(user=person).delete()
    if email:
        EmailAddress.objects.create(user=person, email=email, primary=True, verified=False)
    person.email = email
    person.save(update_fields=["email"])


def _check_sees_citizens(actor: Person, town: Town) -> None:
    if not rules.may_see_citizens(roles_in(actor, town)):
        raise Forbidden

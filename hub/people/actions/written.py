"""People of a file, written some hundreds at a time: a few statements for each batch."""

from collections.abc import Sequence

from allauth.account.models import EmailAddress

from hub.core.folding import FoldedField
from hub.people.asked import ADDRESS
from hub.people.exchange.planning import PERSON, Plan
from hub.people.models import Address, Membership, Person, Phone, Role
from hub.towns.models import Town

_OWN = (*PERSON, "email")


def register_people(town: Town, plans: Sequence[Plan]) -> list[Person]:
    """People who are new, as staff register them: without a password, their email address unproven. In that order."""
    people = []
    for plan in plans:
        person = Person(**{name: value for name, value in plan.after.items() if name in _OWN})
        person.set_unusable_password()
        people.append(person)
    Person.objects.bulk_create(people)
    _give_addresses_to_sign_in([person for person in people if person.email])
    Membership.objects.bulk_create(Membership(person=person, town=town, role=Role.CITIZEN) for person in people)
    _write_phones([(person, plan.after.get("phones", [])) for person, plan in zip(people, plans, strict=True)])
    Address.objects.bulk_create(
        Address(person=person, **given)
        for person, plan in zip(people, plans, strict=True)
        if (given := {name: plan.after[name] for name in ADDRESS if name in plan.after})
    )
    return people


def update_people(town: Town, plans: Sequence[Plan]) -> None:
    """What changes of people of the town; each plan is about somebody known."""
    known = [(plan.known, plan.after) for plan in plans if plan.known]
    _update_records([(one.person, after) for one, after in known])
    phones = [(one.person, after["phones"]) for one, after in known if "phones" in after]
    _write_phones(phones)
    addresses = []
    for one, after in known:
        if given := {name: after[name] for name in ADDRESS if name in after}:
            kept = {name: getattr(one.address, name, "") for name in ADDRESS}
            addresses.append(Address(person=one.person, **(kept | given)))
    Address.objects.bulk_create(
        addresses, update_conflicts=True, unique_fields=["person"], update_fields=[*ADDRESS, "words"],
    )  # fmt: skip
    Membership.objects.bulk_create(
        [Membership(person=one.person, town=town, role=Role.CITIZEN) for one, after in known if "citizen" in after],
        ignore_conflicts=True,
    )


def _update_records(changed: list[tuple[Person, dict[str, object]]]) -> None:
    people: list[Person] = []
    fields: set[str] = set()
    for person, after in changed:
        if own := {name: value for name, value in after.items() if name in _OWN}:
            fields |= own.keys()
            people.append(person)
            for name, value in own.items():
                setattr(person, name, value)
            FoldedField.renew(person)
    if people:
        Person.objects.bulk_update(people, [*sorted(fields), "words"])
    reachable = [person for person, after in changed if after.get("email")]
    EmailAddress.objects.filter(user__in=reachable).delete()
    _give_addresses_to_sign_in(reachable)


def _give_addresses_to_sign_in(people: list[Person]) -> None:
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, primary=True, verified=False) for person in people
    )


def _write_phones(numbers: list[tuple[Person, list[str]]]) -> None:
    """In place of those that they have; what is known of a number that stays is kept."""
    kept = Phone.objects.filter(person__in=[person for person, _theirs in numbers])
    had = {(phone.person_id, phone.number): (phone.verified_at, phone.by_staff) for phone in kept}
    kept.delete()
    new = []
    for person, theirs in numbers:
        for position, number in enumerate(theirs):
            verified_at, by_staff = had.get((person.pk, number), (None, True))
            phone = Phone(person=person, number=number, position=position, verified_at=verified_at, by_staff=by_staff)
            new.append(phone)
    Phone.objects.bulk_create(new)

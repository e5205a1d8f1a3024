"""What a person tells of themselves: name, photo, phones, address."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from hub.core.clock import now
from hub.core.errors import Invalid
from hub.core.phones import normal_phone
from hub.core.pictures import reencode
from hub.people.models import Address, Person, Phone
from hub.people.rules import PHONES_MAX
from hub.people.signals import phone_given
from hub.towns.models import Country

PHOTO_MAX_BYTES = 10 * 1024 * 1024
PHOTO_MAX_PX = 512

_PROFILE = ("title", "first_name", "last_name", "birth_date", "language")
_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def set_phones(
    *, person: Person, numbers: Sequence[str], country: str = Country.FRANCE, by_staff: bool = False
) -> None:
    """Replace the person's phones, in this order: the first one is linked to alerts (S9).

    What is known of a number that stays, is kept. `by_staff`: new ones are entered at the desk. Whoever gives a first
    mobile allows SMS by that (S15): rooms above are told. Raises `Invalid` when one is no number, or there are more
    than `PHONES_MAX`.
    """
    normal = list(dict.fromkeys(normal_phone(number, country) for number in numbers if number.strip()))
    if len(normal) > PHONES_MAX:
        raise Invalid(_("Six numéros au plus. Retirez-en un d’abord."), field="phone")
    with transaction.atomic():
        had = {phone.number: phone for phone in person.phones.all()}
        person.phones.exclude(number__in=normal).delete()
        for position, number in enumerate(normal):
            if number not in had:
                Phone.objects.create(person=person, number=number, position=position, by_staff=by_staff)
            elif had[number].position != position:
                Phone.objects.filter(pk=had[number].pk).update(position=position)
        if normal and normal[0] not in had:
            phone_given.send(Person, person=person, number=normal[0])


def prove_phone(*, person: Person, number: str) -> None:
    """The person has shown that this number of theirs is in their hands. Safe to call again."""
    Phone.objects.filter(person=person, number=number, verified_at=None).update(verified_at=now())


def add_phone(*, person: Person, number: str, country: str) -> None:
    """Add a phone after the others. One already there changes nothing."""
    set_phones(person=person, numbers=[*_numbers(person), number], country=country)


def remove_phone(*, person: Person, phone_id: int) -> None:
    """Take one of the person's own phones away; the next one moves up. Unknown ones are ignored."""
    kept = [phone.number for phone in person.phones.all() if phone.pk != phone_id]
    set_phones(person=person, numbers=kept)


def raise_phone(*, person: Person, phone_id: int) -> None:
    """Move one of the person's own phones up by one place. The first, and unknown ones, stay."""
    phones = list(person.phones.all())
    place = next((place for place, phone in enumerate(phones) if phone.pk == phone_id), 0)
    if place:
        phones[place - 1], phones[place] = phones[place], phones[place - 1]
        set_phones(person=person, numbers=[phone.number for phone in phones])


def _numbers(person: Person) -> list[str]:
    return list(person.phones.values_list("number", flat=True))


def set_address(*, person: Person, fields: Mapping[str, str]) -> None:
    """Replace the person's postal address: `{number, street, postal_code, city}`."""
    Address.objects.update_or_create(person=person, defaults=dict(fields))


def update_profile(*, person: Person, fields: Mapping[str, Any]) -> None:
    """Change what the person says of themselves.

    `fields`: any of title, first_name, last_name, birth_date, language; others are ignored.
    """
    given = [name for name in _PROFILE if name in fields]
    for name in given:
        setattr(person, name, fields[name])
    person.save(update_fields=given)


def set_photo(*, person: Person, data: bytes) -> None:
    """Take `data` as the person's photo: made anew, 512 px at most, nothing left of what a camera wrote.

    Raises `Invalid` when it is too heavy, too large or no picture.
    """
    if len(data) > PHOTO_MAX_BYTES:
        raise Invalid(_("Cette photo dépasse 10 Mo. Choisissez-en une plus légère."), field="photo")
    picture = reencode(data, max_px=PHOTO_MAX_PX)
    name = f"{uuid4().hex}.{_EXTENSIONS[picture.content_type]}"
    with transaction.atomic():
        _forget_photo(person)
        person.photo.save(name, ContentFile(picture.data), save=False)
        person.save(update_fields=["photo"])


def remove_photo(*, person: Person) -> None:
    """Take the photo away. Calling twice changes nothing."""
    with transaction.atomic():
        _forget_photo(person)
        person.photo = ""
        person.save(update_fields=["photo"])


def choose_drawing(*, person: Person, drawing: str) -> None:
    """Be shown by one of the drawn portraits (or, when empty, by initials) where there is no photo."""
    person.drawing = drawing
    person.save(update_fields=["drawing"])


def _forget_photo(person: Person) -> None:
    """Delete the present photo's file once the change is certain."""
    storage, name = person.photo.storage, person.photo.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))

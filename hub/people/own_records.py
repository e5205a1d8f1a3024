"""What this room keeps about a person: who they are, how to reach them, where they belong, what they did."""

from typing import Any

from allauth.account.models import EmailAddress

from hub.audit.models import Entry
from hub.people.models import Membership, Person
from hub.people.queries import second_factors_of
from hub.people.records import Asked, Kept, KeptFile


def collect(asked: Asked) -> Kept:
    """The account. For a town: what its staff see of a citizen, and the roles held there."""
    person = asked.person
    data = {**_details(person), "memberships": _memberships(asked)}
    if asked.town is None:
        data |= _account(person)
    files = [KeptFile(f"photo.{_extension(person)}", person.photo.size, person.photo)] if _has_photo(person) else []
    return Kept(data, files)


def _details(person: Person) -> dict[str, Any]:
    address = getattr(person, "address", None)
    fields = ("number", "street", "postal_code", "city")
    return {
        "person": person.pk,
        **{name: getattr(person, name) for name in ("title", "first_name", "last_name", "email", "language")},
        "birth_date": person.birth_date,
        "phones": [phone.number for phone in person.phones.all()],
        "address": {name: getattr(address, name) for name in fields} if address else None,
    }


def _memberships(asked: Asked) -> list[dict[str, Any]]:
    found = Membership.objects.filter(person=asked.person).select_related("town").prefetch_related("services")
    return [
        {
            "town": one.town.slug, "role": one.role, "since": one.created_at,
            "services": [service.name for service in one.services.all()],
        }
        for one in found.order_by("pk")
        if asked.town is None or one.town_id == asked.town.pk
    ]  # fmt: skip


def _account(person: Person) -> dict[str, Any]:
    """How they sign in, what they agreed to, what the trails of towns say that they did."""
    addresses = EmailAddress.objects.filter(user=person).order_by("pk")
    acts = Entry.objects.filter(actor_id=person.pk).select_related("town").order_by("at", "pk")
    return {
        "drawing": person.drawing,
        "created_at": person.created_at,
        "last_sign_in_at": person.last_login,
        "signed_up_online": person.self_registered,
        "consented_at": person.consented_at,
        "email_addresses": [{"email": one.email, "proven": one.verified} for one in addresses],
        "second_factors": second_factors_of(person),
        "api_tokens": [
            {"name": one.name, "created_at": one.created_at, "last_used_at": one.last_used_at}
            for one in person.api_tokens.all()
        ],
        "devices": list(person.devices.values("kind", "name", "created_at", "last_ok_at", "retired_at")),
        "lists": list(person.list_choices.values("name", "columns", "order")),
        # Whom else an act concerned stays in the trail.
        "acts": [{"at": one.at, "town": one.town.slug, "act": one.act} for one in acts],
    }


def _has_photo(person: Person) -> bool:
    return bool(person.photo) and person.photo.storage.exists(str(person.photo.name))


def _extension(person: Person) -> str:
    return str(person.photo.name).rpartition(".")[2]

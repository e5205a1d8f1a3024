"""A ticket before it is one: what an edge has read, cleaned. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from hub.core.errors import Invalid
from hub.core.phones import normal_phone
from hub.tickets.models import Answering, Question, Source, TicketKind


@dataclass(frozen=True)
class Place:
    """Where it is: an address, a point (WGS 84, degrees), or both."""

    address: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True)
class Contact:
    """How to reach the requester (S85, S96)."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    phone2: str = ""


@dataclass(frozen=True)
class Draft:
    """All that a new ticket may say. `files`: (name, content) pairs, stored with it.

    `contact` None: the account of who makes it; else somebody else's, or of who has no account. `requester_id`: staff
    write for this citizen of the town. `sms_will_do`: follow-ups go by SMS to who has no email, as staff may offer;
    citizens' forms and programs ask for an email (S86). `hold`: the call centre keeps it, not transferred (S126).
    """

    category_id: int
    description: str
    kind: TicketKind = TicketKind.REQUEST
    source: Source = Source.WEB
    key: str = ""
    title: str = ""
    place: Place = field(default_factory=Place)
    answers: Mapping[int, str] = field(default_factory=dict)
    public: bool = False
    anonymous: bool = False
    wants_follow_ups: bool = False
    sms_will_do: bool = False
    internal: bool = False
    contact: Contact | None = None
    requester_id: int | None = None
    language: str = ""
    files: Sequence[tuple[str, Any]] = ()
    hold: bool = False
    priority: str = ""
    service_id: int | None = None
    task_of: str = ""


def clean_place(place: Place) -> Place:
    """Raises `Invalid`: half a point, or none of this earth."""
    address = " ".join(place.address.replace("\x00", "").split())
    if len(address) > 200:
        raise Invalid(_("C’est trop long : %(max)d caractères au plus.") % {"max": 200}, field="address")
    if (place.lat is None) != (place.lon is None):
        raise Invalid(_("Ce point n’est pas complet."), field="place")
    if place.lat is not None and place.lon is not None and not (abs(place.lat) <= 90 and abs(place.lon) <= 180):
        raise Invalid(_("Ce point n’est nulle part."), field="place")
    return Place(address, place.lat, place.lon)


def clean_contact(contact: Contact, country: str) -> Contact:
    """Names on one line, an address that can be one, phones in E.164. Raises `Invalid`."""
    names = [_line(name, 80) for name in (contact.first_name, contact.last_name)]
    email = contact.email.strip().lower()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise Invalid(_("« %(email)s » n’est pas un courriel.") % {"email": email}, field="email") from None
    phones = [normal_phone(phone, country) if phone.strip() else "" for phone in (contact.phone, contact.phone2)]
    return Contact(names[0], names[1], email, phones[0], phones[1])


def _line(text: str, most: int) -> str:
    return " ".join(text.replace("\x00", "").split())[:most]


def clean_answers(questions: Sequence[Question], given: Mapping[int, str]) -> list[dict[str, Any]]:
    """What is kept of the answers (S80): questions in their order, those without an answer left out.

    Raises `Invalid` with `question_ID` as field: a required one is not answered, or by none of its choices.
    """
    unknown = set(given) - {question.pk for question in questions}
    if unknown:
        raise Invalid(_("Cette question n’est pas de cette catégorie."), field="answers")
    kept = []
    for question in questions:
        answer = _clean_answer(question, given.get(question.pk, ""))
        if answer:
            kept.append({"question": question.pk, "text": question.text, "answer": answer})
    return kept


def _clean_answer(question: Question, given: str) -> str:
    answer = " ".join(str(given).replace("\x00", "").split())[:500]
    name = f"question_{question.pk}"
    if not answer:
        if question.required:
            raise Invalid(_("Répondez à « %(question)s ».") % {"question": question.label}, field=name)
        return ""
    if question.answering == Answering.YES_NO:
        answer = {"yes": "oui", "no": "non", "true": "oui", "false": "non"}.get(answer.lower(), answer.lower())
        allowed = ["oui", "non"]
    else:
        allowed = [value for value, _label in question.options]
    if question.answering != Answering.TEXT and answer not in allowed:
        raise Invalid(_("Choisissez une des réponses à « %(question)s ».") % {"question": question.label}, field=name)
    return answer

"""Mails from a town to a person: in their language, at the town's hour, as text and as HTML.

Its words stand once, in the parts of a `Letter`; one pair of templates lays all letters out.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from hub.core.typography import locale_name
from hub.deliveries.actions import Letter as Written
from hub.deliveries.actions import queue_email, sender_named
from hub.deliveries.models import Delivery
from hub.notifications.letter import Letter
from hub.people.models import Person
from hub.towns.models import Town


@dataclass(frozen=True)
class Reader:
    """Who a mail is for, and which town writes to them. `locale`: the Babel name of how it writes to them."""

    person: Person
    town: Town

    @property
    def locale(self) -> str:
        return locale_name(self.person.language, self.town.country)


@contextmanager
def written_for(reader: Reader) -> Iterator[None]:
    """In here, sentences come in the reader's language and times in the town's zone."""
    with translation.override(reader.person.language), timezone.override(reader.town.time_zone):
        yield


def laid_out(letter: Letter, town: Town | None) -> Written:
    """The letter as text and as HTML, in the language that is active: a town's, or the site's own (None)."""
    context = {"letter": letter, "town": town, "site": settings.LINK_BASE}
    text, html = (render_to_string(f"mail/letter.{kind}", context) for kind in ("txt", "html"))
    return Written(letter.subject, text, html)


def queue_letter(
    *, cause: str, reader: Reader, letter: Letter, expires_in: timedelta, headers: Mapping[str, str] | None = None
) -> Delivery:
    """Lay it out and put it into the outbox, in the caller's transaction. Called inside `written_for`.

    `headers`: more of them. With a `Reply-To`, the letter says that it may be answered.
    """
    headers = headers or {}
    letter = replace(letter, answerable="Reply-To" in headers)
    mail = laid_out(letter, reader.town)
    return queue_email(
        cause=cause,
        to=reader.person.email,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        person=reader.person,
        headers={"From": sender_named(reader.town.name), **headers},
        expires_in=expires_in,
    )

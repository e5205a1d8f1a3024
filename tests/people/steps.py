"""What a person does at the door, step by step, with Django's test client."""

import html
import re
from typing import Any

from django.test import Client
from django.urls import reverse

from hub.deliveries.models import Delivery
from hub.people.models import Person

PASSWORD = "lavandières-du-matin"


def mails_to(email: str) -> list[Delivery]:
    """What was queued for this address, oldest first."""
    return list(Delivery.objects.filter(address=email).order_by("pk"))


def last_code(email: str) -> str:
    """The code in the last mail to this address."""
    found = re.search(r"\b\d{4}-\d{4}\b", mails_to(email)[-1].text)
    assert found
    return found[0]


def wrong(code: str) -> str:
    """A code that is not this one."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)


def post(client: Client, page: str, /, *args: Any, **fields: Any) -> Any:
    """Send a form to the page of that name; the page in the end, redirects followed."""
    return client.post(reverse(page, args=args), fields, follow=True)


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    """By address and password."""
    return post(client, "account_login", login=email, password=password)


def sign_in_by_code(client: Client, email: str) -> Any:
    """Ask for a code and give it back."""
    post(client, "account_request_login_code", email=email)
    return post(client, "account_confirm_login_code", code=last_code(email))


def text_of(page: Any) -> str:
    """The words of a page, with plain spaces."""
    words = html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode()))
    return " ".join(words.split())


def who(client: Client) -> Person | None:
    """Who is signed in in this browser."""
    key = client.session.get("_auth_user_id")
    person = Person.objects.filter(pk=key, is_active=True).first() if key else None
    if person is None or client.session["_auth_user_hash"] != person.get_session_auth_hash():
        return None
    return person

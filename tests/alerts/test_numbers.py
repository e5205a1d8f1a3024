"""A number is shown to be one's own by a code; sending codes is dear, and counted (S9, S15)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from hub.alerts import rules
from hub.alerts.actions import confirm_number, forget_codes, send_code
from hub.alerts.models import NumberCode
from hub.core.clock import now, standing_at
from hub.core.errors import Conflict, Invalid, NotFound, RateLimited, Unavailable
from hub.deliveries import gsm
from hub.deliveries.models import Delivery
from hub.people.actions import set_phones
from hub.people.models import Person, Phone
from hub.towns.models import Town
from tests import factories

pytestmark = pytest.mark.django_db

MOBILE, LANDLINE, QUEBEC = "+33612345678", "+33199000110", "+14185550142"
HERE = "203.0.113.7"


@pytest.fixture(autouse=True)
def _ways_out(settings: Settings) -> None:
    settings.ADAPTERS = {**settings.ADAPTERS, "sms": ["capture"], "voice": []}
    settings.LINK_BASE = "https://parvis.saint-test.example:8443"
    settings.RATE_LIMITS = True


@pytest.fixture
def phone(citizen: Person) -> Phone:
    set_phones(person=citizen, numbers=[MOBILE])
    return Phone.objects.get()


def ask(person: Person, phone: Phone, **more: Any) -> str:
    """The code that leaves."""
    send_code(actor=person, phone_id=phone.pk, address=more.pop("address", HERE), **more)
    return "".join(re.findall(r"\d", Delivery.objects.latest("pk").text.partition("\n")[0]))


@pytest.mark.parametrize(
    ("number", "ways"),
    [
        (MOBILE, ("sms", "voice")),
        (LANDLINE, ("voice",)),
        (QUEBEC, ("sms", "voice")),
        ("+262692123456", ("sms", "voice")),  # La Réunion
        ("+12025550123", ()),  # the United States
        ("+447911123456", ()),
        ("+18095551234", ()),  # of the same plan as Canada, and dear
        ("+33899123456", ()),  # premium
        ("+33800123456", ()),  # free for who calls, not for us
        ("no number", ()),
    ],
)
def test_codes_go_where_the_towns_are_and_to_no_dear_number(number: str, ways: tuple[str, ...]) -> None:
    assert rules.ways_to(number) == ways


@pytest.mark.parametrize(("said", "digits"), [("123 456", "123456"), (" 123-456\n", "123456"), ("١٢٣", ""), ("", "")])
def test_what_is_typed_is_read_as_digits(said: str, digits: str) -> None:
    assert rules.typed(said) == digits


@pytest.mark.parametrize(("language", "words"), [("fr", "Parvis : votre code est {}."), ("en", "Parvis")])
def test_the_code_comes_in_the_persons_language_and_types_itself(
    citizen: Person, phone: Phone, language: str, words: str
) -> None:
    Person.objects.filter(pk=citizen.pk).update(language=language)
    code = ask(Person.objects.get(pk=citizen.pk), phone)
    left = Delivery.objects.get()
    assert (left.channel, left.address, left.person, left.dispatch.cause) == ("sms", MOBILE, citizen, "number_code")
    assert left.expires_at - left.next_at == timedelta(minutes=10)
    lines = left.text.split("\n")
    assert lines[0].startswith(words.format(f"{code[:3]} {code[3:]}"))
    assert lines[-1] == f"@parvis.saint-test.example #{code}"  # WebOTP: the last line, the host without its port
    assert gsm.measure(left.text).segments == 1
    assert code not in NumberCode.objects.get().digest


def test_the_right_code_verifies_and_serves_once(citizen: Person, phone: Phone) -> None:
    code = ask(citizen, phone)
    confirm_number(actor=citizen, phone_id=phone.pk, code=f"{code[:3]} {code[3:]}")
    phone.refresh_from_db()
    assert phone.verified_at is not None
    assert not NumberCode.objects.exists()
    confirm_number(actor=citizen, phone_id=phone.pk, code="")  # it is verified
    with pytest.raises(Conflict):
        ask(citizen, phone)
    set_phones(person=citizen, numbers=[LANDLINE])
    set_phones(person=citizen, numbers=[MOBILE])
    with pytest.raises(Invalid):  # given anew, it is shown anew
        confirm_number(actor=citizen, phone_id=Phone.objects.get().pk, code=code)


def test_five_tries_and_no_more(citizen: Person, phone: Phone) -> None:
    code = ask(citizen, phone)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(5):
        with pytest.raises(Invalid, match="bon code"):
            confirm_number(actor=citizen, phone_id=phone.pk, code=wrong)
    with pytest.raises(Invalid, match="plus valable"):
        confirm_number(actor=citizen, phone_id=phone.pk, code=code)
    with standing_at(now() + timedelta(seconds=61)):
        confirm_number(actor=citizen, phone_id=phone.pk, code=ask(citizen, phone))


def test_ten_minutes_and_no_longer_and_the_latest_alone(citizen: Person, phone: Phone) -> None:
    at, first = now(), ask(citizen, phone)
    with pytest.raises(RateLimited) as refused:
        ask(citizen, phone)
    assert 50 < refused.value.retry_after_s <= 60
    with standing_at(at + timedelta(seconds=61)):
        second = ask(citizen, phone)
        if first != second:
            with pytest.raises(Invalid):
                confirm_number(actor=citizen, phone_id=phone.pk, code=first)
    with standing_at(at + timedelta(minutes=12)), pytest.raises(Invalid, match="plus valable"):
        confirm_number(actor=citizen, phone_id=phone.pk, code=second)
    with standing_at(at + timedelta(hours=20)):
        assert forget_codes() == 0
    with standing_at(at + timedelta(days=2)):
        assert (forget_codes(), forget_codes()) == (1, 0)


def test_a_household_shares_a_number_and_nobody_is_told(town: Town, citizen: Person, phone: Phone) -> None:
    confirm_number(actor=citizen, phone_id=phone.pk, code=ask(citizen, phone))
    other = factories.make_person(town=town)
    set_phones(person=other, numbers=[MOBILE])
    theirs = Phone.objects.get(person=other)
    assert theirs.verified_at is None
    code = ask(other, theirs)
    confirm_number(actor=other, phone_id=theirs.pk, code=code)
    for act in (lambda: ask(citizen, theirs), lambda: confirm_number(actor=citizen, phone_id=theirs.pk, code=code)):
        with pytest.raises(NotFound):
            act()


def later(minutes: int) -> Any:
    return standing_at(now() + timedelta(minutes=minutes))


def test_what_leaves_is_counted_by_number_person_and_address(town: Town) -> None:
    def asks(number: str, address: str, person: Person | None = None) -> None:
        who = person or factories.make_person(town=town)
        set_phones(person=who, numbers=[number])
        ask(who, Phone.objects.get(person=who), address=address)

    for turn in range(4):  # one number, by four people from four places
        asks(MOBILE, f"198.51.100.{turn}")
    with pytest.raises(RateLimited):
        asks(MOBILE, "198.51.100.9")
    one = factories.make_person(town=town)
    for turn in range(6):  # one person, six numbers
        asks(f"+3361234570{turn}", f"198.51.101.{turn}", one)
    with pytest.raises(RateLimited):
        asks("+33612345799", "198.51.101.9", one)
    for turn in range(10):  # one place, ten people
        asks(f"+3361234580{turn}", HERE)
    with pytest.raises(RateLimited):
        asks("+33612345899", HERE)
    assert Delivery.objects.count() == 20


def test_where_nothing_can_leave_it_is_said(citizen: Person, phone: Phone, settings: Settings) -> None:
    settings.ADAPTERS = {**settings.ADAPTERS, "sms": []}
    with pytest.raises(Unavailable, match="pas encore de SMS"):
        ask(citizen, phone)
    set_phones(person=citizen, numbers=[LANDLINE])
    with pytest.raises(Unavailable, match="pas un portable"):
        ask(citizen, Phone.objects.get())
    set_phones(person=citizen, numbers=["+447911123456"])
    with pytest.raises(Invalid, match="France et le Canada"):
        ask(citizen, Phone.objects.get())
    assert not Delivery.objects.exists()


def test_a_number_that_takes_no_sms_is_called(citizen: Person, settings: Settings) -> None:
    settings.ADAPTERS = {**settings.ADAPTERS, "voice": ["capture"]}
    set_phones(person=citizen, numbers=[LANDLINE])
    code = ask(citizen, Phone.objects.get())
    call = Delivery.objects.get()
    assert (call.channel, call.address) == ("voice", LANDLINE)
    assert ", ".join(code) in call.text
    assert "@" not in call.text
    set_phones(person=citizen, numbers=[QUEBEC])
    ask(citizen, Phone.objects.get(), by="voice")
    assert Delivery.objects.latest("pk").channel == "voice"
    confirm_number(actor=citizen, phone_id=Phone.objects.get().pk, code=_last_code())


def _last_code() -> str:
    return "".join(re.findall(r"\d", Delivery.objects.latest("pk").text))


# The page.


def test_the_page_leads_through_it(client: Client, citizen: Person, phone: Phone) -> None:
    client.force_login(citizen)
    path = f"/compte/telephones/{phone.pk}/verifier/"
    assert f'href="{path}"' in client.get("/compte/coordonnees/").content.decode()
    assert "Recevoir le code par message" in client.get(path).content.decode()
    assert client.post(path, {"send": "sms"})["Location"] == path
    page = client.get(path).content.decode()
    assert 'autocomplete="one-time-code"' in page
    again = client.post(path, {"send": "sms"})
    assert again.status_code == 429
    assert "Vous allez un peu vite" in again.content.decode()
    wrong = client.post(path, {"code": "000000 x"}).content.decode()
    code = "".join(re.findall(r"\d", Delivery.objects.get().text.partition("\n")[0]))
    assert code == "000000" or "bon code" in wrong
    assert client.post(path, {"code": ""}).status_code == 200
    done = client.post(path, {"code": code}, follow=True)
    assert "Ce numéro est vérifié" in done.content.decode()
    assert client.get(path)["Location"] == "/compte/coordonnees/"


def test_the_page_says_why_it_can_not_be(client: Client, citizen: Person, settings: Settings) -> None:
    set_phones(person=citizen, numbers=[LANDLINE])
    client.force_login(citizen)
    path = f"/compte/telephones/{Phone.objects.get().pk}/verifier/"
    for answer in (client.get(path), client.post(path, {"send": "sms"})):
        assert "pas encore être vérifié" in answer.content.decode()
        assert "Recevoir le code" not in answer.content.decode()

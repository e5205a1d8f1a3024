"""Money and abuse: which numbers are reached, how often, and what a day may cost."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from channels_adapters.base import Cause
from hub.core.clock import standing_at
from hub.deliveries import allowance, halts, ledger, tasks
from hub.deliveries.actions import prune, queue_sms
from hub.deliveries.models import Channel, Delivery, Dispatch, Halt, Lane, State, Used
from hub.notifications.models import Notification
from hub.notifications.words import of
from hub.people.models import Person, Role
from hub.towns.models import Town
from tests.factories import make_person, make_town

pytestmark = [pytest.mark.django_db, pytest.mark.both_stores]

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)  # 12 h in Paris
MORNING = datetime(2026, 11, 25, 7, tzinfo=UTC)  # 8 h there, the next day


@pytest.fixture(autouse=True)
def _limits(settings: Settings) -> Iterator[None]:
    """None, but for what a test sets."""
    settings.SMS_PRICES, settings.VOICE_PRICES = "FR=0.10 EUR, CA=0.02 CAD", "FR=0.20 EUR"
    settings.SMS_PER_NUMBER = settings.CALLS_PER_NUMBER = settings.SMS_PER_TOWN = settings.CALLS_PER_TOWN = 0
    settings.DAILY_SPENDING = ""
    with standing_at(NOON):
        yield


def make(
    count: int = 1, *, town: Town | None = None, lane: Lane = Lane.TRANSACTIONAL, channel: Channel = Channel.SMS,
    to: str = "", text: str = "Bonjour",
) -> list[Delivery]:  # fmt: skip
    """So many to numbers of their own, or all to this one."""
    made = []
    for number in range(count):
        one = queue_sms(cause="test", to=to or f"+336123{Delivery.objects.count():05}", text=text)
        Dispatch.objects.filter(pk=one.dispatch_id).update(town=town)
        Delivery.objects.filter(pk=one.pk).update(
            lane=lane, channel=channel, next_at=NOON - timedelta(hours=1) + timedelta(seconds=number)
        )
        made.append(one)
    return made


def claim(some: Sequence[Delivery], channel: Channel = Channel.SMS, *, let_go: bool = True) -> list[str]:
    """Claim all that is due, and take for sent what may leave. What became of `some`: their states."""
    while claimed := ledger.claim(channel, 100):
        held = ledger.hold_back(claimed)
        free = [one.pk for one in claimed if one.pk not in held]
        if let_go:
            Delivery.objects.filter(pk__in=free).update(state=State.SENT, lease_until=None)
    return [Delivery.objects.get(pk=one.pk).state for one in some]


def of_row(one: Delivery) -> tuple[str, str, str, datetime, int]:
    row = Delivery.objects.get(pk=one.pk)
    return row.state, row.cause, row.reason, row.next_at, row.attempts


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+33612345678", ""), ("+33639980012", ""), ("+14185550142", ""), ("+12125550142", ""), ("+590690001234", ""),
        ("+262692123456", ""), ("+687751234", ""),
        ("+33899123456", "premium or shared-cost number"), ("+33820123456", "premium or shared-cost number"),
        ("+19005550142", "premium or shared-cost number"),
        ("+18765551234", "numbers of JM are not served (PARVIS_SMS_COUNTRIES)"),
        ("+447400123456", "numbers of GB are not served (PARVIS_SMS_COUNTRIES)"),
        ("+882123456789", "numbers of 001 are not served (PARVIS_SMS_COUNTRIES)"),
        ("06 12 34 56 78", "not a phone number"),
    ],
)  # fmt: skip
def test_only_numbers_of_these_countries_at_the_usual_price_are_reached(number: str, why: str) -> None:
    assert allowance.refusal(number) == why


def test_what_may_never_leave_says_why_and_an_emergency_neither(settings: Settings) -> None:
    settings.SMS_COUNTRIES = "FR"
    canada, premium = make(to="+14185550142", lane=Lane.EMERGENCY) + make(to="+33899123456")
    (fine,) = make()
    assert claim([canada, premium, fine]) == [State.SUPPRESSED, State.SUPPRESSED, State.SENT]
    assert of_row(canada)[1:3] == (Cause.NOT_ALLOWED, "numbers of CA are not served (PARVIS_SMS_COUNTRIES)")
    assert of_row(premium)[1:3] == (Cause.NOT_ALLOWED, "premium or shared-cost number")
    assert Used.objects.filter(scope="money").get(name="EUR Europe/Paris").used == 1_000  # of the one that left


def test_a_number_gets_so_many_a_day_in_an_emergency_too(settings: Settings) -> None:
    settings.SMS_PER_NUMBER, settings.CALLS_PER_NUMBER = 2, 1
    some = [*make(2, to="+33612345678"), *make(2, to="+33612345678", lane=Lane.BULK), *make(to="+33612345679")]
    assert claim(some) == [State.SENT, State.SENT, State.SUPPRESSED, State.SUPPRESSED, State.SENT]
    assert of_row(some[3])[1:3] == (Cause.NOT_ALLOWED, "more than 2 SMS to this number today")
    (urgent,) = make(to="+33612345678", lane=Lane.EMERGENCY)
    assert claim([urgent]) == [State.SUPPRESSED]
    calls = make(2, to="+33612345678", channel=Channel.VOICE, lane=Lane.EMERGENCY)
    assert claim(calls, Channel.VOICE) == [State.SENT, State.SUPPRESSED]  # calls are counted by themselves
    with standing_at(NOON + timedelta(days=1)):
        (tomorrow,) = make(to="+33612345678")
        assert claim([tomorrow]) == [State.SENT]


def test_what_a_town_sends_too_much_of_waits_until_its_morning(settings: Settings, town: Town) -> None:
    settings.SMS_PER_TOWN = 3
    other, far = make_town(), make_town(time_zone="America/Toronto")
    mine, urgent, theirs = make(5, town=town), make(4, town=town, lane=Lane.EMERGENCY), make(3, town=other)
    there = make(4, town=far)
    assert claim(mine) == [State.SENT] * 3 + [State.QUEUED] * 2
    assert claim(urgent) == [State.SENT] * 4
    assert claim(theirs) == [State.SENT] * 3
    waits = "more than 3 SMS of this town today"
    assert of_row(mine[4]) == (State.QUEUED, Cause.NOT_ALLOWED, waits, MORNING, 0)
    assert of_row(there[3])[3] == datetime(2026, 11, 25, 13, tzinfo=UTC)  # 8 h in Toronto
    with standing_at(MORNING - timedelta(minutes=1)):
        assert claim(mine[3:]) == [State.QUEUED] * 2
    with standing_at(MORNING):
        assert claim(mine[3:]) == [State.SENT] * 2


def test_too_late_tomorrow_it_still_says_why(settings: Settings, town: Town) -> None:
    settings.SMS_PER_TOWN = 1
    some = make(2, town=town)
    claim(some)
    Delivery.objects.filter(pk=some[1].pk).update(expires_at=NOON + timedelta(hours=1))
    with standing_at(NOON + timedelta(hours=2)):
        assert ledger.close_late() == 1
    assert of_row(some[1])[:3] == (State.EXPIRED, Cause.NOT_ALLOWED, "more than 1 SMS of this town today")


def test_when_the_days_money_is_spent_all_waits_but_emergencies(settings: Settings, town: Town) -> None:
    settings.DAILY_SPENDING = "EUR=1, CAD=5"
    sms = make(8, town=town)  # 0.80 EUR
    assert claim(sms) == [State.SENT] * 8
    (call,) = make(town=town, channel=Channel.VOICE)  # 0.20 EUR
    assert claim([call], Channel.VOICE) == [State.SENT]
    late, urgent = make(2, town=town), make(2, town=town, lane=Lane.EMERGENCY, text="ê" * 71)
    assert claim(late) == [State.QUEUED] * 2
    assert of_row(late[0]) == (State.QUEUED, Cause.NOT_ALLOWED, "today's 1 EUR are spent", MORNING, 0)
    assert claim(urgent) == [State.SENT] * 2
    assert (
        Used.objects.get(scope="money", name="EUR Europe/Paris").used == 14_000
    )  # two SMS for each of the urgent ones
    (canadian,) = make(town=town, to="+14185550142")
    assert claim([canadian]) == [State.SENT]  # another money
    with standing_at(MORNING):
        assert claim(late) == [State.SENT] * 2


def test_the_money_is_the_hubs_in_whatever_zone_its_towns_are(settings: Settings, town: Town) -> None:
    settings.DAILY_SPENDING = "EUR=1"
    island = make_town(time_zone="Indian/Reunion")
    assert claim(make(10, town=town)) == [State.SENT] * 10
    (there,) = make(town=island)
    assert claim([there]) == [State.QUEUED]
    assert of_row(there)[3] == datetime(2026, 11, 25, 4, tzinfo=UTC)  # 8 h there
    with standing_at(datetime(2026, 11, 24, 22, tzinfo=UTC)):  # a new day on the island, not in Paris
        (new,) = make(town=island)
        (old,) = make(town=town)
        assert claim([new, old]) == [State.SENT, State.QUEUED]


def test_an_attempt_that_is_made_again_is_paid_once_and_what_waited_is_paid_when_it_leaves(
    settings: Settings, town: Town
) -> None:
    settings.DAILY_SPENDING = "EUR=1"
    some = make(10, town=town)
    for _attempt in range(3):
        claimed = ledger.claim("sms", 100)
        assert ledger.hold_back(claimed) == set()
        Delivery.objects.update(lease_until=None, claimed_by="")  # nothing has left: later
    assert Used.objects.get(scope="money").used == 10_000
    (late,) = make(town=town)
    claim([late])
    assert Used.objects.get(scope="money").used == 10_000
    assert [one.attempts for one in Delivery.objects.filter(pk__in=[one.pk for one in some])] == [4] * 10


def test_what_is_asked_about_is_not_counted_again(town: Town) -> None:
    (one,) = make(town=town)
    Delivery.objects.update(state=State.UNKNOWN, ask_at=NOON - timedelta(minutes=1))
    assert ledger.hold_back(ledger.claim("sms", 10)) == set()
    assert Used.objects.count() == 0
    assert of_row(one)[0] == State.UNKNOWN


def test_who_manages_is_told_once_what_happened_and_what_to_do(
    settings: Settings, town: Town, mayor: Person, citizen: Person
) -> None:
    settings.DAILY_SPENDING = "EUR=1"
    manager = make_person(town=town, roles=[Role.MANAGER])
    far = make_town(time_zone="America/Toronto")
    make_person("loin@parvis.test", town=far, roles=[Role.MANAGER])
    claim(make(11, town=town))
    tasks.sweep()
    tasks.sweep()
    claim(make(3, town=town))
    halts.tell_new()
    told = Notification.objects.order_by("person_id")
    assert {row.person_id for row in told} == {mayor.pk, manager.pk}
    assert told.count() == 2
    said = of(told[0])
    assert (
        said.sentence
        == "SMS et appels attendent jusqu’à demain\u00a0: la dépense d’une journée, 1,00\u00a0€, est atteinte"
    )
    mails = Delivery.objects.filter(channel="email", dispatch__cause="spending_halted")
    assert {mail.address for mail in mails} == {mayor.email, manager.email}
    mail = mails.get(person=mayor)
    assert mail.subject == "SMS et appels attendent jusqu’à demain"
    assert (
        "À 12\u00a0h, les SMS et les appels de ce site ont atteint la dépense d’une journée\u00a0: 1,00\u00a0€."
        in mail.text
    )
    assert "PARVIS_DAILY_SPENDING" in mail.text
    assert f"/mairie/{town.slug}/" in mail.html
    assert Halt.objects.get().told_at == NOON


def test_what_is_sent_for_no_town_is_told_to_all_where_nobody_lives_in_the_hubs_zone(settings: Settings) -> None:
    settings.DAILY_SPENDING = "EUR=1"
    make_person("loin@parvis.test", town=make_town(time_zone="America/Toronto"), roles=[Role.MANAGER])
    claim(make(11))
    halts.tell_new()
    assert Notification.objects.get().person.email == "loin@parvis.test"


def test_a_teller_that_fails_is_asked_again(
    settings: Settings, town: Town, mayor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DAILY_SPENDING = "EUR=1"
    claim(make(11, town=town))
    monkeypatch.setattr("hub.notifications.halts.queue_letter", lambda **_words: 1 / 0)
    halts.tell_new()
    assert (Notification.objects.count(), Halt.objects.get().told_at) == (0, None)
    monkeypatch.undo()
    halts.tell_new()
    assert Notification.objects.count() == 1


def test_counts_of_long_ago_are_forgotten(town: Town) -> None:
    claim(make(town=town))
    with standing_at(NOON + allowance.KEEP + timedelta(days=2)):
        prune()
    assert Used.objects.count() == 0

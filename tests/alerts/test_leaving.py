"""An alert leaves: to whom, by what, in which words, and how far it is."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from channels_adapters.capture import Captured
from hub.alerts import audience, leaving, progress
from hub.alerts.alerting import approve_alert, create_alert, stop_alert, submit_alert, write_further
from hub.alerts.models import Alert, Recipient, Status, Theme, Vulnerable
from hub.alerts.reach import missed
from hub.core.clock import now
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from hub.deliveries import quiet, receipts
from hub.deliveries.models import Delivery, Lane, State
from hub.people.models import Address, Device, Person, Phone
from hub.streams.models import Event
from hub.towns.models import Town
from tests.alerts.alarms import approved, draft, leave, subscribe
from tests.deliveries.conftest import Left, left  # noqa: F401
from tests.factories import make_agent, make_mayor, make_person, make_town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_stores]
EVERY = ["push", "email", "sms", "voice"]
SQUARE = {"type": "Polygon", "coordinates": [[[2.0, 48.0], [3.0, 48.0], [3.0, 49.0], [2.0, 49.0], [2.0, 48.0]]]}


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.fixture
def mayor(town: Town) -> Person:
    return make_mayor(town)


@pytest.fixture
def agent(town: Town) -> Person:
    return make_agent(town)


@pytest.fixture(autouse=True)
def every_way_out(settings: Settings, left: Left, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """By day: at night news by telephone wait."""
    monkeypatch.setattr(quiet, "shared_now", lambda: datetime(2026, 11, 26, 12, tzinfo=UTC))
    settings.ADAPTERS = {channel: ["capture"] for channel in ("email", "sms", "voice", "push")}


def phone(person: Person, number: str, **fields: object) -> None:
    Phone.objects.create(person=person, number=number, by_staff=True, **fields)


def to(left: Left) -> list[tuple[str, str]]:  # noqa: F811
    return sorted((item.channel, item.to) for item in told(left))


def told(left: Left) -> list[Captured]:  # noqa: F811
    """What left of alerts themselves, newest first: not what asks colleagues for their yes."""
    return [item for item in left() if not item.subject.startswith("Alerte à approuver")]


def test_nothing_leaves_without_a_second_person(town: Town, mayor: Person, agent: Person) -> None:
    alert = create_alert(actor=mayor, slug=town.slug, draft=draft())
    with pytest.raises(Conflict):
        approve_alert(actor=agent, alert_id=alert.pk)
    submit_alert(actor=mayor, alert_id=alert.pk)
    with pytest.raises(Forbidden):
        approve_alert(actor=mayor, alert_id=alert.pk)
    assert not Delivery.objects.filter(dispatch__cause="alert").exists()
    assert approve_alert(actor=agent, alert_id=alert.pk).status == Status.SENDING
    with pytest.raises(Conflict):
        approve_alert(actor=agent, alert_id=alert.pk)


def test_others_see_nothing_of_it(town: Town, mayor: Person) -> None:
    alert = create_alert(actor=mayor, slug=town.slug, draft=draft())
    stranger = make_mayor(make_town("ailleurs"))
    for actor in (stranger, make_person(town=town)):
        for act in (submit_alert, approve_alert, stop_alert):
            with pytest.raises(NotFound):
                act(actor=actor, alert_id=alert.pk)


def test_in_an_emergency_everybody_is_told_in_their_language(
    town: Town, mayor: Person, agent: Person, left: Left  # noqa: F811
) -> None:  # fmt: skip
    french, english = make_person(town=town), make_person(town=town, language="en")
    make_person(town=make_town("ailleurs"))
    alert = leave(approved(mayor, agent, town, channels=EVERY))
    by_address = {item.to: item for item in told(left)}
    assert set(by_address) == {one.email for one in (french, english, mayor, agent)}
    assert by_address[french.email].subject == "Eau non potable"
    assert "Boil water" in by_address[english.email].text
    assert set(Delivery.objects.filter(dispatch__cause="alert").values_list("lane", flat=True)) == {Lane.EMERGENCY}
    assert (alert.status, progress.progress_of(alert).reached) == (Status.SENDING, 4)
    leave(alert)
    assert Alert.objects.get(pk=alert.pk).status == Status.DONE


def test_of_a_theme_those_are_told_who_asked_for_it_by_the_means_they_chose(
    town: Town, mayor: Person, agent: Person, left: Left  # noqa: F811
) -> None:  # fmt: skip
    water, snow = (Theme.objects.create(town=town, name=name) for name in ("Eau", "Neige"))
    by_mail, by_sms, other, every, silent = (make_person(town=town) for _ in range(5))
    for person in (by_mail, by_sms):
        phone(person, f"+3361234567{person.pk % 10}")
    subscribe(by_mail, town, "email", themes=(water,))
    subscribe(by_sms, town, "sms", "voice", themes=(water, snow))
    subscribe(other, town, "email", themes=(snow,))
    subscribe(every, town, "email", every=True)
    assert silent.email
    leave(approved(mayor, agent, town, emergency=False, theme_id=water.pk, channels=EVERY))
    assert to(left) == sorted(
        [("email", by_mail.email), ("email", every.email), ("sms", f"+3361234567{by_sms.pk % 10}")]
    )


def test_the_figures_before_are_those_of_what_leaves(town: Town, mayor: Person, agent: Person, left: Left) -> None:  # noqa: F811
    landline, mobile, unproven = (make_person(town=town) for _ in range(3))
    phone(landline, "+33139980012")
    phone(mobile, "+33639980012")
    Phone.objects.create(person=unproven, number="+33639980013")
    refusing = make_person(town=town)
    phone(refusing, "+33139980014")
    subscribe(refusing, town, every=True)
    Device.objects.create(person=mobile, kind="web", target="{}", digest="d", name="Firefox")
    alert = create_alert(actor=mayor, slug=town.slug, draft=draft(channels=EVERY))
    assert audience.counts(alert) == {
        "people": 6, "homes": 0, "reachable": 5, "refused": 1, "email": 5, "sms": 1, "voice": 1, "push": 1,
    }  # fmt: skip
    submit_alert(actor=mayor, alert_id=alert.pk)
    leave(approve_alert(actor=agent, alert_id=alert.pk), "push", "email", "sms")
    assert {channel: len([one for one in to(left) if one[0] == channel]) for channel in ("email", "sms")} == {
        "email": 5, "sms": 1,
    }  # fmt: skip


def test_a_zone_streets_and_the_register_add_up(town: Town, mayor: Person, agent: Person) -> None:
    inside, outside, street, registered = (make_person(town=town) for _ in range(4))
    Address.objects.create(person=inside, street="rue du Four", latitude=48.5, longitude=2.5)
    Address.objects.create(person=outside, street="rue du Port", latitude=48.5, longitude=3.5)
    Address.objects.create(person=street, street="Rue des Saules")
    Vulnerable.objects.create(person=registered, town=town, added_at=now())
    cases = [
        ({"shape": SQUARE}, {inside}),
        ({"streets": ["rue des saules"]}, {street}),
        ({"register": True}, {registered}),
        ({"shape": SQUARE, "streets": ["rue des saules"], "register": True}, {inside, street, registered}),
        ({"nobody": True}, set()),
    ]
    for said, expected in cases:
        alert = create_alert(actor=mayor, slug=town.slug, draft=draft(audience=said))
        assert set(audience.concerned(alert)) == expected, said
        assert audience.counts(alert)["people"] == len(expected)


def test_calls_go_to_those_whom_nothing_else_has_reached(
    town: Town, mayor: Person, agent: Person, settings: Settings
) -> None:
    """An SMS that its provider has not said to be there does not count."""
    settings.ADAPTERS = {**settings.ADAPTERS, "sms": []}
    here, silent = make_person(town=town), Person.objects.create(first_name="Lucienne", last_name="Daoust")
    silent.memberships.create(town=town, role="citizen")
    for person, number in ((here, "+14185550101"), (silent, "+14185550102")):
        phone(person, number)
        subscribe(person, town, "email", "sms", "voice", every=True)
    alert = leave(approved(mayor, agent, town, channels=EVERY))
    assert not Delivery.objects.filter(channel="voice").exists()
    Alert.objects.update(started_at=now() - timedelta(minutes=6))
    alert = leave(alert)
    assert alert.called_at is not None
    (call,) = Delivery.objects.filter(channel="voice")
    assert call.address == "+14185550102"


def test_who_refused_every_means_is_reached_by_none_and_the_list_says_why(
    town: Town, mayor: Person, agent: Person, left: Left  # noqa: F811
) -> None:  # fmt: skip
    refusing, silent = make_person(town=town), Person.objects.create(first_name="A", last_name="B")
    silent.memberships.create(town=town, role="citizen")
    phone(refusing, "+33139980014")
    Device.objects.create(person=refusing, kind="web", target="{}", digest="d", name="Firefox")
    subscribe(refusing, town, every=True)
    for channels in (EVERY, ["voice"]):  # where there is no SMS, all are called
        alert = leave(leave(approved(mayor, agent, town, channels=channels)))
        assert refusing.email not in {address for _channel, address in to(left)}
        assert not Delivery.objects.filter(channel="voice").exists()
        whys = {one.name: one.why for one in missed(alert)}
        assert (whys[refusing.name], whys[silent.name]) == ("A refusé tous les moyens", "Aucun moyen inscrit")


def test_who_shares_a_number_is_reached_by_one_call(town: Town, mayor: Person, agent: Person) -> None:
    for _ in range(2):
        person = Person.objects.create(first_name="A", last_name="B")
        person.memberships.create(town=town, role="citizen")
        phone(person, "+33139980012")
    alert = leave(leave(approved(mayor, agent, town, channels=["voice"])))
    assert Delivery.objects.filter(channel="voice").count() == 1
    assert Recipient.objects.filter(alert=alert).exclude(voice="").exclude(reached_at=None).count() == 2


def test_stopped_nothing_more_leaves(town: Town, mayor: Person, agent: Person, left: Left) -> None:  # noqa: F811
    alert = approved(mayor, agent, town)
    while leaving.work(alert.pk, for_s=5):
        pass
    stop_alert(actor=mayor, alert_id=alert.pk)
    assert leave(alert).status == Status.STOPPED
    assert told(left) == []
    assert set(Delivery.objects.filter(dispatch__cause="alert").values_list("state", flat=True)) == {State.SUPPRESSED}
    assert stop_alert(actor=agent, alert_id=alert.pk).status == Status.STOPPED


def test_a_worker_that_dies_between_loses_and_repeats_nothing(
    town: Town, mayor: Person, agent: Person, left: Left, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    for _ in range(7):
        make_person(town=town)
    monkeypatch.setattr(leaving, "AT_ONCE", 2)
    alert = approved(mayor, agent, town)
    for _ in range(3):  # each a worker that ends after one batch
        leaving.work(alert.pk, for_s=0.001)
    leave(alert)
    assert len(to(left)) == len(set(to(left))) == 9


def test_the_same_alert_sent_twice_is_one(town: Town, mayor: Person) -> None:
    first, second = (create_alert(actor=mayor, slug=town.slug, draft=draft(key="k")) for _ in range(2))
    assert first.pk == second.pk
    with pytest.raises(Conflict):
        create_alert(actor=mayor, slug=town.slug, draft=draft(key="k", title={"fr": "Autre chose"}))


def test_numbers_count_up_by_town_and_year(town: Town, mayor: Person) -> None:
    year = now().year % 100
    numbers = [create_alert(actor=mayor, slug=town.slug, draft=draft()).number for _ in range(2)]
    assert numbers == [f"A-{year}-001", f"A-{year}-002"]


def test_a_further_word_goes_to_the_same_people(town: Town, mayor: Person, agent: Person, left: Left) -> None:  # noqa: F811
    person = make_person(town=town)
    first = leave(approved(mayor, agent, town))
    make_person(town=town)
    end = write_further(actor=mayor, alert_id=first.pk, purpose="end", draft=draft(title={"fr": "Eau potable"}))
    submit_alert(actor=mayor, alert_id=end.pk)
    leave(approve_alert(actor=agent, alert_id=end.pk))
    theirs = [item for item in told(left) if item.to == person.email]
    assert [item.subject for item in theirs] == ["Fin d’alerte : Eau potable", "Eau non potable"]
    assert len(told(left)) == 6


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"channels": ["pigeon"]}, "channels"), ({"theme_id": 987_654}, "theme"), ({"danger": "loup"}, "danger"),
        ({"title": {"fr": "x" * 121}}, "title"), ({"audience": {"shape": {"type": "Point"}}}, "zone"),
        ({"audience": {"zones": [987_654]}}, "zones"),
        ({"audience": {"shape": {"type": "Polygon", "coordinates": [[[0, 0], [0, 1]]]}}}, "zone"),
        ({"audience": {"shape": {"type": "Polygon", "coordinates": [[[0, 0], [0, 100], [1, 1]]]}}}, "zone"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_named(town: Town, mayor: Person, fields: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_alert(actor=mayor, slug=town.slug, draft=draft(**fields))
    assert refused.value.field == field


@pytest.mark.parametrize(
    "fields",
    [
        {"title": {"en": "Water"}}, {"channels": []}, {"emergency": False}, {"body": {"fr": " "}},
        {"audience": {"nobody": True}},
    ],
)  # fmt: skip
def test_what_says_nothing_to_anybody_is_not_submitted(town: Town, mayor: Person, fields: dict[str, object]) -> None:
    alert = create_alert(actor=mayor, slug=town.slug, draft=draft(**fields))
    with pytest.raises(Invalid):
        submit_alert(actor=mayor, alert_id=alert.pk)


def test_a_scheduled_alert_leaves_at_its_hour(town: Town, mayor: Person, agent: Person, left: Left) -> None:  # noqa: F811
    alert = approved(mayor, agent, town, send_at=now() + timedelta(hours=1))
    assert alert.status == Status.SCHEDULED
    assert leaving.start_due() == []
    Alert.objects.update(send_at=now())
    assert leaving.start_due() == [alert.pk]
    leave(alert)
    assert len(told(left)) == 2


def test_who_watches_is_told_how_far_it_is(town: Town, mayor: Person, agent: Person) -> None:
    alert = leave(approved(mayor, agent, town))
    said = [event.payload for event in Event.objects.filter(topic=f"alert.{alert.pk}").order_by("seq")]
    last = json.loads(said[-1])
    assert (last["total"], last["reached"], last["by_channel"]["email"]["sent"]) == (2, 2, 2)
    assert not progress.tell(alert)  # nothing new


def test_an_exercise_says_so_and_is_not_shown_to_everybody(
    town: Town, mayor: Person, agent: Person, left: Left  # noqa: F811
) -> None:  # fmt: skip
    leave(approved(mayor, agent, town, exercise=True))
    assert {item.subject for item in told(left)} == {"EXERCICE : Eau non potable"}
    assert not Event.objects.filter(topic=f"town.{town.slug}").exists()


def test_a_key_pressed_in_a_call_confirms(town: Town, mayor: Person, agent: Person) -> None:
    person = Person.objects.create(first_name="Lucienne", last_name="Daoust")
    person.memberships.create(town=town, role="citizen")
    phone(person, "+14185550102")
    alert = leave(leave(approved(mayor, agent, town, channels=["voice"])))
    call = Delivery.objects.get(channel="voice")
    receipts.take("capture", [receipts.Receipt(call.provider_id, receipts.Became.DELIVERED, pressed="1")])
    progress.mark_reached(alert)
    assert Recipient.objects.get(alert=alert, person=person).confirmed_at is not None


def test_what_an_earlier_alert_knew_of_people_is_nothing_to_a_later_one(
    town: Town, mayor: Person, agent: Person, left: Left  # noqa: F811
) -> None:  # fmt: skip
    """Who had no mobile, or was not reached, then; has one, and is reached, now. And the other way round."""
    newly, no_more, quiet_one = (make_person(town=town) for _ in range(3))
    phone(no_more, "+33639980015")
    Device.objects.create(person=no_more, kind="web", target="{}", digest="a", name="Firefox")
    Person.objects.filter(pk=quiet_one.pk).update(email="")
    phone(quiet_one, "+33139980016")
    first = leave(approved(mayor, agent, town, channels=["push", "email", "sms", "voice"]))
    Alert.objects.filter(pk=first.pk).update(status=Status.DONE)
    Recipient.objects.filter(alert=first).update(reached_at=None)
    Phone.objects.filter(person=no_more).delete()
    Device.objects.filter(person=no_more).delete()
    phone(newly, "+33639980017")
    Device.objects.create(person=newly, kind="web", target="{}", digest="b", name="Firefox")
    second = create_alert(actor=mayor, slug=town.slug, draft=draft(channels=["push", "email", "sms", "voice"]))
    submit_alert(actor=mayor, alert_id=second.pk)
    approve_alert(actor=agent, alert_id=second.pk)
    while leaving.work(second.pk, for_s=5):
        pass
    second.refresh_from_db()

    def named(channel: str) -> list[tuple[int, str]]:
        return sorted(audience.recipients_by(second, channel).values_list("pk", "reaches"))

    assert named("sms") == [(newly.pk, "+33639980017")]
    assert named("push") == [(newly.pk, f"device:{newly.devices.get().pk}")]
    assert named("voice") == [(quiet_one.pk, "+33139980016")]
    Recipient.objects.filter(alert=second, person=quiet_one).update(reached_at=now())
    assert named("voice") == []
    assert len(named("email")) == 4

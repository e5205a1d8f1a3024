"""The rules of tickets, one table for each: no database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.errors import Invalid
from hub.people.models import Role
from hub.people.rules import roles_of
from hub.tickets import rules
from hub.tickets.models import Status, Ticket
from hub.tickets.rules import NOBODY, Reader, Stance

HERE, REQUESTER, ASSIGNEE = 1, 10, 20
ROADS, LIBRARY = 3, 4


def ticket(**fields: object) -> Ticket:
    """Of the roads' service, transferred, private."""
    return Ticket(
        **{"town_id": HERE, "requester_id": REQUESTER, "service_id": ROADS, "status": "transferred", **fields}
    )


def reader(*roles: Role, services: tuple[int, ...] = (), person: int = 99) -> Reader:
    return Reader(person, roles_of(roles), frozenset(services))


MAYOR, MANAGER, OPERATOR = reader(Role.MAYOR), reader(Role.MANAGER), reader(Role.OPERATOR)
MODERATOR, CITIZEN = reader(Role.MODERATOR), reader(Role.CITIZEN)
ANY_AGENT, OF_ROADS, OF_LIBRARY = (
    reader(Role.AGENT),
    reader(Role.AGENT, services=(ROADS,)),
    reader(Role.AGENT, services=(LIBRARY,)),
)
OWNER = reader(Role.CITIZEN, person=REQUESTER)
STAFF, READER = Stance.STAFF, Stance.READER

# S97: one's own town's alone (a reader has no roles elsewhere). S102, S103, S104: public, private, internal.
SEEN = {
    "private": (ticket(), {
        "mayor": STAFF, "manager": STAFF, "agent": STAFF, "of_roads": STAFF, "of_library": None, "moderator": None,
        "operator": Stance.OPERATOR, "owner": Stance.REQUESTER, "citizen": None, "nobody": None,
    }),
    "public": (ticket(public=True), {
        "mayor": STAFF, "manager": STAFF, "agent": STAFF, "of_roads": STAFF, "of_library": STAFF, "moderator": STAFF,
        "operator": Stance.OPERATOR, "owner": Stance.REQUESTER, "citizen": READER, "nobody": READER,
    }),
    "internal": (ticket(internal=True, requester_id=5), {
        "mayor": STAFF, "manager": STAFF, "agent": STAFF, "of_roads": STAFF, "of_library": None, "moderator": None,
        "operator": None, "owner": None, "citizen": None, "nobody": None,
    }),
    "nobody's": (ticket(service_id=None), {
        "mayor": STAFF, "manager": STAFF, "agent": STAFF, "of_roads": STAFF, "of_library": STAFF, "moderator": None,
        "operator": Stance.OPERATOR, "owner": Stance.REQUESTER, "citizen": None, "nobody": None,
    }),
    "public, not transferred": (ticket(public=True, status="not_transferred"), {
        "mayor": STAFF, "manager": STAFF, "agent": STAFF, "of_roads": STAFF, "of_library": STAFF, "moderator": STAFF,
        "operator": Stance.OPERATOR, "owner": Stance.REQUESTER, "citizen": None, "nobody": None,
    }),
    "public, a duplicate": (ticket(public=True, merged=True), {
        "citizen": None, "nobody": None, "owner": Stance.REQUESTER,
    }),
}  # fmt: skip
WHO = {
    "mayor": MAYOR, "manager": MANAGER, "agent": ANY_AGENT, "of_roads": OF_ROADS, "of_library": OF_LIBRARY,
    "moderator": MODERATOR, "operator": OPERATOR, "owner": OWNER, "citizen": CITIZEN, "nobody": NOBODY,
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "who", "expected"),
    [(what, who, stance) for what, (_ticket, table) in SEEN.items() for who, stance in table.items()],
)
def test_who_sees_what(what: str, who: str, expected: Stance | None) -> None:
    assert rules.stance(SEEN[what][0], WHO[who]) == expected


def test_what_is_entrusted_or_made_by_an_agent_is_in_their_reach() -> None:
    mine = reader(Role.AGENT, services=(LIBRARY,), person=ASSIGNEE)
    assert rules.stance(ticket(assignee_id=ASSIGNEE), mine) == STAFF
    assert rules.stance(ticket(created_by_id=ASSIGNEE), mine) == STAFF
    assert rules.stance(ticket(), mine) is None


def test_an_internal_one_is_not_its_makers_once_they_have_left() -> None:
    assert rules.stance(ticket(internal=True), OWNER) is None


# S99, S103, S113, S114: words.


@pytest.mark.parametrize(
    ("stance", "internal", "writes", "answers"),
    [
        (Stance.STAFF, True, True, False),
        (Stance.OPERATOR, True, True, False),
        (Stance.REQUESTER, False, False, True),
        (Stance.READER, False, False, False),
    ],
)
def test_who_reads_and_writes_what(stance: Stance, internal: bool, writes: bool, answers: bool) -> None:
    one = ticket()
    assert rules.may_see_internal(stance) is internal
    assert rules.may_follow_up(one, stance) is writes
    assert rules.may_answer(one, stance) is answers
    assert not rules.may_answer(ticket(anonymous=True), stance)
    for status, goes_on in (("in_progress", True), ("closed_done", False)):
        duplicate = ticket(merged=True, status="closed_done", parent=ticket(status=status))
        assert rules.may_answer(duplicate, stance) is (answers and goes_on)
        assert rules.may_note_words(duplicate, stance) is (writes and goes_on)
    assert not rules.may_follow_up(ticket(merged=True), stance)


@pytest.mark.parametrize(("fields", "reaches"), [({}, True), ({"anonymous": True}, False), ({"internal": True}, False)])
def test_an_external_follow_up_needs_somebody_to_read_it(fields: dict[str, bool], reaches: bool) -> None:
    assert rules.may_write_to_requester(ticket(**fields)) is reaches
    assert rules.may_write_outside(ticket(**fields), neighbours=False) is reaches
    assert rules.may_write_outside(ticket(**fields), neighbours=True) is not fields.get("internal", False)


# S108, S111: what the call centre may still do.


@pytest.mark.parametrize(
    ("stance", "status", "changes", "prioritises"),
    [
        (Stance.STAFF, "not_transferred", True, True),
        (Stance.STAFF, "closed_done", True, True),
        (Stance.OPERATOR, "not_transferred", True, False),
        (Stance.OPERATOR, "transferred", False, False),
        (Stance.OPERATOR, "in_progress", False, False),
        (Stance.REQUESTER, "not_transferred", False, False),
        (Stance.READER, "transferred", False, False),
    ],
)
def test_who_changes_it(stance: Stance, status: str, changes: bool, prioritises: bool) -> None:
    assert rules.may_change(ticket(status=status), stance) is changes
    assert rules.may_set_priority(ticket(status=status), stance) is prioritises


# S105, S106, S107: states.

WAYS = {
    "not_transferred": {"transferred", "closed_done", "closed_refused"},
    "transferred": {"in_progress", "closed_done", "closed_refused"},
    "in_progress": {"closed_done", "closed_refused"},
    "closed_done": {"in_progress"},
    "closed_refused": {"in_progress"},
}


@pytest.mark.parametrize("now", Status)
@pytest.mark.parametrize("wanted", Status)
def test_from_state_to_state(now: Status, wanted: Status) -> None:
    one = ticket(status=now)
    assert (wanted in rules.next_statuses(one)) is (wanted in WAYS[now])
    if wanted in WAYS[now]:
        rules.check_status(one, wanted, "Pas à la commune.")
    else:
        with pytest.raises(Invalid):
            rules.check_status(one, wanted, "Pas à la commune.")


def test_a_refusal_has_a_reason() -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_status(ticket(), Status.CLOSED_REFUSED, "")
    assert refused.value.field == "reason"


@pytest.mark.parametrize(
    ("status", "stance", "begins"),
    [
        ("transferred", Stance.STAFF, True),
        ("transferred", Stance.OPERATOR, False),
        ("transferred", Stance.REQUESTER, False),
        ("not_transferred", Stance.STAFF, False),
        ("in_progress", Stance.STAFF, False),
        ("closed_done", Stance.STAFF, False),
    ],
)
def test_the_towns_first_act_begins_it(status: str, stance: Stance, begins: bool) -> None:
    assert rules.starts(ticket(status=status), stance) is begins


# S86, S99, S101, S104: what can't be asked for.


@pytest.mark.parametrize(
    ("wanted", "anonymous", "email", "field"),
    [
        (True, False, "a@b.example", None),
        (False, False, "", None),
        (False, True, "", None),
        (True, False, "", "email"),
        (True, True, "a@b.example", "wants_follow_ups"),
    ],
)
def test_follow_ups_need_an_address(wanted: bool, anonymous: bool, email: str, field: str | None) -> None:
    if field is None:
        rules.check_follow_ups(wanted=wanted, anonymous=anonymous, email=email)
        return
    with pytest.raises(Invalid) as refused:
        rules.check_follow_ups(wanted=wanted, anonymous=anonymous, email=email)
    assert refused.value.field == field


@pytest.mark.parametrize(("allowed", "internal"), [(False, False), (True, True), (False, True)])
def test_what_cannot_be_public(allowed: bool, internal: bool) -> None:
    rules.check_public(allowed=True, internal=False)
    with pytest.raises(Invalid):
        rules.check_public(allowed=allowed, internal=internal)


def test_anonymous_only_where_it_is_allowed() -> None:
    rules.check_anonymous(allowed=True)
    with pytest.raises(Invalid):
        rules.check_anonymous(allowed=False)


# S109: dates.


@pytest.mark.parametrize(
    ("delays", "expected"), [([], 10), ([None, None], 10), ([3, None, 5], 5), ([5, 3], 5), ([0], 0)]
)
def test_the_longest_delay_counts(delays: list[int | None], expected: int) -> None:
    assert rules.longest_delay(delays, 10) == expected


def test_late_is_open_and_past_its_date() -> None:
    day = date(2026, 11, 25)
    assert rules.is_late(ticket(due_on=day - timedelta(days=1)), day)
    assert not rules.is_late(ticket(due_on=day), day)
    assert not rules.is_late(ticket(due_on=None), day)
    assert not rules.is_late(ticket(due_on=day - timedelta(days=1), status="closed_done"), day)


def test_settling_has_its_time() -> None:
    closed = datetime(2026, 11, 1, tzinfo=UTC)
    one = ticket(status="closed_done", closed_at=closed)
    assert rules.may_settle(one, closed + timedelta(days=14), days=14)
    assert not rules.may_settle(one, closed + timedelta(days=14, seconds=1), days=14)
    assert not rules.may_settle(ticket(), closed, days=14)
    assert not rules.may_settle(ticket(status="closed_done", closed_at=closed, merged=True), closed, days=14)


# S82, S94: words and numbers.


@pytest.mark.parametrize(
    ("description", "title"),
    [
        ("Un trou devant l’école. Il grandit.", "Un trou devant l’école"),
        ("Rien à faire ?\nVraiment", "Rien à faire ?"),
        ("  Court  ", "Court"),
        ("mot " * 40, ("mot " * 19).strip() + "…"),
    ],
)
def test_a_title_is_the_first_sentence(description: str, title: str) -> None:
    assert rules.title_of(description) == title
    assert len(rules.title_of(description)) <= rules.MAX_TITLE


@pytest.mark.parametrize("typed", ["SA26-00042", "sa26-00042", " sa 26 42", "SA26–42", "sa2642"])
def test_a_number_is_read_as_people_type_it(typed: str) -> None:
    assert rules.read_number(typed) == "SA26-00042"


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_numbers_and_secrets(typed: str) -> None:
    number = rules.read_number(typed)
    assert number == "" or rules.read_number(number) == number
    assert set(rules.read_secret(typed)) <= set(rules.SECRET_LETTERS)


def test_it_is_found_by_what_people_type() -> None:
    one = ticket(
        number="SA26-00042", title="Lampadaire éteint", description="Rue du Four, près de l’école.", last_name="Roy",
        phone="+14185550142", email="roy@example.org",
    )  # fmt: skip
    words = rules.search_words(one, ["Éclairage"]).split()
    assert {"sa26", "00042", "sa2600042", "eteint", "ecole", "roy", "4185550142", "eclairage"} <= set(words)
    assert len(words) == len(set(words))


@pytest.mark.parametrize("text", ["", "   ", "\x00\n", "x" * 10_001])
def test_a_description_is_needed(text: str) -> None:
    with pytest.raises(Invalid):
        rules.clean_description(text)

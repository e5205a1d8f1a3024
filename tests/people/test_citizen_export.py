"""A long list leaves part by part; a long workbook is made by a worker, and is there for a day for who asked, alone."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from hub.audit.queries import entries_of
from hub.conversations.moderation_words import trail_line
from hub.core import limits, spreadsheets
from hub.core.clock import now, standing_at
from hub.core.errors import Forbidden, RateLimited
from hub.core.streaming import Streamed
from hub.people import queries, tasks
from hub.people.actions import ask_for_workbook, export_citizens, keep_view
from hub.people.exchange import preparing
from hub.people.models import CitizenFile, Membership, Person, Role
from hub.towns.models import Town
from tests.factories import make_agent, make_person, make_town
from tests.people.citizen_files import rows_of_csv, rows_of_xlsx, whole
from tests.people.steps import post, text_of

pytestmark = [pytest.mark.both_stores, pytest.mark.django_db]

Capture = Callable[..., AbstractContextManager[list[Callable[[], object]]]]


@pytest.fixture
def agent(client: Client, town: Town) -> Person:
    """An agent, signed in, in a town of three."""
    for name in ("Abel", "Béart", "Caron"):
        make_person(town=town, last_name=name)
    person = make_agent(town, first_name="Maude", last_name="Lavoie")
    client.force_login(person)
    return person


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which workbooks a worker was called for: none works here by itself."""
    called: list[int] = []
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    monkeypatch.setattr(tasks.prepare_file, "apply_async", lambda arguments: called.append(arguments[0]))
    return called


def ask(client: Client, town: Town, capture: Capture, **more: str) -> CitizenFile:
    """« Exporter », as a workbook."""
    with capture(execute=True):
        answer = client.post(reverse("desk_citizens_export", args=[town.slug]), {"kind": "xlsx", **more})
    file = CitizenFile.objects.get()
    assert answer["Location"] == page_of(file)
    return file


def page_of(file: CitizenFile) -> str:
    return reverse("desk_export", args=[file.town.slug, file.pk])


def download_of(file: CitizenFile) -> str:
    return reverse("desk_export_file", args=[file.town.slug, file.pk])


# CSV, part by part.


def test_rows_are_read_as_they_leave(agent: Person, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "_PART_ROWS", 1)
    read: list[str] = []

    def rows() -> Iterator[list[str]]:
        for name in ("a", "b"):
            read.append(name)
            yield [name]

    parts = spreadsheets.csv_parts(["Nom"], rows())
    assert (next(parts), read) == (b"\xef\xbb\xbf", [])
    assert (next(parts), read) == (b"Nom\r\na\r\n", ["a"])
    assert b"".join(parts) == b"b\r\n"
    exported = b"".join(export_citizens(actor=agent, town=town, search="", kind="csv"))
    assert [row[1] for row in rows_of_csv(exported)] == ["Nom", "Abel", "Béart", "Caron"]


def test_an_asynchronous_server_makes_no_list_of_the_parts() -> None:
    made: list[int] = []

    def parts() -> Iterator[bytes]:
        for number in range(3):
            made.append(number)
            yield b"x"

    async def first_two() -> None:
        given = aiter(Streamed(parts()))
        assert (await anext(given), made) == (b"x", [0])
        assert (await anext(given), made) == (b"x", [0, 1])
        assert [part async for part in given] == [b"x"]

    asyncio.run(first_two())


def test_who_may_not_gets_nothing_and_no_part_is_made_before_the_trail_tells_of_it(agent: Person, town: Town) -> None:
    export_citizens(actor=agent, town=town, search="", kind="csv")
    assert entries_of(town).get().what["count"] == "3"
    with pytest.raises(Forbidden):
        export_citizens(actor=make_person(town=town, roles=[Role.OPERATOR]), town=town, search="", kind="csv")
    with pytest.raises(Forbidden):
        ask_for_workbook(actor=make_agent(make_town("ailleurs")), town=town, search="")


# A workbook, by a worker.


def test_a_long_workbook_is_made_meanwhile_and_given_when_it_is_there(
    client: Client, agent: Person, town: Town, rung: list[int], django_capture_on_commit_callbacks: Capture
) -> None:
    keep_view(person=agent, columns=["email"], order="-name")
    file = ask(client, town, django_capture_on_commit_callbacks)
    assert rung == [file.pk]
    assert "Le classeur se prépare." in text_of(client.get(page_of(file)))
    assert "Votre classeur en préparation" in text_of(client.get(reverse("desk_citizens", args=[town.slug])))
    assert client.get(download_of(file)).status_code == 404
    assert not entries_of(town)
    keep_view(person=agent, columns=[], order="name")  # it is made as it was asked for
    with translation.override("en"):
        tasks.prepare_file(file.pk)
    assert "Le classeur est prêt : 3 citoyens." in text_of(client.get(page_of(file))).replace("\u00a0", " ")
    answer = client.get(download_of(file))
    assert answer["Cache-Control"] == "no-store"
    assert 'attachment; filename="citoyens-saint-test-' in answer["Content-Disposition"]
    rows = rows_of_xlsx(whole(answer))
    assert rows[0] == ("Prénom", "Nom", "Courriel")
    assert [row[1] for row in rows[1:]] == ["Caron", "Béart", "Abel"]
    entry = entries_of(town).get()
    assert trail_line(entry, town).sentence == "Maude Lavoie a exporté les fiches de 3 citoyens."
    assert preparing.prepare(file.pk) is False
    assert entries_of(town).count() == 1


def test_few_are_given_at_once(client: Client, agent: Person, town: Town, rung: list[int]) -> None:
    answer = client.post(reverse("desk_citizens_export", args=[town.slug]), {"kind": "xlsx", "q": "abel"})
    assert [row[1] for row in rows_of_xlsx(whole(answer))] == ["Nom", "Abel"]
    assert not CitizenFile.objects.exists()
    assert rung == []


def test_nobody_else_finds_it_and_nobody_after_a_day(
    client: Client, agent: Person, town: Town, rung: list[int], django_capture_on_commit_callbacks: Capture
) -> None:
    file = ask(client, town, django_capture_on_commit_callbacks)
    preparing.prepare(file.pk)
    addresses = (page_of(file), download_of(file))
    elsewhere = make_agent(make_town("ailleurs"))
    for person, answers in (
        (make_person(town=town, roles=[Role.MAYOR]), {404}), (make_agent(town), {404}),
        (make_person(town=town, roles=[Role.OPERATOR]), {403}), (elsewhere, {404}), (make_person(town=town), {404}),
    ):  # fmt: skip
        stranger = Client()
        stranger.force_login(person)
        assert {stranger.get(address).status_code for address in addresses} <= answers
    assert {Client().get(address).status_code for address in addresses} == {302}
    foreign = download_of(file).replace(town.slug, "ailleurs")
    assert client.get(foreign).status_code == 404
    with standing_at(now() + timedelta(hours=25)):
        assert [client.get(address).status_code for address in addresses] == [404, 404]
        preparing.left()
    assert not CitizenFile.objects.exists()


def test_who_no_longer_may_gets_it_no_more(
    client: Client, agent: Person, town: Town, rung: list[int], django_capture_on_commit_callbacks: Capture
) -> None:
    file = ask(client, town, django_capture_on_commit_callbacks)
    Membership.objects.filter(person=agent, town=town).update(role=Role.OPERATOR)
    preparing.prepare(file.pk)
    file.refresh_from_db()
    assert (file.ready_at, bytes(file.data)) == (None, b"")
    assert file.failed_at is not None
    assert not entries_of(town)
    assert client.get(download_of(file)).status_code == 403


def test_what_fails_is_said_and_may_be_asked_for_again(
    client: Client, agent: Person, town: Town, rung: list[int], django_capture_on_commit_callbacks: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    file = ask(client, town, django_capture_on_commit_callbacks, q="@")

    def broken(*_given: Any) -> bytes:
        raise OSError("no room left")

    with monkeypatch.context() as patch:
        patch.setattr(preparing, "xlsx", broken)
        preparing.prepare(file.pk)
    page = client.get(page_of(file))
    assert "n’a pas pu être préparé" in text_of(page)
    assert client.get(download_of(file)).status_code == 404
    again = ask(client, town, django_capture_on_commit_callbacks, q="@")
    assert again.pk != file.pk
    preparing.prepare(again.pk)
    assert client.get(download_of(again)).status_code == 200


def test_a_lost_call_a_dead_worker_and_one_that_kills_them_all(
    agent: Person, town: Town, rung: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = ask_for_workbook(actor=agent, town=town, search="")  # its commit rings for nobody here
    tasks.prepare_left()
    assert rung == []  # a moment is left to the worker that was called
    later = now() + timedelta(seconds=30)
    with standing_at(later):
        tasks.prepare_left()
        assert rung == [file.pk]
        dead = preparing._claim(file.pk)
        assert dead is not None
        assert preparing.prepare(file.pk) is False  # it is under way
        assert preparing.left() == []
    with standing_at(later + preparing.LEASE + timedelta(seconds=1)):
        assert preparing.left() == [file.pk]
        assert preparing.prepare(file.pk)
    preparing._make(dead)  # it was not dead, but slow
    assert entries_of(town).count() == 1
    CitizenFile.objects.update(ready_at=None, attempts=preparing.MOST_ATTEMPTS)
    with standing_at(later + 2 * preparing.LEASE):
        assert preparing.left() == []
    file.refresh_from_db()
    assert file.failed_at is not None


def test_asking_on_and_on_ends(agent: Person, town: Town, rung: list[int]) -> None:
    for _time in range(limits.CITIZEN_FILES.amount):
        ask_for_workbook(actor=agent, town=town, search="")
    assert CitizenFile.objects.count() == 1
    with pytest.raises(RateLimited):
        ask_for_workbook(actor=agent, town=town, search="")


def test_the_page_that_failed_asks_for_the_same(client: Client, agent: Person, town: Town, rung: list[int]) -> None:
    file = ask_for_workbook(actor=agent, town=town, search="@")
    CitizenFile.objects.update(failed_at=now())
    page = client.get(page_of(file)).content.decode()
    assert 'name="q" value="@"' in page
    post(client, "desk_citizens_export", town.slug, kind="xlsx", q="@")
    assert CitizenFile.objects.get().search == "@"

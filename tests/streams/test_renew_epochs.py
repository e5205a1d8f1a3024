"""After a restore, numbers that were given out since the backup mean nothing any more."""

import pytest
from django.core.management import call_command

from hub.people.models import Person
from hub.streams import queries
from hub.streams.models import Stream
from hub.towns.models import Town
from tests import factories


@pytest.mark.both_stores
def test_every_stream_begins_a_new_life_and_keeps_its_numbers(
    town: Town, mayor: Person, citizen: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    conversation = factories.make_conversation(town, citizen, "Bonjour", "Il y a quelqu’un ?")
    before = queries.head(conversation.topic)

    call_command("renew_epochs")

    after = queries.head(conversation.topic)
    assert after.epoch != before.epoch
    assert after.seq == before.seq == 2
    assert f"{Stream.objects.count()} streams" in capsys.readouterr().out


@pytest.mark.both_stores
def test_each_stream_gets_an_epoch_of_its_own(town: Town, mayor: Person) -> None:
    for _ in range(3):
        factories.make_conversation(town, factories.make_person(town=town), "Bonjour")
    call_command("renew_epochs")
    epochs = list(Stream.objects.values_list("epoch", flat=True))
    assert len(set(epochs)) == len(epochs) > 3

"""Whom tests of tickets share."""

import pytest

from hub.people.models import Person
from hub.towns.models import Town
from tests.tickets.making import make_service, make_staff


@pytest.fixture
def agent(town: Town) -> Person:
    """Maude Lavoie, of « Travaux publics »."""
    names = {"first_name": "Maude", "last_name": "Lavoie"}
    return make_staff(town, make_service(town), email="agente@saint-test.example", **names)

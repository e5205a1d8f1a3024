"""What tests of alerts share."""

import pytest
from pytest_django import Settings

from tests.alerts.desks import Desk


@pytest.fixture
def desk(settings: Settings, db: None) -> Desk:
    """A town's desk, with a way out by every means."""
    settings.ADAPTERS = {channel: ["capture"] for channel in ("email", "sms", "voice", "push")}
    return Desk()

"""Who counts as one and the same stranger."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from hub.core.client_address import client_address


@pytest.mark.parametrize(
    ("proxies", "connection", "forwarded", "counted"),
    [
        (0, "203.0.113.7", "", "203.0.113.7"),
        (0, "203.0.113.7", "198.51.100.1", "203.0.113.7"),  # nobody in front: what is forwarded was made up
        (1, "10.0.0.2", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.2", "192.0.2.99, 198.51.100.1", "198.51.100.1"),  # the first one is the client's own invention
        (2, "10.0.0.2", "192.0.2.99, 198.51.100.1, 10.0.0.9", "198.51.100.1"),
        (2, "10.0.0.2", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.2", "", "10.0.0.2"),
        (1, "10.0.0.2", "192.0.2.99, nonsense", "unknown"),
        (0, "2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        (0, "::ffff:203.0.113.7", "", "203.0.113.7"),
        (0, "", "", "unknown"),
    ],
)
def test_the_address_that_counts(
    settings: Settings, proxies: int, connection: str, forwarded: str, counted: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=connection, headers=headers)
    assert client_address(request) == counted

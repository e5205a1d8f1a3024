"""Which addresses a webhook may have, and which a call may go to."""

import pytest
from pytest_django import Settings

from hub.core.errors import Invalid
from hub.tickets.calling.addresses import clean_url, is_allowed


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "192.0.0.170", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1",
        "2002:7f00:1::", "2001::1", "2001:db8::1", "::ffff:100.64.0.1", "::127.0.0.1", "::ffff:0:7f00:1", "fec0::1",
    ],
)  # fmt: skip
def test_private_addresses_are_not_called(address: str, settings: Settings) -> None:
    assert not is_allowed(address)
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Invalid):
        clean_url(f"https://{host}/x")
    settings.WEBHOOK_PRIVATE = True
    assert is_allowed(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "::ffff:93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_addresses_of_the_open_net_are(address: str) -> None:
    assert is_allowed(address)


@pytest.mark.parametrize(
    "url",
    [
        "", "http://exemple.fr/", "ftp://exemple.fr/", "https://", "https:///x", "exemple.fr", "https://localhost/",
        "https://a.localhost:8443/", "https://u:p@exemple.fr/", "https://u@exemple.fr/", "https://exemple.fr/#x",
        "https://exemple.fr:99999/", "https://exemple.fr/a b", "https://exemple.fr/\x00",
        f"https://exemple.fr/{'x' * 500}", "https://[::1/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_wrong_addresses_are_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_url(url)
    assert refused.value.field == "url"

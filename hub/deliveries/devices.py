"""Devices as addresses of the outbox: a row has their number; where they are reached is read when it leaves."""

from collections.abc import Iterable, Mapping, Sequence

from hub.deliveries.models import Channel, Delivery
from hub.people.actions import note_devices
from hub.people.models import Device
from hub.people.queries import targets_of

_MARK = "device:"


def address_of(device: Device) -> str:
    """How a delivery names this device."""
    return f"{_MARK}{device.pk}"


def targets(deliveries: Sequence[Delivery]) -> Mapping[int, str]:
    """Where the devices of these deliveries are reached, by the number of the delivery; not those that are gone, nor
    what goes by another channel."""
    numbers = {one.pk: _number(one.address) for one in deliveries if one.channel == Channel.PUSH}
    found = targets_of(set(numbers.values())) if numbers else {}
    return {pk: found[number] for pk, number in numbers.items() if number in found}


def note_gone(address: str) -> None:
    """Nobody is there any more, and never will be."""
    note_devices(gone=[_number(address)])


def note_reached(addresses: Iterable[str]) -> None:
    """A push service has taken something for these."""
    if numbers := [_number(address) for address in addresses]:
        note_devices(reached=numbers)


def _number(address: str) -> int:
    """0: it names no device."""
    number = address.removeprefix(_MARK)
    return int(number) if number.isascii() and number.isdigit() else 0

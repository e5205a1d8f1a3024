"""Where a mail comes back to when it can't be delivered: an address of its own for each (VERP)."""

from hub.core.signed_addresses import number_in, signed_address

_KIND = "bounce"


def address_for(delivery_id: int) -> str:
    """`bounce+NUMBER-SIGNATURE@PARVIS_INBOUND_DOMAIN`."""
    return signed_address(_KIND, delivery_id)


def delivery_of(address: str) -> int | None:
    """The number of the delivery that this address was made for, which may be forgotten by now; None when it was not
    made here."""
    return number_in(_KIND, address)

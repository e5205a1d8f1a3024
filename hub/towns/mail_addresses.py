"""The addresses at which a town itself gets mail here: its general one, and that of its scanners."""

from django.conf import settings

from hub.core.signed_addresses import local_part, number_in, signed_address
from hub.towns.models import Town

_SCANNER = "scan"


def general_address(town: Town) -> str:
    """`SLUG@PARVIS_INBOUND_DOMAIN`: what is written there becomes a request. Empty where mails don't come in."""
    return f"{town.slug}@{settings.INBOUND_DOMAIN}" if settings.INBOUND_DOMAIN else ""


def scanner_address(town: Town) -> str:
    """`scan+TOKEN@PARVIS_INBOUND_DOMAIN`: what is typed into the town hall's scanners; nobody else can guess it. Empty
    where mails don't come in."""
    return signed_address(_SCANNER, town.pk) if settings.INBOUND_DOMAIN else ""


def town_written_to(address: str) -> Town | None:
    """The town whose general address this is."""
    slug = local_part(address)
    return Town.objects.filter(slug=slug).first() if slug else None


def town_scanned_for(address: str) -> Town | None:
    """The town whose scanners' address this is."""
    number = number_in(_SCANNER, address)
    return None if number is None else Town.objects.filter(pk=number).first()


def town_known_as(address: str) -> Town | None:
    """The town that gives this address to its people (`Town.email`), when it is one town's alone."""
    towns = list(Town.objects.filter(email__iexact=address.strip())[:2]) if address.strip() else []
    return towns[0] if len(towns) == 1 else None

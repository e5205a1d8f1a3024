"""Addresses of other sites, as people type them. Pure."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from hub.core.errors import Invalid

ADDRESS_MAX = 500

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_is_address = URLValidator(schemes=["https"])


def clean_address(said: str) -> str:
    """« Ville.example/sports » → « https://ville.example/sports ».

    A page on the web that is read in secret, and nothing else: who follows a link of the town hall's trusts it, and
    types names and numbers there. Raises `Invalid` (`address`).
    """
    typed = said.strip()
    if not typed:
        raise Invalid(_("Donnez l’adresse du site."), field="address")
    if len(typed) > ADDRESS_MAX:
        raise Invalid(_("Cinq cents caractères au plus."), field="address")
    whole = typed if _SCHEME.match(typed) else f"https://{typed}"
    if whole.lower().startswith("http://"):
        raise Invalid(
            _(
                "Cette adresse commence par http:// : ce qu’on écrit sur un tel site peut être lu en chemin. "
                "Donnez celle qui commence par https://."
            ),
            field="address",
        )
    if not _holds(whole):
        raise Invalid(
            _("Ce n’est pas l’adresse d’une page. Copiez-la depuis votre navigateur : elle commence par https://."),
            field="address",
        )
    parts = urlsplit(whole)
    return parts._replace(scheme="https", netloc=parts.netloc.lower()).geturl()


def _holds(address: str) -> bool:
    """« https://mairie.example@ailleurs.example » would be one too, and lies about where it leads."""
    try:
        _is_address(address)
        return address.isprintable() and "@" not in urlsplit(address).netloc
    except (ValidationError, ValueError):
        return False


def host_of(address: str) -> str:
    """« urbanisme.ville.example »."""
    return urlsplit(address).netloc.removeprefix("www.")


def leaves(address: str, own: Collection[str]) -> bool:
    """Whether it leads away from this site, whose origins are `own`."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" not in own

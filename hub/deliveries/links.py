"""Links that prove possession of one message: short enough for an SMS, and of no use once its row is forgotten."""

from base64 import urlsafe_b64encode
from hmac import compare_digest

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.http import base36_to_int, int_to_base36

CONFIRM = "{confirm}"  # the same: where a recipient says that it came (`confirmation`)
LEAVE = "{leave}"  # in what a dispatch says: each recipient's own link (`preferences`)
# How mail programs leave for their reader by one press (RFC 8058).
LEAVING = {"List-Unsubscribe": f"<{LEAVE}arreter/>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}

_MAC_BYTES = 9  # 72 bits, in 12 letters


def callback(provider: str, delivery_id: int) -> str:
    """Where that provider says what becomes of it."""
    return f"{settings.LINK_BASE}/hooks/{provider}/{token(delivery_id, 'receipt')}/"


def preferences(delivery_id: int) -> str:
    """Where the recipient changes what they get, without signing in."""
    return f"{settings.LINK_BASE}/m/{token(delivery_id, 'recipient')}/"


def confirmation(delivery_id: int) -> str:
    """Where the recipient of an alert says that it came, without signing in."""
    return f"{settings.LINK_BASE}/a/{token(delivery_id, 'confirm')}/"


def token(delivery_id: int, purpose: str) -> str:
    """`purpose`: "receipt", "recipient" or "confirm"; one is of no use for the others."""
    return f"{int_to_base36(delivery_id)}.{_mac(delivery_id, purpose)}"


def read_token(said: str, purpose: str) -> int | None:
    """The number of the delivery; None when nobody here wrote that."""
    number, _, mac = said.partition(".")
    try:
        delivery_id = base36_to_int(number)
    except ValueError:
        return None
    return delivery_id if compare_digest(mac.encode(), _mac(delivery_id, purpose).encode()) else None


def _mac(delivery_id: int, purpose: str) -> str:
    digest = salted_hmac(f"hub.deliveries.{purpose}", str(delivery_id), algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:_MAC_BYTES]).decode()

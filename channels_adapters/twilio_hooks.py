"""What Twilio says when it calls: nothing of it is believed unless it is signed.

https://www.twilio.com/docs/usage/webhooks/webhooks-security
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import RequestValidator

from channels_adapters.base import Call, SignatureError

TWIML = "text/xml"


class Form(dict[str, list[str]]):
    """Fields as they came, each as often as it came. The validator asks for `getlist`."""

    def getlist(self, name: str) -> list[str]:
        return self[name]

    def first(self, name: str) -> str:
        """Its value; "" without one."""
        return next(iter(self.get(name, [])), "")


def signed(call: Call, auth_token: str) -> tuple[Form, Mapping[str, list[str]]]:
    """The fields that Twilio sends, and those that stand in the address, which we wrote.

    Raises `SignatureError`: it is not Twilio, or the call was changed on its way.
    """
    asked = parse_qs(urlsplit(call.url).query, keep_blank_values=True)
    try:
        sent = parse_qs(call.body.decode(), keep_blank_values=True) if call.method == "POST" else {}
    except ValueError as error:
        raise SignatureError("this is no form") from error
    signature = call.headers.get("x-twilio-signature", "")
    if not signature:
        raise SignatureError("no X-Twilio-Signature")
    form = Form(sent)
    if not RequestValidator(auth_token).validate(call.url, form, signature):
        raise SignatureError("the X-Twilio-Signature is wrong")
    return (form if call.method == "POST" else Form(asked)), asked


def moment(said: str) -> datetime | None:
    """A time as in RFC 2822."""
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def number(said: str) -> int:
    """A code; 0 when there is none."""
    return int(said) if said.isascii() and said.isdigit() else 0

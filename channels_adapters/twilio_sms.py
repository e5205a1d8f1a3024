"""SMS by Twilio: from a Messaging Service, or from one number.

https://www.twilio.com/docs/messaging/api/message-resource
"""

import re
from datetime import datetime, timedelta
from typing import Any, ClassVar

from twilio.base import values
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from channels_adapters.base import (
    Became,
    Call,
    Cause,
    HandOver,
    Heard,
    Incoming,
    Item,
    Outcome,
    Receipt,
    Result,
    UnsendableError,
    freely,
)
from channels_adapters.twilio_api import Account, is_e164, recipient
from channels_adapters.twilio_codes import as_became
from channels_adapters.twilio_hooks import TWIML, number, signed

NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
# A short code, or a name of letters, digits and spaces, one letter at least.
_SENDER = re.compile(r"[0-9]{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
# What is urgent is of no use after that: it fails, and other means are tried.
_URGENT_S = 300
_LOOKED_AT = 50

_STATES = {
    "accepted": Became.SENT,
    "queued": Became.SENT,
    "sending": Became.SENT,
    "sent": Became.SENT,
    "delivered": Became.DELIVERED,
    "read": Became.DELIVERED,
    "undelivered": Became.UNDELIVERABLE,
    "failed": Became.FAILED,
    "canceled": Became.FAILED,
}


class TwilioSms:
    """Sends SMS, hears what becomes of them and what people answer, and finds out what it had no answer for.

    `messaging_service_sid`, or `sender`: a number of ours, a short code, or a name where countries allow one. The rest
    is `Account`'s.
    """

    channels: ClassVar[frozenset[str]] = frozenset({"sms"})

    def __init__(self, *, messaging_service_sid: str = "", sender: str = "", at_once: int = 20, **account: Any) -> None:
        if messaging_service_sid and not _SERVICE.fullmatch(messaging_service_sid):
            raise ValueError("messaging_service_sid is MG and 32 hexadecimal digits")
        if sender and not is_e164(sender) and not _SENDER.fullmatch(sender):
            raise ValueError("sender is a number as +33…, a short code or a name of 11 letters at most")
        if not messaging_service_sid and not sender:
            raise ValueError("messaging_service_sid or sender is missing")
        self.at_once = at_once
        self._account = Account(at_once=at_once, **account)
        self._from = {
            "messaging_service_sid": messaging_service_sid or values.unset,
            "from_": sender or values.unset,
        }

    async def send(self, item: Item, hand_over: HandOver = freely) -> Outcome:
        """Try once."""
        try:
            to = recipient(item)
        except UnsendableError as error:
            return Outcome(Result.REFUSED, reason=str(error), cause=Cause.ADDRESS)

        async def make(client: Client) -> MessageInstance:
            return await client.messages.create_async(
                to=to,
                body=item.text,
                status_callback=item.callback or values.unset,
                validity_period=_URGENT_S if item.urgent else values.unset,
                smart_encoded=False,  # the words are ours to weigh
                **self._from,
            )

        return await self._account.make(make, hand_over)

    async def close(self) -> None:
        """Let go of connections."""
        await self._account.close()

    async def find(self, item: Item, ago: timedelta) -> Outcome | None:
        """The message to this number that says the same, made so long `ago` or later."""
        # A message that waits has no date of sending yet, and may be missing where dates are asked for: nothing is
        # called never sent before the newest have been looked at whatever their date.
        found = await self._account.find(
            [
                lambda client, day: client.messages.list_async(to=item.to, date_sent_after=day, limit=_LOOKED_AT),
                lambda client, _day: client.messages.list_async(to=item.to, limit=_LOOKED_AT),
            ],
            lambda message, since: _is_it(message, item, since),
            ago,
        )
        return found if found is None or isinstance(found, Outcome) else _outcome(found)

    def hear(self, call: Call) -> Heard:
        """What became of a message, or what somebody wrote to us."""
        form, _asked = signed(call, self._account.auth_token)
        name = form.first("MessageSid") or form.first("SmsSid")
        if not name:
            return Heard(body=NOTHING_TO_SAY, content_type=TWIML)
        state = form.first("MessageStatus") or form.first("SmsStatus")
        if state == "received" or (not state and "Body" in form):
            pictures = number(form.first("NumMedia"))
            words = Incoming(name, form.first("From"), form.first("To"), form.first("Body"), pictures)
            return Heard(incoming=[words], body=NOTHING_TO_SAY, content_type=TWIML)
        became = _STATES.get(state)
        receipts = [] if became is None else [_receipt(name, became, number(form.first("ErrorCode")))]
        return Heard(receipts=receipts, body=NOTHING_TO_SAY, content_type=TWIML)


def _is_it(message: MessageInstance, item: Item, since: datetime) -> bool:
    made = message.date_created
    return (
        str(message.direction).startswith("outbound")
        and (message.body or "").strip() == item.text.strip()
        and made is not None
        and made >= since
    )


def _outcome(message: MessageInstance) -> Outcome:
    """What has come of it in the meantime: its receipts may never have reached us."""
    became = _STATES.get(str(message.status), Became.SENT)
    if became in (Became.SENT, Became.DELIVERED):
        return Outcome(Result.ACCEPTED, provider_id=message.sid or "")
    receipt = _receipt(message.sid or "", became, int(message.error_code or 0))
    return Outcome(Result.REFUSED, provider_id=receipt.provider_id, reason=receipt.reason, cause=receipt.cause)


def _receipt(name: str, became: Became, code: int) -> Receipt:
    if became in (Became.SENT, Became.DELIVERED):
        return Receipt(name, became)
    became, cause = as_became(code, otherwise=became)
    return Receipt(name, became, cause, f"Twilio {code}" if code else "Twilio")

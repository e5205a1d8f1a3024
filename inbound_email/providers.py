"""Providers that bring a mail by calling: who proves it, and where the bytes are.

What they send as it came (raw MIME) is taken as it is, and read later like any other. Where they have taken it apart,
django-anymail puts it together again. Anything it does not understand is an error, and the provider calls again.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.encoders import encode_base64
from email.policy import SMTP
from functools import cached_property
from typing import Any
from urllib.parse import quote, urljoin

import httpx
from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.inbound import AnymailInboundMessage
from anymail.webhooks.brevo import BrevoInboundWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict

from inbound_email.form_data import Form, read_form
from inbound_email.store import MAX_BYTES

# Mailgun signs a moment and no content: what was overheard is of no use for long. It calls again for eight hours.
FRESH_S = 12 * 3600
FETCH_S = 20.0


class Forged(Exception):
    """The call is not the provider's."""


@dataclass(frozen=True)
class Parcel:
    """One mail as a provider brings it. `recipients`: whom it was sent to, when the provider says so."""

    raw: bytes
    recipients: Sequence[str]
    envelope_from: str


class Call(HttpRequest):
    """The request as django-anymail wants it; its body was read before, within bounds."""

    def __init__(self, request: HttpRequest, body: bytes) -> None:
        super().__init__()
        self.method, self.META, self._body = "POST", request.META, body
        self.content_type, self.content_params = request.content_type, request.content_params

    @cached_property
    def form(self) -> Form:
        """Its fields. Raises `FormError`."""
        form = read_form(self._body, self.META.get("CONTENT_TYPE", ""))
        fields = QueryDict(mutable=True)
        for name in form.fields:
            fields[name] = form.text(name)
        self.POST = fields  # type: ignore[assignment]
        for name, file in form.files.items():
            self.FILES[name] = SimpleUploadedFile(file.name, file.content, file.content_type)
        return form

    @cached_property
    def said(self) -> Mapping[str, Any]:
        """Its JSON. Raises `ValueError`."""
        said = json.loads(self._body)
        if not isinstance(said, dict):
            raise ValueError("no object")
        return said


def _mailgun(call: Call, key: str) -> list[Parcel]:
    form = call.form
    view = MailgunInboundWebhookView(webhook_signing_key=key)
    _prove(view, call)
    signed_at = form.text("timestamp")
    if not signed_at.isdigit() or abs(time.time() - int(signed_at)) > FRESH_S:
        raise Forged("signed long ago")
    raw = form.fields.get("body-mime") or _put_together(view.parse_events(call)[0].message)
    return [Parcel(raw, _listed(form.text("recipient")), form.text("sender"))]


def _postmark(call: Call, secret: str) -> list[Parcel]:
    view = PostmarkInboundWebhookView(webhook_secret=secret)
    _prove(view, call)
    raw = str(call.said.get("RawEmail", "")).encode("utf-8", "replace")
    back = next((one.get("Value", "") for one in call.said.get("Headers", []) if _is_return_path(one)), None)
    event = None if raw else view.parse_events(call)[0].message
    envelope_from = str(call.said.get("From", "")) if back is None else back.strip("<> ")
    return [Parcel(raw or _put_together(event), _listed(str(call.said.get("OriginalRecipient", ""))), envelope_from)]


def _sendgrid(call: Call, secret: str) -> list[Parcel]:
    view = SendGridInboundWebhookView(webhook_secret=secret)
    _prove(view, call)
    form = call.form
    envelope = json.loads(form.text("envelope") or "{}")
    raw = form.fields.get("email") or _put_together(view.parse_events(call)[0].message)
    return [Parcel(raw, [str(one) for one in envelope.get("to", [])], str(envelope.get("from", "")))]


def _brevo(call: Call, secret: str) -> list[Parcel]:
    view = _Brevo(webhook_secret=secret, api_key=settings.BREVO_API_KEY, api_url=settings.BREVO_URL)
    _prove(view, call)
    messages = [event.message for event in view.parse_events(call)]
    return [
        Parcel(_put_together(one), _listed(one.envelope_recipient or ""), one.envelope_sender or "")
        for one in messages
    ]  # fmt: skip


class _Brevo(BrevoInboundWebhookView):  # type: ignore[misc]
    """It keeps attachments until they are fetched: here with an end to patience, and to size."""

    def _fetch_attachment(self, attachment: Mapping[str, Any]) -> Any:
        url = urljoin(self.api_url, f"inbound/attachments/{quote(str(attachment['DownloadToken']), safe='')}")
        content = bytearray()
        with httpx.stream("GET", url, headers={"api-key": self.api_key}, timeout=FETCH_S) as answer:
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > MAX_BYTES:
                    raise ValueError("an attachment is too large")
            kind = answer.headers.get("Content-Type") or attachment.get("ContentType")
        return AnymailInboundMessage.construct_attachment(
            content_type=kind or "application/octet-stream", content=bytes(content),
            filename=attachment.get("Name"), content_id=attachment.get("ContentID"),
        )  # fmt: skip


# By name; each raises `Forged`, or `ValueError` (`KeyError`, …) for what it does not understand.
PROVIDERS: Mapping[str, Callable[[Call, str], list[Parcel]]] = {
    "mailgun": _mailgun,
    "postmark": _postmark,
    "sendgrid": _sendgrid,
    "brevo": _brevo,
}


def _prove(view: Any, call: Call) -> None:
    try:
        view.run_validators(call)
    except AnymailWebhookValidationFailure as error:
        raise Forged(str(error)) from error


def _put_together(message: Any) -> bytes:
    """django-anymail leaves pictures and files as bytes without a coding, whose line feeds would become CR LF."""
    for part in message.walk():
        if not part.is_multipart() and "Content-Transfer-Encoding" not in part:
            encode_base64(part)
    return bytes(message.as_bytes(policy=SMTP))


def _listed(addresses: str) -> list[str]:
    return [one.strip(" <>") for one in addresses.split(",") if one.strip(" <>")]


def _is_return_path(header: Mapping[str, str]) -> bool:
    return header.get("Name", "").lower() == "return-path"

"""From a mail's bytes to what the hub does with it: the pure readers, one after the other. Runs in the sandbox."""

import re
from collections.abc import Iterable
from dataclasses import replace

from inbound_email.automatic import kind_of, may_be_answered
from inbound_email.bounces import bounce_of
from inbound_email.charsets import decode_bytes
from inbound_email.domain_proof import author_domain, plain_headers
from inbound_email.mime import Attachment, Body, Mail, read_mail
from inbound_email.opened import Failure, File, Opened, Shown
from inbound_email.reply_text import reply_of

WORDS_MOST = 200_000
SHOWN_MOST = 2_000_000
FILES_MOST = 50
FILE_BYTES_MOST = 10 * 1024 * 1024  # as the hub keeps them (S83, S117)
# A picture among the words that is smaller is an icon, or counts who reads.
_ICON_BYTES = 4_096
_IMAGE = re.compile(r"<img\b[^>]{0,4000}?\bsrc\s*=\s*[\"']?cid:([^\"'>\s]{1,300})[^>]{0,4000}>", re.IGNORECASE)
# What mail programs add by themselves, and nobody sent.
_NOT_SENT = frozenset(
    {
        "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature",
        "application/pgp-keys", "application/pgp-encrypted", "text/vcard", "text/x-vcard", "application/ms-tnef",
        "text/x-amp-html", "message/disposition-notification",
    }
)  # fmt: skip


def open_mail(raw: bytes) -> Opened:
    """All that is acted upon. Raises `MailError`."""
    mail = read_mail(raw)
    kind = kind_of(mail)
    reply = reply_of(mail)
    bounce = bounce_of(mail) if kind == "bounce" else None
    return Opened(
        kind=kind,
        answerable=may_be_answered(mail),
        subject=clean(mail.subject, 300),
        mail_id=clean(mail.message_id, 255),
        references=[clean(name, 255) for name in (*mail.in_reply_to, *reversed(mail.references))][:50],
        from_address=clean(mail.sender.email, 254) if mail.sender else "",
        from_name=clean(mail.sender.name, 200) if mail.sender else "",
        one_author=bool(author_domain(plain_headers(raw))),
        words=clean(reply.words, WORDS_MOST),
        quote=clean(reply.quote, WORDS_MOST),
        forwarded=reply.forwarded,
        files=[_file(one) for one in _sent(mail)][:FILES_MOST],
        results=[
            clean(decode_bytes(value), 4_000) for name, value in mail.headers.fields if name == "authentication-results"
        ],
        failures=[
            Failure(clean(one.recipient, 254), one.fate.value, one.status, clean(one.diagnostic, 300))
            for one in (bounce.failures if bounce else ())
        ],
        about=clean(bounce.message_id, 255) if bounce else "",
    )


def show_mail(raw: bytes) -> Shown:
    """All that people look at. Raises `MailError`."""
    mail = read_mail(raw)
    return Shown(
        headers=[(name, clean(value, 2_000)) for name, value in mail.headers],
        text=clean(mail.text, SHOWN_MOST),
        html=clean(mail.html, SHOWN_MOST),
        files=[
            File(clean(one.name, 150), one.content_type, len(one.data)) for one in (*mail.attachments, *mail.pictures)
        ],
    )


def clean(text: str, most: int) -> str:
    """As databases keep it: no NUL, no half of a character, so long at most."""
    return text[:most].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _file(one: Attachment) -> File:
    kept = one.data if len(one.data) <= FILE_BYTES_MOST else b""
    return File(clean(one.name, 150), one.content_type, len(one.data), kept)


def _sent(mail: Mail) -> Iterable[Attachment]:
    """What the person sent along: files, and pictures that stand among their own words. The logo of a signature, and
    pictures of the mail that they answer, are none of these."""
    shown = _among_the_words(mail)
    for picture in mail.pictures:
        if len(picture.data) >= _ICON_BYTES and (not picture.content_id or picture.content_id in shown):
            yield picture
    yield from (one for one in mail.attachments if one.content_type not in _NOT_SENT)


def _among_the_words(mail: Mail) -> set[str]:
    """The pictures, by their ids, that the HTML shows where the person wrote: neither in the quote nor the signature.

    Each is put there as a word of its own, and the same rules say what is cut.
    """
    ids = list(dict.fromkeys(one.content_id for one in mail.pictures if one.content_id))
    if not ids or not mail.html:
        return set()
    marks = {content_id: f"picture{number}picture" for number, content_id in enumerate(ids)}
    html = _IMAGE.sub(lambda found: marks.get(found[1], ""), mail.html)
    words = reply_of(replace(mail, bodies=(Body(html=html),))).words
    called = {found[1] for found in _IMAGE.finditer(mail.html)}
    return {content_id for content_id, mark in marks.items() if mark in words or content_id not in called}

"""One rig per adapter: the adapter, its provider played by the real thing, and what has arrived there."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from channels_adapters.base import Item
from channels_adapters.capture import Capture, captured
from channels_adapters.smtp_email import SmtpEmail
from tests.channels_adapters import ovh_there, push_rigs, twilio_rigs
from tests.channels_adapters.arrived import SMS, Arrived, Rig
from tests.channels_adapters.relay import Relay, Taken
from tests.engines import free_port

MAIL = Item(
    channel="email",
    to="alice@citoyen.example",
    subject="Hélène Carpentier vous a écrit : la latte du banc, le chemin de l’Église et d’autres nouvelles",
    text="Bonjour Alice,\n\nC’est réparé « ce soir ».\n.\n",
    html="<p>Bonjour Alice, c’est réparé « ce soir ».</p>\n",
    headers={
        "From": '"Mairie de Saint-Aurèle, Québec" <parvis@saint-aurele.example>',
        "Date": "Sun, 22 Nov 2026 18:47:52 +0000",
        "Message-ID": "<7ab86ac0c018438e82907e266b1b4014@saint-aurele.example>",
        "Reply-To": "reply+4f2a@saint-aurele.example",
    },
)


def _smtp(name: str) -> Iterator[Rig]:
    with Relay() as relay:
        options = {"host": "127.0.0.1", "port": relay.port, "security": "none", "timeout_s": 5.0}
        yield Rig(
            name,
            options,
            SmtpEmail(**options),  # type: ignore[arg-type]
            SmtpEmail(**{**options, "port": free_port()}),  # type: ignore[arg-type]
            MAIL,
            lambda: [_arrived(taken) for taken in relay.taken],
        )


def _arrived(taken: Taken) -> Arrived:
    text, html = taken.mail.get_body(["plain"]), taken.mail.get_body(["html"])
    headers = {name: str(value) for name, value in taken.mail.items()}
    return Arrived(
        taken.recipients[0],
        headers["Subject"],
        text.get_content().replace("\r\n", "\n") if text else "",
        html.get_content().replace("\r\n", "\n") if html else "",
        headers,
    )


def _capture(folder: Path, item: Item) -> Iterator[Rig]:
    options = {"directory": str(folder / "outbox")}
    (folder / "a-file").touch()
    yield Rig(
        "capture",
        options,
        Capture(**options),
        Capture(directory=str(folder / "a-file" / "outbox")),
        item,
        lambda: [Arrived(i.to, i.subject, i.text, i.html, i.headers) for i in captured(options["directory"])],
    )


# By the name of the adapter, and what is sent by it where there are several.
RIGS: Mapping[str, Callable[[Path], Iterator[Rig]]] = {
    "capture": lambda folder: _capture(folder, MAIL),
    "capture of sms": lambda folder: _capture(folder, SMS),
    "smtp": lambda _folder: _smtp("smtp"),
    "smtp2": lambda _folder: _smtp("smtp2"),
    "ovh": lambda _folder: ovh_there.rig(SMS),
    "twilio": lambda _folder: twilio_rigs.sms_rig(),
    "twilio-voice": lambda _folder: twilio_rigs.voice_rig(),
    "web-push": lambda _folder: push_rigs.web_push(),
    "fcm": push_rigs.fcm,
}


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    yield from RIGS[request.param](tmp_path)

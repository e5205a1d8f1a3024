"""One rig per adapter: the adapter, its provider played by the real thing, and what has arrived there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from channels_adapters.base import Item
from channels_adapters.capture import Capture, captured
from channels_adapters.smtp_email import SmtpEmail
from tests.channels_adapters import push_rigs
from tests.channels_adapters.arrived import Arrived, Rig
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


SMS = Item(channel="sms", to="+33639980012", text="Saint-Aurèle : demande SA26-00042 notée.\nC'est l'hôtel de ville.")


def _smtp() -> Iterator[Rig]:
    with Relay() as relay:
        options = {"host": "127.0.0.1", "port": relay.port, "security": "none", "timeout_s": 5.0}
        yield Rig(
            "smtp",
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


@pytest.fixture(params=["capture", "capture of sms", "smtp", "web-push", "fcm"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    if request.param == "web-push":
        yield from push_rigs.web_push()
    elif request.param == "fcm":
        yield from push_rigs.fcm(tmp_path)
    else:
        yield from _smtp() if request.param == "smtp" else _capture(tmp_path, SMS if "sms" in request.param else MAIL)

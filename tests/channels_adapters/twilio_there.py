"""Twilio's API, played by a real HTTP server that does as it is told.

Shapes as in https://www.twilio.com/docs/messaging/api/message-resource and …/voice/api/call-resource.
"""

import base64
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ACCOUNT = "AC" + "0a" * 16
AUTH_TOKEN = "f00dcafe" * 4
SERVICE = "MG" + "1b" * 16
OURS = "+33939000001"


@dataclass(frozen=True)
class Answer:
    """What to say instead of making something. `code`: Twilio's own; 0: a body that is none of Twilio's."""

    status: int
    code: int = 0
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """What is asked for a number waits: before it is `made`, or with it made and before the answer; until the event."""

    made: bool
    go_on: threading.Event = field(default_factory=threading.Event)


@dataclass
class Twilio:
    """`answers`: one after another, then it makes what it is asked for. `hang_s`: before an answer, when all is made
    already. `cut`: it hangs up instead of answering. `garbled`: it has made it, and says so in no words at all.
    `keeps_dates`: what it has made counts as sent; otherwise it waits, and is not found by date. `ahead`: how
    far its clock is from ours. `held`, `refused`: by number; a refusal is said once."""

    answers: list[Answer] = field(default_factory=list)
    hang_s: float = 0.0
    cut: bool = False
    garbled: bool = False
    keeps_dates: bool = True
    ahead: timedelta = timedelta(0)
    held: dict[str, Held] = field(default_factory=dict)
    refused: dict[str, Answer] = field(default_factory=dict)
    credentials: tuple[str, str] = (ACCOUNT, AUTH_TOKEN)
    asked: list[dict[str, list[str]]] = field(default_factory=list)  # the forms, as they came
    made: list[dict[str, Any]] = field(default_factory=list)  # messages and calls
    callbacks: dict[str, str] = field(default_factory=dict)  # where to say what becomes of it, by its name
    lines: int = 0  # connections

    def __enter__(self) -> "Twilio":
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def make(self, kind: str, form: dict[str, list[str]]) -> dict[str, Any]:
        """A message or a call, as the API shows it."""
        at = format_datetime(datetime.now(UTC) + self.ahead)
        begun = at if self.keeps_dates else None
        one = {
            "sid": ("SM" if kind == "messages" else "CA") + secrets.token_hex(16),
            "account_sid": ACCOUNT,
            "to": form["To"][0],
            "from": form.get("From", [None])[0],
            "direction": "outbound-api",
            "status": "queued",
            "date_created": at,
            "error_code": None,
        }
        if kind == "messages":
            one |= {"body": form["Body"][0], "date_sent": begun}
        else:
            one |= {"start_time": begun, "answered_by": None}
        self.callbacks[one["sid"]] = form.get("StatusCallback", [""])[0]
        self.made.insert(0, one)
        return one

    def listed(self, kind: str, asked: dict[str, list[str]]) -> list[dict[str, Any]]:
        """The newest first. Dates are compared by the day, as the documentation has them."""
        after = next((asked[name][0][:10] for name in ("DateSent>", "StartTime>") if name in asked), "")
        found = [one for one in self.made if one["sid"].startswith("SM" if kind == "messages" else "CA")]
        found = [
            one for one in found if one["to"] == asked["To"][0] and asked.get("From", [one["from"]])[0] == one["from"]
        ]
        return [one for one in found if not after or one.get("date_sent") or one.get("start_time")]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, twilio: Twilio) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.twilio = twilio


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def twilio(self) -> Twilio:
        assert isinstance(self.server, _Server)
        return self.server.twilio

    def setup(self) -> None:
        super().setup()
        self.twilio.lines += 1

    @property
    def kind(self) -> str:
        there = urlsplit(self.path).path
        assert there in (f"/2010-04-01/Accounts/{ACCOUNT}/{kind}.json" for kind in ("Messages", "Calls")), there
        return "messages" if there.endswith("/Messages.json") else "calls"

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
        self.twilio.asked.append(form)
        to = form["To"][0]
        if self._is_refused(to):
            return
        held = self.twilio.held.get(to)
        if held and not held.made:
            held.go_on.wait()
        one = self.twilio.make(self.kind, form)
        if held and held.made:
            held.go_on.wait()
        time.sleep(self.twilio.hang_s)
        if self.twilio.cut:
            self.close_connection = True
            self.connection.close()
        else:
            self._say(201, "it is made" if self.twilio.garbled else json.dumps(one))

    def do_GET(self) -> None:
        if not self._is_refused():
            asked = parse_qs(urlsplit(self.path).query)
            self._say(200, json.dumps({self.kind: self.twilio.listed(self.kind, asked), "next_page_uri": None}))

    def _is_refused(self, to: str = "") -> bool:
        answer = self.twilio.answers.pop(0) if self.twilio.answers else self.twilio.refused.pop(to, None)
        who = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
        if who != ":".join(self.twilio.credentials):
            answer = Answer(401, 20003)
        if answer is None:
            return False
        said = {"status": answer.status, "code": answer.code, "message": "Permission\nrefused", "more_info": "…"}
        self._say(answer.status, json.dumps(said) if answer.code else "<h1>Bad gateway</h1>", answer.headers)
        return True

    def _say(self, status: int, body: str, headers: dict[str, str] | None = None) -> None:
        try:
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(body.encode()))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())
        except OSError:  # nobody waits any more
            self.close_connection = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The header `Date`."""
        return format_datetime(datetime.now(UTC) + self.twilio.ahead, usegmt=True)

    def log_message(self, *_said: object) -> None:
        """Quiet."""

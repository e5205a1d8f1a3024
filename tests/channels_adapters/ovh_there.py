"""OVHcloud's SMS API, played by a real HTTP server that does as it is told, and checks what is signed.

Shapes as https://eu.api.ovh.com/console/?section=%2Fsms&branch=v1 has them (sms.SmsSendingReport, sms.Outgoing).
"""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from channels_adapters.base import Item
from channels_adapters.ovh_sms import OvhSms
from tests.channels_adapters.arrived import Arrived, Rig
from tests.engines import free_port

KEYS = {"application_key": "app", "application_secret": "app-secret", "consumer_key": "consumer"}
SERVICE = "sms-ab12345-1"


@dataclass(frozen=True)
class Answer:
    """What to say instead of sending. No `code`: a body that is not OVH's."""

    status: int
    code: str = ""
    message: str = "Nothing doing"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Ovh:
    """`answers`: one after another, then it does what it is asked. `hang_s`: before an answer, when all is done.
    `cut`: it hangs up instead. `invalid`: numbers that it takes for none. `report`: what it says of a job instead.
    `waiting`: what it was given stands among its jobs, not among what has left."""

    answers: list[Answer] = field(default_factory=list)
    hang_s: float = 0.0
    cut: bool = False
    invalid: tuple[str, ...] = ()
    report: Any = None
    waiting: bool = False
    clock_s: int = 0  # how far its clock is from ours
    asked: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    answered: list[dict[str, Any]] = field(default_factory=list)  # what people wrote to the short number
    paths: list[str] = field(default_factory=list)
    busy: int = 0
    busiest: int = 0  # jobs at a time

    def __enter__(self) -> "Ovh":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"ovh": self}))
        self._server.daemon_threads = True
        self._lock = threading.Lock()
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/1.0"

    @property
    def now(self) -> int:
        return int(time.time()) + self.clock_s

    @contextmanager
    def chewing(self) -> Iterator[None]:
        with self._lock:
            self.busy += 1
            self.busiest = max(self.busiest, self.busy)
        yield
        with self._lock:
            self.busy -= 1

    def take(self, job: dict[str, Any]) -> Any:
        with self._lock:
            self.asked.append(job)
            if self.report is not None:
                return self.report
            good = [to for to in job["receivers"] if to not in self.invalid]
            stop = "" if job["noStopClause"] else "\nSTOP au 36111"
            at = datetime.fromtimestamp(self.now, UTC).isoformat()
            ids = []
            for to in good:
                ids.append(len(self.sent) + 1001)
                self.sent.append({
                    "id": ids[-1], "receiver": to, "message": job["message"] + stop, "creationDatetime": at,
                    "deliveryReceipt": 0, "ptt": 0,
                })  # fmt: skip
            bad = [to for to in job["receivers"] if to in self.invalid]
            return {
                "ids": ids, "validReceivers": good, "invalidReceivers": bad, "totalCreditsRemoved": float(len(good)),
            }  # fmt: skip

    def look(self, path: str, query: dict[str, list[str]]) -> Any:
        """None: there is no such thing."""
        base, _, name = path.partition(f"/sms/{SERVICE}")[2].strip("/").partition("/")
        if not base:
            return {"name": SERVICE, "creditsLeft": 412.5}
        here = self.sent if base == ("jobs" if self.waiting else "outgoing") else []
        here = self.answered if base == "incoming" else here
        if name:
            return next((sms for sms in here if str(sms["id"]) == name), None)
        wanted = query.get("receiver", [""])[0]
        return [sms["id"] for sms in here if wanted in ("", sms.get("receiver"))]


class _Handler(BaseHTTPRequestHandler):
    ovh: Ovh
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        there = urlsplit(self.path)
        self.ovh.paths.append(there.path)
        if there.path == "/1.0/auth/time":
            self._say(200, self.ovh.now)
        elif not self._is_refused(""):
            found = self.ovh.look(there.path, parse_qs(there.query))
            self._say(200 if found is not None else 404, found if found is not None else {"message": "No"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.ovh.paths.append(self.path)
        assert self.path == f"/1.0/sms/{SERVICE}/jobs"
        if self._is_refused(body):
            return
        report = self.ovh.take(json.loads(body))
        with self.ovh.chewing():
            time.sleep(self.ovh.hang_s)
        if self.ovh.cut:
            self.close_connection = True
            self.connection.close()
        else:
            self._say(200, report)

    def _is_refused(self, body: str) -> bool:
        answer = self.ovh.answers.pop(0) if self.ovh.answers else None
        if not self._is_signed(body):
            answer = Answer(403, "INVALID_CREDENTIAL", "This credential is not valid")
        if answer is None:
            return False
        said = {"errorCode": answer.code, "message": answer.message} if answer.code else None
        self._say(answer.status, said, answer.headers)
        return True

    def _is_signed(self, body: str) -> bool:
        at = self.headers["X-Ovh-Timestamp"]
        url = self.ovh.url.removesuffix("/1.0") + self.path
        parts = [KEYS["application_secret"], KEYS["consumer_key"], self.command, url, body, at]
        expected = "$1$" + hashlib.sha1("+".join(parts).encode()).hexdigest()
        fresh = abs(int(at) - self.ovh.now) < 30
        return fresh and expected == self.headers["X-Ovh-Signature"]

    def _say(self, status: int, what: Any, headers: dict[str, str] | None = None) -> None:
        body = b"<h1>Bad gateway</h1>" if what is None else json.dumps(what).encode()
        try:
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # nobody waits any more
            self.close_connection = True

    def log_message(self, *_said: object) -> None:
        """Quiet."""


def rig(item: Item) -> Iterator[Rig]:
    """The adapter with this OVH; what has arrived there."""
    with Ovh() as there:
        options = {**KEYS, "service_name": SERVICE, "endpoint": there.url, "timeout_s": 5.0}
        away = OvhSms(**{**options, "endpoint": f"http://127.0.0.1:{free_port()}/1.0"})  # type: ignore[arg-type]
        yield Rig(
            "ovh", options, OvhSms(**options), away, item,  # type: ignore[arg-type]
            lambda: [Arrived(sms["receiver"], "", sms["message"], "", {}) for sms in there.sent],
        )  # fmt: skip

"""A push service and Google's, played by one real HTTP server: it answers as told, and keeps what came."""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

TOKEN = "/token"


@dataclass(frozen=True)
class Came:
    """One request. `headers`: by their names in small letters."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass(frozen=True)
class Reply:
    """`drop`: the line is cut instead; `hang_s`: before that."""

    status: int = 201
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang_s: float = 0.0
    drop: bool = False


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # many come at once


class PushService:
    """`reply`: to messages; `token_reply`: to who asks for a token of Google's, instead of giving one."""

    def __init__(self, reply: Reply | None = None, token_reply: Reply | None = None) -> None:
        self.reply, self.token_reply = reply, token_reply
        self.came: list[Came] = []
        self.tokens = 0  # how many were given
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    def __enter__(self) -> "PushService":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, came: Came) -> Reply:
        if came.path == TOKEN:
            return self.token_reply or self._token(came)
        self.came.append(came)
        return self.reply or self._taken(came)

    def _token(self, came: Came) -> Reply:
        asked = parse_qs(came.body.decode())
        assert asked["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        assert asked["assertion"][0].count(".") == 2
        self.tokens += 1
        given = {"access_token": f"token-{self.tokens}", "expires_in": 3600, "token_type": "Bearer"}
        return Reply(200, json.dumps(given), {"Content-Type": "application/json"})

    def _taken(self, came: Came) -> Reply:
        """As Google takes it for a telephone, or as RFC 8030 says for a browser."""
        number = len(self.came)
        if came.path.endswith("/messages:send"):
            name = f"projects/mairie-de-saint-aurele/messages/{number}"
            return Reply(200, json.dumps({"name": name}), {"Content-Type": "application/json"})
        return Reply(201, "", {"Location": f"{self.origin}/m/{number}"})


def _handler(service: PushService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = service.answer(Came(self.path, headers, body))
            time.sleep(reply.hang_s)
            if reply.drop:
                self.close_connection = True
                return
            try:
                self._send(reply)
            except OSError:  # nobody waits any more
                self.close_connection = True

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body.encode())))
            self.end_headers()
            for part in (reply.body[:20], reply.body[20:]):  # as nets do
                self.wfile.write(part.encode())
                self.wfile.flush()
                time.sleep(0.005 if reply.body else 0)

        def log_message(self, *_said: object) -> None:
            """Quiet."""

    return Handler


def service_account(file: Path, service: PushService) -> str:
    """A service account's file as the Firebase console gives it, whose tokens come from this server."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    account = {
        "type": "service_account", "project_id": "mairie-de-saint-aurele", "private_key_id": "4f2a",
        "private_key": pem.decode(), "client_email": "parvis@mairie-de-saint-aurele.iam.gserviceaccount.com",
        "client_id": "1", "token_uri": service.origin + TOKEN,
    }  # fmt: skip
    file.write_text(json.dumps(account))
    return str(file)

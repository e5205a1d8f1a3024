"""A program that takes webhooks: a real HTTP server that answers as told, and keeps what came."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Came:
    """One request. `headers`: by their names in small letters."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    def is_signed_with(self, secret: str) -> bool:
        """Checked as the specification tells receivers to."""
        sent_at = self.headers["webhook-timestamp"]
        assert abs(time.time() - int(sent_at)) < 300
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        signed = f"{self.headers['webhook-id']}.{sent_at}.".encode() + self.body
        mine = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        return any(one == f"v1,{mine}" for one in self.headers["webhook-signature"].split(" "))


@dataclass
class Receiver:
    """`replies`: statuses, one after the other, the last for all that come later; `hang_s`: before the answer.

    `more`: headers of the answer; `drip_s`: the answer's head comes byte by byte, so far apart; `flood`: bytes of body.
    """

    replies: list[int] = field(default_factory=lambda: [200])
    more: dict[str, str] = field(default_factory=dict)
    hang_s: float = 0.0
    drip_s: float = 0.0
    flood: int = 0
    tls: ssl.SSLContext | None = None
    came: list[Came] = field(default_factory=list)
    sent_bytes: int = 0

    def __enter__(self) -> "Receiver":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        if self.tls:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, host: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}/crochet?cle=1"


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.came.append(Came(self.path, headers, body))
            status = receiver.replies.pop(0) if len(receiver.replies) > 1 else receiver.replies[0]
            time.sleep(receiver.hang_s)
            try:
                self._answer(status)
            except OSError:  # nobody waits any more
                self.close_connection = True

        def _answer(self, status: int) -> None:
            if receiver.drip_s:
                for byte in b"HTTP/1.1 200 OK\r\n" * 20:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(receiver.drip_s)
            self.send_response(status)
            for name, value in receiver.more.items():
                self.send_header(name, value)
            self.end_headers()
            for _part in range(0, receiver.flood, 8192):
                self.wfile.write(b"x" * 8192)
                receiver.sent_bytes += 8192

        def log_message(self, *_said: object) -> None:
            """Quiet."""

    return Handler


def certificate(file: Path, host: str) -> Path:
    """A certificate for this name, its own authority, with its key, in one file."""
    key, day = ec.generate_private_key(ec.SECP256R1()), timedelta(days=1)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - day)
        .not_valid_after(datetime.now(UTC) + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(made.public_bytes(pem) + secret)
    return file

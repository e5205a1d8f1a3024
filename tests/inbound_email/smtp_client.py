"""A client that says exactly what it is told, byte for byte, as an attacker would."""

import socket
import ssl
from collections.abc import Iterable

PATIENCE_S = 30.0


class Client:
    """One line to a door, greeted. `source`: the address that it comes from; Linux lets one be any of 127.0.0.0/8."""

    def __init__(self, port: int, *, source: str = "127.0.0.1", hello: str = "EHLO client.example") -> None:
        self._line = socket.create_connection(("127.0.0.1", port), PATIENCE_S, source_address=(source, 0))
        self._received = b""
        self.greeting = self.reply()
        if hello and self.greeting.startswith("220"):
            self.hello = self.ask(hello)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_error: object) -> None:
        self._line.close()

    def say(self, data: bytes) -> None:
        """These bytes, as they are."""
        self._line.sendall(data)

    def ask(self, command: str) -> str:
        """One command and its reply."""
        self.say(command.encode() + b"\r\n")
        return self.reply()

    def reply(self) -> str:
        """The next reply, its lines joined by line feeds; empty when the server hangs up."""
        lines: list[str] = []
        while True:
            line = self._next_line()
            lines.append(line)
            if line[3:4] != "-":
                return "\n".join(lines)

    def envelope(self, *recipients: str, sender: str = "alice@citoyen.example") -> list[str]:
        """MAIL, RCPT for each, DATA; their replies."""
        commands = [f"MAIL FROM:<{sender}>", *(f"RCPT TO:<{one}>" for one in recipients), "DATA"]
        return [self.ask(command) for command in commands]

    def bring(self, content: bytes, *recipients: str, sender: str = "alice@citoyen.example") -> str:
        """A whole mail, which ends as it should; the reply to its content, or the first refusal."""
        refused = [said for said in self.envelope(*recipients, sender=sender) if said[0] not in "23"]
        if refused:
            self.ask("RSET")
            return refused[0]
        self.say(dotted(content) + b".\r\n")
        return self.reply()

    def quiet(self) -> bool:
        """Whether nothing is answered for a moment."""
        self._line.settimeout(0.05)
        try:
            return not self._received and not self._line.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return True
        finally:
            self._line.settimeout(PATIENCE_S)

    def wrap(self, context: ssl.SSLContext) -> None:
        """TLS from here on."""
        self._line = context.wrap_socket(self._line, server_hostname="localhost")

    def _next_line(self) -> str:
        while b"\n" not in self._received:
            try:
                data = self._line.recv(65_536)
            except ConnectionError:
                data = b""
            if not data:
                return ""
            self._received += data
        line, _, self._received = self._received.partition(b"\n")
        return line.decode().rstrip("\r")


def dotted(content: bytes) -> bytes:
    """With the dots of transparency (RFC 5321, 4.5.2), and CR LF at its end."""
    lines = content.replace(b"\r\n.", b"\r\n..")
    lines = b"." + lines if lines.startswith(b".") else lines
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def mail(subject: str = "Le banc", *, body: str = "Bonjour.", headers: Iterable[str] = ()) -> bytes:
    """A mail of a few lines."""
    lines = (f"Subject: {subject}", "From: alice@citoyen.example", *headers, "", body)
    return "\r\n".join(lines).encode() + b"\r\n"

"""A DNS of the tests' own, on this machine."""

import socket
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from inbound_email.dns_lookup import Kind


class DnsServer:
    """Answers by UDP what its zone says, while it is entered. `place`: host:port."""

    def __init__(self, zone: Mapping[tuple[str, Kind], Sequence[str]]) -> None:
        self._zone = zone
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.place = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> "DnsServer":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                data, who = self._socket.recvfrom(4096)
            except TimeoutError:
                continue
            self._socket.sendto(self._answer(dns.message.from_wire(data)).to_wire(), who)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(query)
        asked = query.question[0]
        kind = dns.rdatatype.to_text(asked.rdtype)
        found = self._zone.get((asked.name.to_text(omit_final_dot=True).lower(), kind), [])  # type: ignore[call-overload]
        texts = [_written(kind, text) for text in found]
        if texts:
            answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *texts))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        answer.flags |= dns.flags.AA
        return answer


def _written(kind: str, text: str) -> str:
    if kind == "TXT":  # in pieces of 255 at most
        return " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))
    return f"10 {text}" if kind == "MX" else text

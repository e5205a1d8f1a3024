"""A relay that takes every mail and forgets it: `python -m bench.dispatch.sink PORT LATENCY_MS CONTROL`

Each reply leaves `LATENCY_MS` after what it answers came in, as over a line to another town; several commands in one
go wait once. It says how many mails it took, and when the first urgent one came, to whoever connects to port CONTROL.
"""

import asyncio
import json
import sys
import time

URGENT = b"Subject: URGENT"


class Counted:
    mails = 0
    lines = 0
    first_urgent = 0.0


class Relay(asyncio.Protocol):
    def __init__(self, latency_s: float) -> None:
        self.latency_s = latency_s
        self.in_mail = False
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        Counted.lines += 1
        self._say(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.received += data
        said = b""
        while True:
            if self.in_mail:
                mail, end, rest = self.received.partition(b"\r\n.\r\n")
                if not end:
                    break
                self.in_mail, self.received = False, rest
                self._took(mail)
                said += b"250 2.0.0 taken\r\n"
            else:
                line, end, rest = self.received.partition(b"\r\n")
                if not end:
                    break
                self.received = rest
                said += self._answer(line[:4].upper())
        if said:
            self._say(said)

    def _answer(self, command: bytes) -> bytes:
        if command == b"EHLO":
            return b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
        if command == b"DATA":
            self.in_mail = True
            return b"354 go on\r\n"
        return b"221 bye\r\n" if command == b"QUIT" else b"250 2.0.0 ok\r\n"

    def _took(self, mail: bytes) -> None:
        Counted.mails += 1
        if not Counted.first_urgent and URGENT in mail:
            Counted.first_urgent = time.time()

    def _say(self, reply: bytes) -> None:
        asyncio.get_running_loop().call_later(self.latency_s, self.transport.write, reply)


async def control(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    said = {"mails": Counted.mails, "lines": Counted.lines, "first_urgent": Counted.first_urgent, "at": time.time()}
    writer.write(json.dumps(said).encode())
    writer.close()


async def serve(port: int, latency_s: float, control_port: int) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: Relay(latency_s), "127.0.0.1", port, backlog=1000)
    await asyncio.start_server(control, "127.0.0.1", control_port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]) / 1000, int(sys.argv[3])))

"""Brings answers to a door, as a town's mail server does. `python -m bench.inbound.sender PORT FILE FIRST MANY RATE`

FILE is seed.py's, of which `MANY` lines are taken from line `FIRST` on. RATE: mails a second; 0: as fast as the door
takes them, by ten lines. Prints one line of JSON: the seconds that it took, how long each mail was on its way until
its 250 (ms), and when that was said, by ticket.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

LINES = 10
AUTHSERV_ID = "mx.courriels.example"
# As a mail program writes it: the words, the mail that is answered, and all of it again as HTML.
_QUOTED = "\r\n".join(["> Bonjour Alice Moreau,", ">", *["> Votre demande est suivie par le service."] * 24])
_MAIL = """\
Authentication-Results: {authserv_id}; spf=pass smtp.mailfrom=citoyen.example;\r
 dkim=pass header.d=citoyen.example; dmarc=pass header.from=citoyen.example\r
From: Alice Moreau <{sender}>\r
To: <{address}>\r
Subject: =?UTF-8?Q?Re:_La_mairie_vous_r=C3=A9pond?= [#{number}]\r
Message-ID: <{number}.{at}@citoyen.example>\r
Date: Thu, 26 Nov 2026 10:00:00 +0100\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary="=_{number}"\r
\r
--=_{number}\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: 8bit\r
\r
Bonjour,\r
\r
le lampadaire est encore éteint ce soir, devant le 12. Le voisin du 14 l’a vu aussi.\r
\r
Merci d’avance,\r
Alice\r
\r
Le jeu. 26 nov. 2026 à 09:12, Mairie <mairie@courriels.example> a écrit :\r
\r
{quoted}\r
--=_{number}\r
Content-Type: text/html; charset=utf-8\r
Content-Transfer-Encoding: 8bit\r
\r
<div dir="ltr"><div>Bonjour,</div><div><br></div><div>le lampadaire est encore éteint ce soir, devant le 12. Le voisin\r
 du 14 l’a vu aussi.</div><div><br></div><div>Merci d’avance,</div><div>Alice</div></div><br><div class="gmail_quote">\r
<div dir="ltr">Le jeu. 26 nov. 2026 à 09:12, Mairie &lt;mairie@courriels.example&gt; a écrit :</div>\r
<blockquote><pre>{quoted}</pre></blockquote></div>\r
--=_{number}--\r
"""


@dataclass
class Told:
    """What the door said: ms until each 250, and the time of day of each by ticket."""

    took_ms: list[float] = field(default_factory=list)
    at: dict[str, float] = field(default_factory=dict)


class Door:
    """One line to it."""

    async def open(self, port: int) -> "Door":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        await self._answer()
        await self._say(b"EHLO mx.courriels.example")
        return self

    async def bring(self, line: str, told: Told) -> None:
        """One mail. Raises `ValueError` when it is not taken."""
        address, sender, number = line.rstrip("\n").split("\t")
        begun = time.perf_counter()
        await self._say(b"MAIL FROM:<" + sender.encode() + b">")
        await self._say(b"RCPT TO:<" + address.encode() + b">")
        await self._say(b"DATA")
        given = {"address": address, "sender": sender, "number": number, "at": time.time_ns()}
        await self._say(_MAIL.format(authserv_id=AUTHSERV_ID, quoted=_QUOTED, **given).encode() + b".")
        told.at[number] = time.time()
        told.took_ms.append((time.perf_counter() - begun) * 1_000)

    async def _say(self, words: bytes) -> None:
        self.writer.write(words + b"\r\n")
        await self._answer()

    async def _answer(self) -> None:
        while True:
            line = await self.reader.readline()
            if line[:1] not in b"23" or not line:
                raise ValueError(f"the door said {line!r}")
            if line[3:4] != b"-":
                return


async def bring(port: int, lines: list[str], rate: float) -> tuple[float, Told]:
    """All of them; the seconds, and what was said."""
    told, waiting = Told(), asyncio.Queue[str]()

    async def carry() -> None:
        door = await Door().open(port)
        while (line := await waiting.get()) is not None:
            try:
                await door.bring(line, told)
            finally:
                waiting.task_done()

    carriers = [asyncio.create_task(carry()) for _ in range(LINES)]
    begun = time.monotonic()
    for number, line in enumerate(lines):
        if rate:
            await asyncio.sleep(begun + number / rate - time.monotonic())
        waiting.put_nowait(line)
    all_done = asyncio.create_task(waiting.join())
    await asyncio.wait([all_done, *carriers], return_when=asyncio.FIRST_COMPLETED)
    for one in carriers:
        if one.done():
            one.result()  # the door has closed, or refuses
        one.cancel()
    return time.monotonic() - begun, told


def main() -> None:
    """Bring them, and say how it was."""
    port, file, first, many, rate = int(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:5]), float(sys.argv[5])
    with file.open() as lines:
        mails = list(islice(lines, first, first + many))
    seconds, told = asyncio.run(bring(port, mails, rate))
    print(json.dumps({"seconds": seconds, "took_ms": told.took_ms, "at": told.at}))


if __name__ == "__main__":
    main()

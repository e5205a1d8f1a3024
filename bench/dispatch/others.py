"""The same mails by other ways: `python -m bench.dispatch.others pool|queue PORT SECONDS LINES`

`pool`: bare aiosmtplib, so many connections kept open, nothing else. `queue`: puts a plain Celery task per recipient
into the broker, each of which calls Django's `send_mail`; a worker is started beside it.
"""

import asyncio
import os
import sys
import time
from email.message import EmailMessage

import aiosmtplib
from celery import Celery

from bench.dispatch.words import HTML, SUBJECT, TEXT

os.environ.pop("DJANGO_SETTINGS_MODULE", None)  # nothing of the hub's
app = Celery("plain", broker=os.environ.get("REDIS_URL", ""))
app.conf.task_ignore_result = True


@app.task(name="plain.send")
def send(to: str) -> None:
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=int(os.environ["SINK_PORT"]))
        django.setup()
    from django.core.mail import send_mail

    send_mail(SUBJECT, TEXT, "Foule <parvis@parvis.test>", [to], html_message=HTML)


async def pool(port: int, seconds: float, lines: int) -> None:
    """As fast as they go, each line by itself."""
    end = time.monotonic() + seconds

    async def line(number: int) -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False) as client:
            sent = 0
            while time.monotonic() < end:
                mail = EmailMessage()
                mail["From"], mail["To"] = "Foule <parvis@parvis.test>", f"foule-{number}-{sent}@parvis.test"
                mail["Subject"] = SUBJECT
                mail.set_content(TEXT)
                mail.add_alternative(HTML, subtype="html")
                await client.send_message(mail)
                sent += 1

    await asyncio.gather(*(line(number) for number in range(lines)))


if __name__ == "__main__":
    if sys.argv[1] == "pool":
        asyncio.run(pool(int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])))
    else:
        for number in range(int(sys.argv[2])):
            send.delay(f"foule-{number}@parvis.test")

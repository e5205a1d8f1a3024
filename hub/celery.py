"""The Celery: doorbells for rows. The rows are the truth: a lost task delays, and loses nothing."""

import os
from collections.abc import Sized

from celery import Celery

from hub.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

app = Celery("parvis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()
app.autodiscover_tasks(["hub"], related_name="jobs")

# One queue per channel, so that a slow one never holds up another; `default` is for the hub's own work, `webhooks` for
# calls of other programs, `inbound` for mails that came in.
QUEUES = ("default", "alerts", "email", "sms", "voice", "push", "webhooks", "inbound")


def threads_for(queues: Sized) -> int:
    """How many tasks a worker of these queues has at once: what leaves by a channel keeps a thread for seconds, and an
    alert one to be written and one to be watched. With fewer, a channel stands still until another has had its turn."""
    return max(4, len(queues) + 2)

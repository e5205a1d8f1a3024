"""The Celery: doorbells for rows. The rows are the truth: a lost task delays, and loses nothing."""

import os

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

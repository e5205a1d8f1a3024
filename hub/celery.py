"""The Celery application: doorbells for rows. The rows are the truth; a lost task delays, and loses nothing."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

app = Celery("parvis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# One queue per channel, so that a slow one never holds up another; `default` is for the hub's own work.
QUEUES = ("default", "email")

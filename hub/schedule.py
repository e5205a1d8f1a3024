"""What the clock rings, and how often."""

from datetime import timedelta

from celery.schedules import crontab

# A ring that nobody has heard by then is thrown away: a queue without a worker does not fill up. It is the worker's
# clock that says so, and it may be minutes ahead of that of who rings: with less, it would throw away all it is told.
HEARD_WITHIN_S = 600
_HEARD = {"expires": HEARD_WITHIN_S}

SCHEDULE = {
    "deliveries.sweep": {"task": "deliveries.sweep", "schedule": timedelta(seconds=10), "options": _HEARD},
    "alerts.tick": {"task": "alerts.tick", "schedule": timedelta(seconds=10), "options": _HEARD},
    "inbound_email.read": {"task": "inbound_email.read", "schedule": timedelta(seconds=10), "options": _HEARD},
    "deliveries.listen": {"task": "deliveries.listen", "schedule": timedelta(minutes=1), "options": _HEARD},
    "alerts.call_back": {
        "task": "alerts.call_back",
        "schedule": timedelta(seconds=30),
        "options": _HEARD,
    },
    "conversations.mail_unread": {
        "task": "conversations.mail_unread",
        "schedule": timedelta(seconds=30),
        "options": _HEARD,
    },
    "conversations.push_unread": {
        "task": "conversations.push_unread",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 15},
    },
    "notifications.write_left": {
        "task": "notifications.write_left",
        "schedule": timedelta(seconds=10),
        "options": _HEARD,
    },
    "notifications.send_digests": {
        "task": "notifications.send_digests",
        "schedule": timedelta(minutes=1),
        "options": _HEARD,
    },
    "conversations.tell_group_news": {
        "task": "conversations.tell_group_news",
        "schedule": timedelta(seconds=20),
        "options": _HEARD,
    },
    "conversations.let_go": {"task": "conversations.let_go", "schedule": crontab(hour="4", minute="7")},
    "tickets.remind": {
        "task": "tickets.remind",
        "schedule": crontab(minute="*/15"),
        "options": _HEARD,
    },
    "tickets.sweep_calls": {
        "task": "tickets.sweep_calls",
        "schedule": timedelta(seconds=10),
        "options": _HEARD,
    },
    "tickets.prune_calls": {"task": "tickets.prune_calls", "schedule": crontab(hour="4", minute="17")},
    "tickets.prune_followers": {"task": "tickets.prune_followers", "schedule": crontab(hour="4", minute="27")},
    "people.prepare_left": {
        "task": "people.prepare_left",
        "schedule": timedelta(seconds=30),
        "options": _HEARD,
    },
    "streams.prune": {"task": "streams.prune", "schedule": crontab(hour="3", minute="17")},
    "inbound_email.prune": {"task": "inbound_email.prune", "schedule": crontab(hour="4", minute="37")},
    "deliveries.prune": {"task": "deliveries.prune", "schedule": crontab(hour="3", minute="27")},
    "people.prune": {"task": "people.prune", "schedule": crontab(hour="3", minute="47")},
    "files.prune": {"task": "files.prune", "schedule": crontab(hour="3", minute="37")},
    "notifications.prune": {"task": "notifications.prune", "schedule": crontab(hour="3", minute="57")},
}

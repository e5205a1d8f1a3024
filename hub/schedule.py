"""What the clock rings, and how often."""

from datetime import timedelta

from celery.schedules import crontab

SCHEDULE = {
    "deliveries.sweep": {"task": "deliveries.sweep", "schedule": timedelta(seconds=10), "options": {"expires": 10}},
    "alerts.tick": {"task": "alerts.tick", "schedule": timedelta(seconds=10), "options": {"expires": 10}},
    "deliveries.listen": {"task": "deliveries.listen", "schedule": timedelta(minutes=1), "options": {"expires": 60}},
    "alerts.call_back": {
        "task": "alerts.call_back",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "conversations.mail_unread": {
        "task": "conversations.mail_unread",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "notifications.write_left": {
        "task": "notifications.write_left",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 10},
    },
    "notifications.send_digests": {
        "task": "notifications.send_digests",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "conversations.tell_group_news": {
        "task": "conversations.tell_group_news",
        "schedule": timedelta(seconds=20),
        "options": {"expires": 20},
    },
    "conversations.let_go": {"task": "conversations.let_go", "schedule": crontab(hour="4", minute="7")},
    "tickets.remind": {
        "task": "tickets.remind",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 600},
    },
    "tickets.sweep_calls": {
        "task": "tickets.sweep_calls",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 10},
    },
    "tickets.prune_calls": {"task": "tickets.prune_calls", "schedule": crontab(hour="4", minute="17")},
    "tickets.prune_followers": {"task": "tickets.prune_followers", "schedule": crontab(hour="4", minute="27")},
    "people.prepare_left": {
        "task": "people.prepare_left",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "streams.prune": {"task": "streams.prune", "schedule": crontab(hour="3", minute="17")},
    "deliveries.prune": {"task": "deliveries.prune", "schedule": crontab(hour="3", minute="27")},
    "people.prune": {"task": "people.prune", "schedule": crontab(hour="3", minute="47")},
    "files.prune": {"task": "files.prune", "schedule": crontab(hour="3", minute="37")},
    "notifications.prune": {"task": "notifications.prune", "schedule": crontab(hour="3", minute="57")},
}

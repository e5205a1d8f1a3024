from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "hub.notifications"

    def ready(self) -> None:
        """What this room keeps about a person is known, and that it tells of spent money."""
        from hub.deliveries import halts
        from hub.deliveries.previews import learn as show
        from hub.notifications import halts as telling
        from hub.notifications import records, samples  # models can't be imported before
        from hub.people.records import learn

        learn("notifications", records.collect, records.forget)
        show(samples.build)
        halts.learn(telling.tell)

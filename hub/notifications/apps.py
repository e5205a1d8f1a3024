from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "hub.notifications"

    def ready(self) -> None:
        """What this room keeps about a person is known."""
        from hub.notifications import records  # models can't be imported before
        from hub.people.records import learn

        learn("notifications", records.collect, records.forget)

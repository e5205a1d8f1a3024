from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "hub.conversations"

    def ready(self) -> None:
        """What this room keeps about a person is known."""
        from hub.conversations import records  # models can't be imported before
        from hub.people.records import learn

        learn("messages", records.collect)

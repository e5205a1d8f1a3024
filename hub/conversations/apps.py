from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "hub.conversations"

    def ready(self) -> None:
        """What this room keeps about a person is known."""
        from hub.conversations import records, samples  # models can't be imported before
        from hub.deliveries.previews import learn as show
        from hub.people.records import learn

        show(samples.build)
        learn("messages", records.collect)

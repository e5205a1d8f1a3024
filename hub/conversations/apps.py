from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "hub.conversations"

    def ready(self) -> None:
        """What this room keeps about a person is known, and what they have read in it."""
        from hub.conversations import records, samples, unread_mail  # models can't be imported before
        from hub.deliveries.previews import learn as show
        from hub.notifications import seen
        from hub.people.records import learn

        show(samples.build)
        learn("messages", records.collect, records.forget)
        seen.learn(unread_mail.read_since)

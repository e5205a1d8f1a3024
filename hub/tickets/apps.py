from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "hub.tickets"

    def ready(self) -> None:
        """The trail's page learns to say what is done with tickets' settings."""
        from hub.conversations.moderation_words import learn  # models can’t be imported before
        from hub.tickets.trail_words import ACTS

        learn(ACTS)

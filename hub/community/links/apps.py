from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "hub.community.links"

    def ready(self) -> None:
        """The trail's page learns to say what is done here."""
        from hub.community.links.trail_words import ACTS  # models can’t be imported before
        from hub.conversations.moderation_words import learn

        learn(ACTS)

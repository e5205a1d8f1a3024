from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "hub.files"

    def ready(self) -> None:
        """What this room keeps about a person is known."""
        from hub.files import records  # models can't be imported before
        from hub.people.records import learn

        learn("fichiers", records.collect)

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hub.people"

    def ready(self) -> None:
        from hub.people import proof  # noqa: F401 (its receiver; models must be there first)

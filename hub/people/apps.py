from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hub.people"

    def ready(self) -> None:
        """What a person has proven is heeded; what is kept about them is known."""
        from hub.people import own_records, proof  # noqa: F401 (its receiver; models must be there first)
        from hub.people.records import learn

        learn("compte", own_records.collect)

"""`alert.ID`: how far an alert is, for those who decide of alerts in its town."""

from collections.abc import Collection, Sequence

from consumers.topics.base import Access, TopicKind
from hub.alerts.alert_queries import deciding
from hub.people.queries import lacking_second_factor


class AlertTopic(TopicKind):
    """The town's team, as long as they are."""

    name = "alert"
    commands = {}

    def access(self, pairs: Sequence[tuple[int, str]]) -> list[Access | None]:
        inside = deciding({(person_id, _number(topic)) for person_id, topic in pairs})
        lacking = lacking_second_factor({person_id for person_id, _ in inside}) if inside else set()
        return [
            Access() if (person_id, _number(topic)) in inside and person_id not in lacking else None
            for person_id, topic in pairs
        ]

    def lost(self, pairs: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
        asked = {(person_id, _number(topic)): (person_id, topic) for person_id, topic in pairs}
        return {asked[pair] for pair in asked.keys() - deciding(asked.keys())}


def _number(topic: str) -> int:
    """Its number; 0, which is nobody's, for what is none."""
    number = topic.partition(".")[2]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0

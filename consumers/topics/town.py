"""`town.SLUG`: what is told to all who belong to a town."""

from collections.abc import Collection, Sequence

from consumers.topics.base import Access, TopicKind
from hub.people.queries import belonging


class TownTopic(TopicKind):
    """Whoever follows the town, or works for it, as long as they do. It takes no commands."""

    name = "town"

    def access(self, pairs: Sequence[tuple[int, str]]) -> list[Access | None]:
        inside = belonging({(person_id, _slug(topic)) for person_id, topic in pairs})
        return [Access() if (person_id, _slug(topic)) in inside else None for person_id, topic in pairs]

    def lost(self, pairs: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
        asked = {(person_id, _slug(topic)): (person_id, topic) for person_id, topic in pairs}
        return {asked[pair] for pair in asked.keys() - belonging(asked.keys())}


def _slug(topic: str) -> str:
    """The town's short name."""
    return topic.partition(".")[2]

"""Finding words in messages: full text in French on PostgreSQL, part by part on SQLite; accents and case apart."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, Func, QuerySet

from hub.conversations.models import Message, Participant
from hub.core.folding import words_of


class _Holds(Func):
    """Whether a text holds all these words (`words_of`); the last letters of each may be missing."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: Any, words: list[str]) -> None:
        super().__init__(column)
        self.words = words

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        body, params = compiler.compile(self.source_expressions[0])
        like = " AND ".join([f"parvis_folded({body}) LIKE %s"] * len(self.words))
        return f"({like})", [value for word in self.words for value in (*params, f"%{word}%")]

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:
        body, params = compiler.compile(self.source_expressions[0])
        asked = " & ".join(f"{word}:*" for word in self.words)
        return f"(to_tsvector('french', parvis_folded({body})) @@ to_tsquery('french', %s))", [*params, asked]


def holding(messages: QuerySet[Message], text: str) -> QuerySet[Message]:
    """Those of `messages` that are shown and hold every word of `text`; none when it has no word."""
    words = words_of(text)
    if not words:
        return messages.none()
    return messages.filter(_Holds("body", words), removed_at=None)


def parts_of_authors(messages: Sequence[Message]) -> dict[tuple[int, int], str]:
    """What each author is in their message's conversation, by conversation and person. One query for all."""
    people = {message.author_id for message in messages if message.author_id}
    found = Participant.objects.filter(
        person__in=people, conversation__in={message.conversation_id for message in messages}
    )
    return {
        (conversation, person): part
        for conversation, person, part in found.values_list("conversation_id", "person_id", "part")
    }

"""The first answer while the mayor is away: said for them, and shown as automatic."""

from datetime import datetime

from hub.conversations import events, queries
from hub.conversations.models import Conversation, Message, Part
from hub.core.ids import new_key
from hub.people.models import Person
from hub.people.queries import mayor_of
from hub.streams.actions import Unit
from hub.towns.rules import answering, automatic_text


def answer_for_absent(work: Unit, *, conversation_id: int, citizen: Person, at: datetime) -> None:
    """A citizen begins to wait for the mayor: outside their hours they are told so at once, in their language.

    It is no answer: they wait still, nothing counts as unread, and no mail tells of it. Called with the
    conversation's number taken.
    """
    conversation = Conversation.objects.select_related("town").get(pk=conversation_id)
    town = conversation.town
    if not answering(town, at) or (mayor := mayor_of(town)) is None:
        return
    message = Message(
        conversation=conversation, author=mayor, key=new_key(), automatic=True, at=at,
        body=automatic_text(town, citizen.language, at),
    )  # fmt: skip

    def numbered(seq: int) -> events.MessagePosted:
        message.seq = seq
        message.save()
        return queries.describe(message, Part.MAYOR)

    work.publish(conversation.topic, numbered)

"""Private conversations: who begins one, who answers in it."""

from django.utils.translation import gettext as _

from hub.conversations import events, queries, rules
from hub.conversations.actions.told import say_what_happened, tell_row
from hub.conversations.models import Conversation, Kind, Part, Participant
from hub.core import limits
from hub.core.clock import now
from hub.core.errors import Forbidden, Invalid, NotFound
from hub.people.models import Person, Role
from hub.people.queries import mayor_of, roles_in
from hub.streams.actions import unit
from hub.towns.models import Town


def open_conversation(*, actor: Person, town: Town, subject: str = "") -> Conversation:
    """The private conversation of a citizen with their town's mayor; made when there is none yet (S39, S40).

    Raises `Forbidden` when the actor does not follow the town, or is its mayor.
    """
    roles = roles_in(actor, town)
    if not roles or Role.MAYOR in roles:
        raise Forbidden
    return _private_conversation(town, actor, subject)


def write_to_citizen(*, actor: Person, town: Town, citizen: Person) -> Conversation:
    """The same conversation, begun by the mayor. Raises `Forbidden` for anybody else, `NotFound` for a stranger."""
    if Role.MAYOR not in roles_in(actor, town):
        raise Forbidden
    if citizen.pk == actor.pk or not roles_in(citizen, town):
        raise NotFound
    return _private_conversation(town, citizen, "")


def _private_conversation(town: Town, citizen: Person, subject: str) -> Conversation:
    known = Conversation.objects.filter(town=town, citizen=citizen, kind=Kind.PRIVATE).first()
    if known is None:
        limits.hit(limits.NEW_CONVERSATIONS, citizen.pk)
        known, _made = Conversation.objects.get_or_create(
            town=town, citizen=citizen, kind=Kind.PRIVATE, defaults={"subject": subject[:160]}
        )
    _ensure_participant(known, citizen, Part.CITIZEN)
    if (mayor := mayor_of(town)) is not None:
        _ensure_participant(known, mayor, Part.MAYOR)
    return known


def _ensure_participant(conversation: Conversation, person: Person, part: Part) -> None:
    Participant.objects.get_or_create(conversation=conversation, person=person, defaults={"part": part})


def invite_agent(*, actor: Person, conversation_id: int, agent: Person, hand_over: bool = False) -> None:
    """The mayor brings an agent in; with `hand_over`, it is the agent who answers from now on.

    The citizen sees who. Raises `NotFound`, `Forbidden` (not the mayor), `Invalid` (not of this town hall).
    """
    part = queries.access_conversation(actor, conversation_id)
    if not rules.may_invite(part.part):
        raise Forbidden
    conversation = part.conversation
    if not rules.may_be_invited(roles_in(agent, conversation.town)):
        raise Invalid(_("Cette personne ne travaille pas pour cette mairie."), field="agent")
    with unit() as work:
        _join(conversation, agent)
        if hand_over:
            Conversation.objects.filter(pk=conversation.pk).update(answered_by=agent)
        code = "handed_over" if hand_over else "joined"
        say_what_happened(work, conversation, {"code": code, "person": agent.pk, "name": agent.name})
        answering = queries.author(agent, Part.AGENT) if hand_over else _answering(conversation)
        work.publish(conversation.topic, lambda seq: events.ParticipantsChanged(answered_by=answering))
        tell_row(work, conversation, agent.pk, unread=0)


def take_back(*, actor: Person, conversation_id: int) -> None:
    """The mayor answers again. Agents stay in the conversation. Raises `NotFound`, `Forbidden`."""
    part = queries.access_conversation(actor, conversation_id)
    if not rules.may_invite(part.part):
        raise Forbidden
    conversation = part.conversation
    if conversation.answered_by_id is None:
        return
    with unit() as work:
        Conversation.objects.filter(pk=conversation.pk).update(answered_by=None)
        say_what_happened(work, conversation, {"code": "taken_back", "person": actor.pk, "name": actor.name})
        work.publish(conversation.topic, lambda seq: events.ParticipantsChanged(answered_by=None))


def remove_agent(*, actor: Person, conversation_id: int, agent: Person) -> None:
    """The mayor takes an agent out: their open pages stop getting what is said within seconds."""
    part = queries.access_conversation(actor, conversation_id)
    if not rules.may_invite(part.part):
        raise Forbidden
    conversation = part.conversation
    inside = Participant.objects.filter(conversation=conversation, person=agent, part=Part.AGENT, left_at=None)
    with unit() as work:
        if not inside.update(left_at=now(), unread=0, unread_since=None):
            raise NotFound
        Conversation.objects.filter(pk=conversation.pk, answered_by=agent).update(answered_by=None)
        say_what_happened(work, conversation, {"code": "left", "person": agent.pk, "name": agent.name})
        answering = None if conversation.answered_by_id == agent.pk else _answering(conversation)
        work.publish(conversation.topic, lambda seq: events.ParticipantsChanged(answered_by=answering))
        tell_row(work, conversation, agent.pk, unread=0)


def _join(conversation: Conversation, agent: Person) -> None:
    Participant.objects.update_or_create(
        conversation=conversation,
        person=agent,
        defaults={"left_at": None},
        create_defaults={"part": Part.AGENT},
    )


def _answering(conversation: Conversation) -> events.Author | None:
    person = conversation.answered_by
    return queries.author(person, Part.AGENT) if person else None

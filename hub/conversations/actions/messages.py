"""What becomes of a message once it is said: changed, taken back, marked with a sign, pinned."""

from django.utils.translation import gettext as _

from hub.conversations import events, queries, rules
from hub.conversations.actions.talkers import check_not_silent
from hub.conversations.actions.told import hide_words
from hub.conversations.models import Conversation, Message, Participant, Reaction, Removal, Version
from hub.core import limits
from hub.core.clock import now
from hub.core.errors import Forbidden, Invalid, NotFound
from hub.people.models import Person
from hub.people.queries import roles_in
from hub.streams.actions import unit


def _own(actor: Person, conversation_id: int, seq: int) -> tuple[Participant, Message]:
    part, message = _shown(actor, conversation_id, seq)
    if message.author_id != actor.pk or message.automatic:
        raise Forbidden(_("Seul son auteur peut changer un message."))
    return part, message


def _shown(actor: Person, conversation_id: int, seq: int) -> tuple[Participant, Message]:
    part = queries.access_conversation(actor, conversation_id)
    message = queries.access_message(part, seq)
    if message.removed_at is not None or message.author_id is None:
        raise NotFound
    return part, message


def edit_message(*, actor: Person, conversation_id: int, seq: int, body: str) -> None:
    """The author changes the words of message number `seq`, within ten minutes; what they were is kept.

    The same words again change nothing. Raises `NotFound`, `Forbidden` (not the author, too late, closed, silent for a
    while), `Invalid`.
    """
    part, message = _own(actor, conversation_id, seq)
    if not rules.may_edit(at=message.at, moment=now()):
        raise Forbidden(
            _("Un message se modifie pendant dix minutes. Vous pouvez en écrire un autre."), code="too_late"
        )
    if part.conversation.closed_at is not None:
        raise Forbidden(_("Cette discussion est fermée : on peut la lire, mais plus y écrire."), code="closed")
    text = rules.clean_body(body, has_files=message.attachments.exists(), kind=part.conversation.kind)
    if text == message.body:
        return
    _check_may_write(part, actor, text)
    with unit() as work:

        def changed(_number: int) -> events.MessageChanged | None:
            # Read anew with the number taken: two changes at once are one after the other.
            current = queries.access_message(part, seq)
            if current.removed_at is not None:
                return None
            Version.objects.create(message=current, body=current.body, replaced_at=now())
            current.body, current.edited_at = text, now()
            current.save(update_fields=["body", "edited_at"])
            if part.conversation.last_seq == seq:
                Conversation.objects.filter(pk=conversation_id, last_seq=seq).update(last_excerpt=rules.excerpt(text))
            return queries.describe_changed(current, part.part)

        work.publish(part.conversation.topic, changed)


def _check_may_write(part: Participant, actor: Person, text: str) -> None:
    """Who may not write for a while does not write by changing what stands there; nor does a new account."""
    conversation = part.conversation
    if not conversation.shared:
        return
    check_not_silent(actor, conversation_id=conversation.pk, town_id=conversation.town_id, at=now())
    new = rules.is_new(created_at=actor.created_at, moment=now()) and not rules.answers_for_town(part.part)
    if new and rules.has_address(text):
        sentence = _("Votre compte est tout nouveau : vous pourrez écrire des adresses de sites dès demain.")
        raise Invalid(sentence, field="body", code="new_account")


def withdraw_message(*, actor: Person, conversation_id: int, seq: int) -> None:
    """The author takes a message back, in a group or a live chat. A trace stays. Raises `NotFound`, `Forbidden`."""
    part, message = _own(actor, conversation_id, seq)
    if not rules.may_withdraw(part.conversation.kind):
        raise Forbidden(_("Ce qui est dit à la mairie reste dit."))
    with unit() as work:
        hide_words(work, message, actor=actor, removal=Removal.AUTHOR, reason="")


def react(*, actor: Person, conversation_id: int, seq: int, sign: str, on: bool = True) -> int:
    """Put a sign on message number `seq`, or take it off. Safe to call twice. Returns how many have it there.

    Raises `NotFound`, `Invalid` (no such sign), `RateLimited`.
    """
    if sign not in rules.REACTIONS:
        raise Invalid(_("Ce signe n’existe pas."), field="sign")
    limits.hit(limits.REACTIONS, actor.pk)
    part, message = _shown(actor, conversation_id, seq)
    counted = Reaction.objects.filter(message=message, sign=sign)

    def reacted(_number: int) -> events.MessageReacted | None:
        mine = counted.filter(person=actor)
        if on == mine.exists():
            return None
        if on:
            Reaction.objects.create(message=message, person=actor, sign=sign)
        else:
            mine.delete()
        return events.MessageReacted(seq=seq, sign=sign, person=actor.pk, on=on, count=counted.count())

    with unit() as work:
        work.publish(part.conversation.topic, reacted)
    return counted.count()


def pin_message(*, actor: Person, conversation_id: int, seq: int | None) -> None:
    """Let a message stand above the conversation; None: no message. For who moderates.

    Raises `NotFound`, `Forbidden`.
    """
    part = queries.access_conversation(actor, conversation_id)
    if not rules.may_moderate(roles_in(actor, part.conversation.town)):
        raise Forbidden
    message = _shown(actor, conversation_id, seq)[1] if seq is not None else None
    quoted = queries.quote(message) if message else None
    with unit() as work:
        if part.conversation.pinned_id != (message.pk if message else None):
            Conversation.objects.filter(pk=conversation_id).update(pinned=message)
            work.publish(part.conversation.topic, lambda _number: events.MessagePinned(message=quoted))

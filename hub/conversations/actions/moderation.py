"""Reports, and what moderators decide: always with a reason, always told to whom it concerns, always in the trail."""

from datetime import datetime

from django.utils.translation import gettext as _

from hub.audit.actions import hold, note
from hub.conversations import moderation_words, queries, reported, rules
from hub.conversations.actions.told import hide_words, show_words
from hub.conversations.models import (
    Conversation,
    Kind,
    Message,
    Outcome,
    Reason,
    Removal,
    Report,
    Silence,
)
from hub.core import limits
from hub.core.clock import now
from hub.core.errors import Conflict, Forbidden, Invalid, NotFound
from hub.notifications.actions import notify
from hub.notifications.models import Kind as Told
from hub.people.models import STAFF_ROLES, Person
from hub.people.queries import moderators_of, roles_in
from hub.streams.actions import Unit, unit
from hub.towns.models import Town

MAX_REASON = 300


def report_message(*, actor: Person, conversation_id: int, seq: int, reason: str, words: str = "") -> Report:
    """Say that a message should be looked at. Once per person: again changes nothing. Moderators are told.

    Raises `NotFound`, `Forbidden` (one's own, or a private conversation), `Invalid`, `RateLimited`.
    """
    part = queries.access_conversation(actor, conversation_id)
    message = queries.access_message(part, seq)
    if message.removed_at is not None or message.author_id is None:
        raise NotFound
    if part.conversation.kind == Kind.PRIVATE or message.author_id == actor.pk:
        raise Forbidden
    if reason not in Reason.values:
        raise Invalid(_("Choisissez un motif."), field="reason")
    limits.hit(limits.REPORTS, actor.pk)
    told = {"reason": reason, "words": rules.clean_line(words, field="words", most=500), "at": now()}
    with unit() as work:
        report, made = Report.objects.get_or_create(
            message=message, reporter=actor, defaults={"town": part.conversation.town, **told}
        )
        if made:
            _tell_moderators(work, report, message)
    return report


def _tell_moderators(work: Unit, report: Report, message: Message) -> None:
    """Several reports while nobody has looked are one notification."""
    town, what = report.town, {"title": message.conversation.subject, "excerpt": queries.first_words(message)}
    notify(
        work, town_id=town.pk, kind=Told.MODERATION, code="reported", people=moderators_of(town), actor=None,
        what=what, path=f"/mairie/{town.slug}/moderation/", subject=rules.reports_subject(town.pk),
    )  # fmt: skip


# What moderators decide of a message. `seen`: the number of the decision that the actor knows of
# (`reported.decisions_of`), 0 for none; None: the one that stands as they press. Of two who decide at once one decision
# counts, and the other person is told of it: `Conflict` (`decided`).


def hide_message(*, actor: Person, conversation_id: int, seq: int, reason: str, seen: int | None = None) -> None:
    """Not shown until somebody has decided. Raises `NotFound`, `Forbidden`, `Invalid` (no reason), `Conflict`."""
    _take_away(actor, conversation_id, seq, "message.hide", reason, seen)


def remove_message(*, actor: Person, conversation_id: int, seq: int, reason: str, seen: int | None = None) -> None:
    """Not shown any more; reports of it are closed. Its words stay in the trail's reach. Raises as `hide_message`."""
    _take_away(actor, conversation_id, seq, "message.remove", reason, seen)


def _take_away(actor: Person, conversation_id: int, seq: int, act: str, reason: str, seen: int | None) -> None:
    message, seen = _looked_at(actor, conversation_id, seq, seen)
    missing = _("Dites pourquoi : la personne le lira.")
    why = rules.clean_line(reason, field="reason", most=MAX_REASON, missing=missing)
    hidden = act == "message.hide"
    removal = Removal.HIDDEN if hidden else Removal.MODERATION
    with unit() as work:
        if not _is_to_decide(message, actor, act, seen):
            return
        if message.removal in {removal, Removal.MODERATION, Removal.AUTHOR}:
            # Its author took it back meanwhile: nothing is left to remove, but reports of it wait for an answer still.
            if not hidden and _close_reports(work, message, actor, Outcome.REMOVED):
                _noted(message, actor, act, {"reason": why})
            return
        hide_words(work, message, actor=actor, removal=removal, reason=why)
        _noted(message, actor, act, {"reason": why})
        _tell_author(work, message, actor, "message_hidden" if hidden else "message_removed", {"reason": why})
        if not hidden:
            _close_reports(work, message, actor, Outcome.REMOVED)


def restore_message(*, actor: Person, conversation_id: int, seq: int, seen: int | None = None) -> None:
    """Shown again, as it was. Raises `NotFound`, `Forbidden` (its author took it back), `Conflict`."""
    message, seen = _looked_at(actor, conversation_id, seq, seen)
    with unit() as work:
        if not _is_to_decide(message, actor, "message.restore", seen):
            return
        if message.removal == Removal.AUTHOR:
            raise Forbidden(_("Son auteur l’a retiré : lui seul peut l’écrire de nouveau."))
        if message.removed_at is None:
            return
        show_words(work, message)
        _noted(message, actor, "message.restore", {})
        _tell_author(work, message, actor, "message_restored", {})
        _close_reports(work, message, actor, Outcome.KEPT)


def keep_message(*, actor: Person, conversation_id: int, seq: int, seen: int | None = None) -> None:
    """Reported, looked at, and left as it is. Raises `NotFound`, `Forbidden`, `Conflict` (it is not shown any more)."""
    message, seen = _looked_at(actor, conversation_id, seq, seen)
    with unit() as work:
        if not _is_to_decide(message, actor, "message.keep", seen):
            return
        if message.removed_at is not None:
            raise Conflict(_("Ce message n’est plus visible : rétablissez-le, ou retirez-le."))
        if _close_reports(work, message, actor, Outcome.KEPT):
            _noted(message, actor, "message.keep", {})


def access_moderated(actor: Person, conversation_id: int, seq: int) -> Message:
    """A message of a group or live chat that the actor moderates. Raises `NotFound`, `Forbidden`."""
    conversation = queries.access_shared(actor, conversation_id)
    if not rules.may_moderate(roles_in(actor, conversation.town)):
        raise Forbidden
    message = Message.objects.filter(conversation=conversation, seq=seq, author__isnull=False).first()
    if message is None:
        raise NotFound
    message.conversation = conversation
    return message


def _looked_at(actor: Person, conversation_id: int, seq: int, seen: int | None) -> tuple[Message, int]:
    message = access_moderated(actor, conversation_id, seq)
    return message, reported.decisions_of([message.pk]).get(message.pk, 0) if seen is None else seen


def _is_to_decide(message: Message, actor: Person, act: str, seen: int) -> bool:
    """Whether the message, read anew, is the actor's to decide of; not when the same person has pressed twice.

    Held by the town's trail, which has each decision: nobody else decides until the transaction ends. Raises
    `Conflict`: somebody has decided what the actor does not know of.
    """
    hold(message.conversation.town_id)
    message.refresh_from_db(fields=["removed_at", "removed_by", "removal", "removal_reason"])
    last = reported.decisions_about([message.pk]).last()
    if last is None or last.number <= seen:
        return True
    if (last.actor_id, last.act) == (actor.pk, act):
        return False
    decision = moderation_words.trail_line(last, message.conversation.town).sentence
    raise Conflict(
        _("Une décision a été prise entre-temps. %(decision)s La vôtre n’a pas été appliquée.")
        % {"decision": decision},
        code="decided",
    )


def _close_reports(work: Unit, message: Message, actor: Person, outcome: Outcome) -> int:
    """Who reported it learns what was decided. Returns how many reports that was."""
    waiting = Report.objects.filter(message=message, handled_at=None)
    reporters = set(waiting.values_list("reporter_id", flat=True))
    closed = waiting.update(handled_at=now(), handled_by=actor, outcome=outcome)
    if closed:
        conversation = message.conversation
        notify(
            work, town_id=conversation.town_id, kind=Told.MODERATION, code="report_handled", people=reporters,
            actor=None, what={"title": conversation.subject, "outcome": outcome.value},
            path=f"/messages/{conversation.pk}/",
        )  # fmt: skip
    return closed


def _tell_author(work: Unit, message: Message, actor: Person, code: str, what: dict[str, str]) -> None:
    conversation = message.conversation
    notify(
        work, town_id=conversation.town_id, kind=Told.MODERATION, code=code, people={message.author_id or 0},
        actor=actor, what={"title": conversation.subject, "excerpt": queries.first_words(message), **what},
        path=f"/messages/{conversation.pk}/",
    )  # fmt: skip


def _noted(message: Message, actor: Person, act: str, what: dict[str, str]) -> None:
    told = {"title": message.conversation.subject, "author": message.author.name if message.author else "", **what}
    note(town_id=message.conversation.town_id, actor=actor, act=act, subject=f"message.{message.pk}", what=told)


# What they decide of a person.


def silence(
    *, actor: Person, town: Town, person: Person, for_name: str, reason: str, conversation_id: int | None = None
) -> Silence:
    """Somebody may read and not write: for an hour, a day, a week, a month (`rules.SILENCES`).

    `conversation_id` None: in all groups and live chats of the town. The person is told why. Raises `Forbidden`
    (not a moderator, or the person is of the town hall), `NotFound`, `Invalid`.
    """
    conversation = _check_silences(actor, town, person, conversation_id)
    if for_name not in rules.SILENCES:
        raise Invalid(_("Choisissez une durée."), field="for")
    missing = _("Dites pourquoi : la personne le lira.")
    why = rules.clean_line(reason, field="reason", most=MAX_REASON, missing=missing)
    with unit() as work:
        made = Silence.objects.create(
            town=town, conversation=conversation, person=person, until=now() + rules.SILENCES[for_name], reason=why,
            by=actor, at=now(),
        )  # fmt: skip
        title = conversation.subject if conversation else ""
        _note_person(made, actor, "person.silence", {"title": title, "until": _iso(made.until), "reason": why})
        _tell_person(work, made, actor, "muted", {"title": title, "until": _iso(made.until), "reason": why})
    return made


def _check_silences(actor: Person, town: Town, person: Person, conversation_id: int | None) -> Conversation | None:
    if not rules.may_moderate(roles_in(actor, town)):
        raise Forbidden
    roles = roles_in(person, town)
    if not roles:
        raise NotFound
    if roles & STAFF_ROLES:
        raise Forbidden(_("Cette personne est de la mairie."))
    if conversation_id is None:
        return None
    conversation = queries.access_shared(actor, conversation_id)
    if conversation.town_id != town.pk:
        raise NotFound
    return conversation


def lift_silence(*, actor: Person, town: Town, silence_id: int) -> None:
    """The person may write again. Safe to call twice. Raises `NotFound`, `Forbidden`."""
    if not rules.may_moderate(roles_in(actor, town)):
        raise Forbidden
    known = Silence.objects.select_related("person", "conversation").filter(pk=silence_id, town=town).first()
    if known is None:
        raise NotFound
    with unit() as work:
        if Silence.objects.filter(pk=known.pk, lifted_at=None).update(lifted_at=now()):
            title = known.conversation.subject if known.conversation else ""
            _note_person(known, actor, "person.unsilence", {"title": title})
            _tell_person(work, known, actor, "unmuted", {"title": title})


def _note_person(known: Silence, actor: Person, act: str, what: dict[str, str]) -> None:
    told = {"person": known.person.name, **what}
    note(town_id=known.town_id, actor=actor, act=act, subject=f"person.{known.person_id}", what=told)


def _tell_person(work: Unit, known: Silence, actor: Person, code: str, what: dict[str, str]) -> None:
    path = f"/messages/{known.conversation_id}/" if known.conversation_id else "/groupes/"
    notify(
        work, town_id=known.town_id, kind=Told.MODERATION, code=code, people={known.person_id}, actor=actor,
        what=what, path=path,
    )  # fmt: skip


def _iso(moment: datetime) -> str:
    return moment.isoformat()

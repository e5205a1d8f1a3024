"""What the mail about unread messages says, in the reader's language. Called inside `written_for`."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.conversations import rules, words
from hub.conversations.inbox import url_of
from hub.conversations.models import Message, Part, Participant
from hub.core.typography import moment
from hub.notifications.letter import Button, Letter, Quote, Section
from hub.notifications.mail import Reader
from hub.people.models import Person

TALKS = 8  # conversations told in one mail; the others are counted
LINES = 3  # messages told of each
QUOTE = 280  # characters

# One conversation of the reader's, and what waits in it, oldest first.
Told = tuple[Participant, list[Message]]


def letter(reader: Reader, talks: Sequence[Told]) -> Letter:
    """All that waits, a section for each conversation."""
    others = _others(len(talks) - TALKS)
    return Letter(
        subject=subject(talks),
        sections=[_section(reader, part, messages) for part, messages in talks[:TALKS]],
        said=[others] if others else [],
        links=[Button(_("Voir tous mes messages"), _site(_list_path(talks[0][0])))] if others else [],
        reason=_("Vous recevez ce courriel parce qu’on vous a écrit et que vous ne l’avez pas encore lu."),
        if_answered=_("Pour répondre, répondez à ce courriel, ou ouvrez la conversation."),
        if_lost=_("Pour répondre, ouvrez la conversation ; une réponse à ce courriel n’arriverait à personne."),
    )


def subject(talks: Sequence[Told]) -> str:
    """« Hélène Carpentier vous a écrit », « 4 messages vous attendent »."""
    count = sum(len(messages) for _part, messages in talks)
    if len(talks) > 1:
        return ngettext("%(count)d message vous attend", "%(count)d messages vous attendent", count) % {"count": count}
    if talks[0][0].conversation.shared:
        sentence = ngettext("%(count)d message dans « %(title)s »", "%(count)d messages dans « %(title)s »", count)
        return sentence % {"count": count, "title": talks[0][0].conversation.subject}
    last = talks[0][1][-1].author
    name = last.name if last else ""
    if count == 1:
        return _("%(name)s vous a écrit") % {"name": name}
    sentence = ngettext(
        "%(count)d message de %(name)s vous attend", "%(count)d messages de %(name)s vous attendent", count
    )
    return sentence % {"count": count, "name": name}


def _section(reader: Reader, part: Participant, messages: Sequence[Message]) -> Section:
    parts = dict(part.conversation.participants.values_list("person_id", "part"))
    authors = dict.fromkeys(
        _signed(message.author, parts.get(message.author.pk, "")) for message in messages if message.author
    )
    more = len(messages) - LINES
    sentence = ngettext("et %(count)d autre message", "et %(count)d autres messages", max(more, 1))
    group = part.conversation.subject if part.conversation.shared else ""
    return Section(
        heading=" · ".join(filter(None, [group, *list(authors)[:4]])),
        quotes=[_quote(reader, message) for message in messages[:LINES]],
        more=sentence % {"count": more} if more > 0 else "",
        button=Button(_("Lire et répondre"), _site(url_of(part))),
    )


def _site(path: str) -> str:
    return f"{settings.LINK_BASE}{path}"


def _signed(author: Person, part: str) -> str:
    """« Hélène Carpentier, maire », « Maude Lavoie, pour la mairie », « Alice Moreau »."""
    if part == Part.MAYOR:
        return words.mayor_and_office(author)
    return _("%(name)s, pour la mairie") % {"name": author.name} if part == Part.AGENT else author.name


def _quote(reader: Reader, message: Message) -> Quote:
    """Its first words, and when it was written."""
    names = [attachment.file.name for attachment in message.attachments.all()]
    said = rules.excerpt(message.body, limit=QUOTE)
    attached = _("Pièce jointe : %(name)s") % {"name": ", ".join(names)} if names else ""
    at, today = timezone.localtime(message.at), timezone.localdate()
    return Quote("", [said or attached], moment(at, reader.locale, today=today))


def _others(count: int) -> str:
    sentence = ngettext(
        "%(count)d autre conversation vous attend.", "%(count)d autres conversations vous attendent.", max(count, 1)
    )
    return sentence % {"count": count} if count > 0 else ""


def _list_path(part: Participant) -> str:
    if part.part == Part.CITIZEN:
        return reverse("messages")
    return reverse("desk_messages", args=[part.conversation.town.slug])

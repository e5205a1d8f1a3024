"""The one store of words between people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.core.clock import now
from hub.files.models import StoredFile
from hub.towns.models import Town


class Kind(models.TextChoices):
    """What sort of conversation it is."""

    PRIVATE = "private", _("Conversation privée")
    GROUP = "group", _("Groupe de discussion")
    LIVE = "live", _("Discussion en direct")
    TICKET = "ticket", _("Requête")


SHARED = (Kind.GROUP, Kind.LIVE)


class Via(models.TextChoices):
    """By which way words came in."""

    WEB = "web", _("Site")
    API = "api", _("Programme")
    EMAIL = "email", _("Courriel")
    SMS = "sms", _("SMS")
    PHONE = "phone", _("Téléphone")
    LETTER = "letter", _("Lettre")
    DESK = "desk", _("Guichet")


class Visibility(models.TextChoices):
    """Of a ticket's messages: whether the requester may read it, or the town hall and its call centre only (S113)."""

    EXTERNAL = "external", _("Externe")
    INTERNAL = "internal", _("Interne")


class Side(models.TextChoices):
    """Of a ticket's messages: for whom it speaks, whoever wrote it down."""

    NONE = "", "—"
    TOWN = "town", _("Mairie")
    REQUESTER = "requester", _("Demandeur")


class Conversation(models.Model):
    """People who write to each other; its topic is `conversation.ID`.

    A private one is between one citizen and their town's mayor (S39), who may invite agents. There is one per
    citizen and town: writing again continues it (S40). A group is made by the mayor (S48), and who follows the town
    may join. A live one is everybody's who is there while the mayor has it open (S67); one is open at a time. A
    ticket's holds its follow-ups; who may read and write there is the ticket's to say, and nobody takes part in it.
    """

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="conversations")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PRIVATE)
    citizen = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="private_conversations"
    )
    # Who answers when it is no longer the mayor: the citizen is shown their name.
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # A private one's subject; the title of a group, and of a live one.
    subject = models.CharField(_("sujet"), max_length=160, blank=True)
    about = models.CharField(_("de quoi on parle"), max_length=500, blank=True)
    # Denormalised for lists: the last visible message, and since when the citizen waits for an answer.
    last_seq = models.BigIntegerField(default=0)
    last_author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    last_excerpt = models.CharField(max_length=120, blank=True)
    last_at = models.DateTimeField(default=now)
    waiting_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    # Of groups and live ones. `posts` only grows: what a participant has not read is what it grew by since they did.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    posts = models.PositiveIntegerField(default=0)
    members = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    slow_s = models.PositiveSmallIntegerField(default=0)  # seconds between two messages of the same person
    pinned = models.ForeignKey(
        "Message", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    told_posts = models.PositiveIntegerField(default=0)  # how many its participants have been notified of

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["town", "citizen"],
                condition=models.Q(kind="private"),
                name="one_private_conversation_per_citizen",
            ),
            models.UniqueConstraint(
                fields=["town"],
                condition=models.Q(kind="live", closed_at=None),
                name="one_open_live_chat_per_town",
            ),
        ]
        indexes = [
            models.Index(fields=["town", "-last_at"], name="conversation_by_recency"),
            models.Index(
                fields=["last_at"],
                condition=models.Q(kind="group", posts__gt=models.F("told_posts")),
                name="groups_to_tell_of",
            ),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"

    @property
    def topic(self) -> str:
        return f"conversation.{self.pk}"

    @property
    def shared(self) -> bool:
        """Whether it is a group or a live chat, and not between two."""
        return self.kind in SHARED


class Part(models.TextChoices):
    """What a participant is in a conversation."""

    CITIZEN = "citizen", _("Habitant")
    MAYOR = "mayor", _("Maire")
    AGENT = "agent", _("Agent")


class Participant(models.Model):
    """A person who may read and write in a conversation, and how far they have read."""

    # Found by the constraint's index, which begins with it; another one of its own would be chosen in its place, and
    # a group of thousands read from end to end for each reader.
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="participants", db_index=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="participations")
    part = models.CharField(max_length=8, choices=Part.choices)
    joined_at = models.DateTimeField(default=now)
    left_at = models.DateTimeField(null=True, blank=True)
    delivered_seq = models.BigIntegerField(default=0)
    read_seq = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    unread = models.PositiveIntegerField(default=0)
    # Of groups: how many posts they have read, and whether they want to hear of others.
    read_posts = models.PositiveIntegerField(default=0)
    muted = models.BooleanField(default=False)
    # The oldest unread message's time, and how far an email has told of unread ones: told once, never twice.
    unread_since = models.DateTimeField(null=True, blank=True)
    mailed_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="one_participant_per_person")]
        indexes = [
            models.Index(fields=["person"], condition=models.Q(left_at=None), name="participations_open"),
            models.Index(fields=["person"], condition=models.Q(unread__gt=0), name="participations_unread"),
            models.Index(fields=["unread_since"], condition=models.Q(unread__gt=0), name="participations_to_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.conversation_id}"

    @property
    def news(self) -> int:
        """How many messages wait to be read."""
        if self.conversation.kind == Kind.GROUP:
            return max(0, self.conversation.posts - self.read_posts)
        return self.unread


class Removal(models.TextChoices):
    """Why a message is not shown. Its words stay, for the trail."""

    HIDDEN = "hidden", _("Masqué, en attente d’une décision")
    MODERATION = "moderation", _("Retiré par la modération")
    AUTHOR = "author", _("Retiré par son auteur")


class Message(models.Model):
    """Words of one person (or, with no author, of the hub: `system` says what happened).

    `key` is chosen by the sender's device: sent again, it is the same message. `seq` is its number in the
    conversation's stream.
    """

    # The constraints' indexes begin with it.
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False)
    seq = models.BigIntegerField(null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="messages"
    )
    key = models.CharField(max_length=64)
    body = models.TextField(blank=True)
    via = models.CharField(max_length=6, choices=Via.choices, default=Via.WEB)
    system = models.JSONField(null=True, blank=True)
    visibility = models.CharField(
        max_length=8, choices=Visibility.choices, default=Visibility.EXTERNAL, db_default=Visibility.EXTERNAL
    )
    side = models.CharField(max_length=9, choices=Side.choices, blank=True, default=Side.NONE, db_default=Side.NONE)
    at = models.DateTimeField(default=now)
    reply_to = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    mentions = models.JSONField(null=True, blank=True)  # the numbers of the people named
    automatic = models.BooleanField(default=False, db_default=False)  # said for the author, while away
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    removal = models.CharField(max_length=10, choices=Removal.choices, blank=True, db_default="")
    removal_reason = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "author", "key"], name="one_message_per_key"),
            models.UniqueConstraint(fields=["conversation", "seq"], name="one_message_per_number"),
        ]
        indexes = [
            # Few of many: moderators' pages count and list them without reading a town's every word.
            models.Index(
                fields=["conversation"],
                condition=models.Q(removal__in=["hidden", "moderation"]),
                name="messages_moderated",
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Version(models.Model):
    """The words of a message before one of its changes."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="versions")
    body = models.TextField(blank=True)
    replaced_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.message_id} until {self.replaced_at}"


class Reaction(models.Model):
    """One person's sign on one message (`rules.REACTIONS`)."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reactions", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sign = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "sign", "person"], name="one_reaction_per_sign")]

    def __str__(self) -> str:
        return f"{self.sign} of {self.person_id}"


class Attachment(models.Model):
    """A file that came with a message; whoever may read the message may read it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="attachment")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.file_id} of {self.message_id}"


class Answer(models.Model):
    """How long one citizen waited for one answer: from these the town's habit is told, never from a promise."""

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["town", "-answered_at"], name="answers_by_town")]

    def __str__(self) -> str:
        return f"{self.answered_at - self.asked_at}"

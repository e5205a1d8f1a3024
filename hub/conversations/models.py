"""The one store of words between people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.files.models import StoredFile
from hub.towns.models import Town


class Kind(models.TextChoices):
    """What sort of conversation it is."""

    PRIVATE = "private", _("Conversation privée")


class Via(models.TextChoices):
    """By which way words came in."""

    WEB = "web", _("Site")
    API = "api", _("Programme")
    EMAIL = "email", _("Courriel")


class Conversation(models.Model):
    """People who write to each other; its topic is `conversation.ID`.

    A private one is between one citizen and their town's mayor (S39), who may invite agents. There is one per
    citizen and town: writing again continues it (S40).
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
    subject = models.CharField(_("sujet"), max_length=160, blank=True)
    # Denormalised for lists: the last visible message, and since when the citizen waits for an answer.
    last_seq = models.BigIntegerField(default=0)
    last_author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    last_excerpt = models.CharField(max_length=120, blank=True)
    last_at = models.DateTimeField(auto_now_add=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["town", "citizen"],
                condition=models.Q(kind="private"),
                name="one_private_conversation_per_citizen",
            )
        ]
        indexes = [models.Index(fields=["town", "-last_at"], name="conversation_by_recency")]

    def __str__(self) -> str:
        return f"conversation {self.pk}"

    @property
    def topic(self) -> str:
        return f"conversation.{self.pk}"


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
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)
    delivered_seq = models.BigIntegerField(default=0)
    read_seq = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    unread = models.PositiveIntegerField(default=0)
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
    at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "author", "key"], name="one_message_per_key"),
            models.UniqueConstraint(fields=["conversation", "seq"], name="one_message_per_number"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


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

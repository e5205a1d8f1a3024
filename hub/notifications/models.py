"""What people are told of, and what they want to be told of."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.towns.models import Town


class Kind(models.TextChoices):
    """A sort of news, by which people say what they want (S30). `MODERATION` and `TICKETS` are told to whom they
    concern, always."""

    NEW_PUBLICATION = "new_publication", _("Nouvelle publication")
    NEW_ALERT = "new_alert", _("Nouvelle alerte")
    NEW_POLL = "new_poll", _("Nouveau sondage")
    NEW_GROUP = "new_group", _("Nouveau groupe")
    GROUP_MESSAGES = "group_messages", _("Messages des groupes")
    COMMENTS = "comments", _("Commentaires sur les publications")
    PRIVATE_MESSAGES = "private_messages", _("Messages privés")
    MODERATION = "moderation", _("Modération")
    TICKETS = "tickets", _("Demandes")


class Broadcast(models.Model):
    """What is told to everybody who follows a town. Stored with its cause; a worker writes the people's rows.

    Pages that are open learn of it at once, by the town's topic. `reached`: who has this id, or a lower one, has
    their row, or did not want it.
    """

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    code = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    what = models.JSONField(default=dict)
    path = models.CharField(max_length=300)
    at = models.DateTimeField()
    reached = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["town"], condition=models.Q(done_at=None), name="broadcasts_to_write"),
        ]

    def __str__(self) -> str:
        return f"broadcast {self.pk} {self.code}"


class Notification(models.Model):
    """One thing that one person is told on the site: who did what, when, and where to see it.

    `code` names the sentence and `what` holds its fields (`hub.notifications.words`). What comes about the same
    `subject` while this is unread renews the row, and adds to `count`.
    """

    # No constraints of the database behind these keys: rows are made from people's own rows, by the thousand, and each
    # constraint would lock the row it points to, and write that down. Django's own deletion looks after them.
    # The person is found by the other indexes, which begin with it.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notifications",
        db_index=False,
        db_constraint=False,
    )
    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    code = models.CharField(max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    what = models.JSONField(default=dict)
    path = models.CharField(max_length=300)
    subject = models.CharField(max_length=99, blank=True)
    count = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    broadcast = models.ForeignKey(
        Broadcast,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    # Deleted while its broadcast was still being written: kept for a night, or it would be written again.
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "subject"],
                condition=models.Q(read_at=None) & ~models.Q(subject=""),
                name="one_unread_per_subject",
            ),
            models.UniqueConstraint(
                fields=["person", "broadcast"],
                condition=models.Q(broadcast__isnull=False),
                name="one_row_per_broadcast",
            ),
        ]
        indexes = [
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="notifications_unread"),
            models.Index(fields=["person", "-at", "-id"], name="notifications_by_age"),
            models.Index(
                fields=["broadcast"],
                condition=models.Q(broadcast__isnull=False),
                name="notifications_of_broadcast",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} to {self.person_id}"


class Preference(models.Model):
    """Whether one person wants one kind of news, on the site, by mail, on their devices. No row: the kind's default."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_preferences", db_index=False
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    site = models.BooleanField()
    email = models.BooleanField()
    push = models.BooleanField(null=True, blank=True)  # None: nothing was said about devices yet

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="one_preference_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class Rhythm(models.Model):
    """How often one person gets mails of news. No row: each at once.

    `next_at`: when what was gathered leaves. It stays when they go back to « at once »: what waits is told first.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notification_rhythm"
    )
    daily = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="digests_due"),
        ]

    def __str__(self) -> str:
        return f"rhythm of {self.person_id}"


class Gathered(models.Model):
    """One thing that waits for one person's mail of the day. Fields as of `Notification`."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    code = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    what = models.JSONField(default=dict)
    path = models.CharField(max_length=300)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.code} for {self.person_id}'s mail of the day"

"""A ticket: what was asked of the town, who answers for it, how far it is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hub.conversations.models import Conversation, Message
from hub.core.clock import now
from hub.files.models import StoredFile
from hub.people.models import Language
from hub.streams import topics
from hub.tickets.models.taxonomy import Category
from hub.towns.models import Service, Town


class TicketKind(models.TextChoices):
    """What sort of demand it is (S72)."""

    REQUEST = "request", _("Requête")
    COMPLAINT = "complaint", _("Plainte")
    PERMIT = "permit", _("Permis")


class Status(models.TextChoices):
    """How far it is (S105). `NOT_TRANSFERRED`: with the call centre still (S126)."""

    NOT_TRANSFERRED = "not_transferred", _("Non transférée")
    TRANSFERRED = "transferred", _("Transférée")
    IN_PROGRESS = "in_progress", _("En traitement")
    CLOSED_DONE = "closed_done", _("Fermée – Traitée")
    CLOSED_REFUSED = "closed_refused", _("Fermée – Refusée")


OPEN = (Status.TRANSFERRED, Status.IN_PROGRESS)
CLOSED = (Status.CLOSED_DONE, Status.CLOSED_REFUSED)


class Priority(models.IntegerChoices):
    """How much haste (S108). In the API by name: urgent, very_important, important, minor."""

    MINOR = 1, _("Mineur")
    IMPORTANT = 2, _("Important")
    VERY_IMPORTANT = 3, _("Très important")
    URGENT = 4, _("Urgent")


class Source(models.TextChoices):
    """By which way it came (S77)."""

    WEB = "web", _("Site")
    API = "api", _("Programme")
    PHONE = "phone", _("Téléphone")
    COUNTER = "counter", _("Guichet")
    LETTER = "letter", _("Lettre")
    EMAIL = "email", _("Courriel")
    SMS = "sms", _("SMS")
    INTERNAL = "internal", _("Interne")


class Ticket(models.Model):
    """One demand, under a number of its own (S94), kept for life (S98).

    Its follow-ups and the requester's answers are the messages of its conversation. `requester` is always there: who
    has no account is a person without an address of theirs, known by this ticket alone; what they gave to be reached
    by stands here (S96), and is empty when it is anonymous (S99).
    """

    number = models.CharField(max_length=16, unique=True)
    # With the number it opens the tracking page to who has no account (S133). Stands in the receipt.
    secret = models.CharField(max_length=16)
    town = models.ForeignKey(Town, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    conversation = models.OneToOneField(Conversation, on_delete=models.PROTECT, related_name="ticket")
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tickets")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    key = models.CharField(max_length=64)
    kind = models.CharField(_("sorte"), max_length=10, choices=TicketKind.choices, default=TicketKind.REQUEST)
    source = models.CharField(_("source"), max_length=8, choices=Source.choices, default=Source.WEB)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="tickets")
    service = models.ForeignKey(Service, on_delete=models.SET_NULL, null=True, blank=True, related_name="tickets")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="assigned_tickets"
    )
    status = models.CharField(_("état"), max_length=15, choices=Status.choices, default=Status.TRANSFERRED)
    priority = models.PositiveSmallIntegerField(_("priorité"), choices=Priority.choices, default=Priority.IMPORTANT)
    title = models.CharField(_("titre"), max_length=120)
    description = models.TextField(_("description"))
    answers = models.JSONField(default=list, blank=True)  # [{"question": id, "text": "…", "answer": "…"}, …]
    # The place (S81): WGS 84 degrees.
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    # The requester's details (S96).
    first_name = models.CharField(_("prénom"), max_length=80, blank=True)
    last_name = models.CharField(_("nom"), max_length=80, blank=True)
    email = models.EmailField(_("courriel"), max_length=254, blank=True)
    phone = models.CharField(_("téléphone"), max_length=16, blank=True)
    phone2 = models.CharField(_("autre téléphone"), max_length=16, blank=True)
    language = models.CharField(_("langue"), max_length=2, choices=Language.choices, default=Language.FRENCH)
    wants_follow_ups = models.BooleanField(_("veut recevoir les suivis"), default=False)
    public = models.BooleanField(_("publique"), default=False)
    anonymous = models.BooleanField(_("anonyme"), default=False)
    internal = models.BooleanField(_("interne"), default=False)
    due_on = models.DateField(_("échéance"), null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)  # the due date that the service was reminded of
    refusal_reason = models.CharField(max_length=2000, blank=True)
    # One incident, many neighbours: what is answered on the parent is answered on each of these.
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="grouped")
    merged = models.BooleanField(default=False)  # a duplicate of its parent: nothing more happens here
    task_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks")
    split_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts")
    # The private conversation with the mayor that it was made of.
    talk = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="tickets_made"
    )
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    transferred_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # « C'est réglé ? »
    settled = models.BooleanField(null=True, blank=True)
    settled_comment = models.CharField(max_length=1000, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    # Denormalised for lists. `words`: folded, what the board searches (`rules.search_words`).
    words = models.TextField(blank=True)
    requester_photos = models.PositiveSmallIntegerField(default=0)
    town_files = models.PositiveSmallIntegerField(default=0)
    external_count = models.PositiveIntegerField(default=0)
    internal_count = models.PositiveIntegerField(default=0)
    follower_count = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True, blank=True)  # the requester's last words, until the town reacts
    first_answer_at = models.DateTimeField(null=True, blank=True)  # the town's first words to the requester

    class Meta:
        verbose_name = _("requête")
        constraints = [
            models.UniqueConstraint(fields=["town", "key"], name="one_ticket_per_key"),
        ]
        indexes = [
            models.Index(
                fields=["town", "-created_at"],
                condition=models.Q(status__in=["transferred", "in_progress"]),
                name="tickets_open",
            ),
            models.Index(fields=["town", "-created_at"], name="tickets_by_age"),
            models.Index(
                fields=["town", "due_on"],
                condition=models.Q(status__in=["transferred", "in_progress"]),
                name="tickets_due",
            ),
            models.Index(
                fields=["town", "category", "-created_at"], condition=models.Q(public=True), name="tickets_public"
            ),
            # Figures of a year read nothing but this one.
            models.Index(
                fields=["town", "closed_at"],
                condition=models.Q(status__in=["closed_done", "closed_refused"]),
                include=[
                    "service", "category", "source", "created_at", "due_on", "first_answer_at", "internal",
                    "anonymous", "merged",
                ],
                name="tickets_by_closing",
            ),
            models.Index(
                fields=["town", "settled_at"],
                condition=models.Q(settled_at__isnull=False),
                name="tickets_settled",
            ),
            # The board's lists, each order by itself; what it filters by stands in the index of its usual one.
            models.Index(
                fields=["town", "created_at", "id"],
                condition=models.Q(status="not_transferred"),
                name="tickets_held",
            ),
            models.Index(
                fields=["town", "created_at", "id"],
                condition=models.Q(status__in=["closed_done", "closed_refused"]),
                include=[
                    "service", "category", "assignee", "created_by", "public", "internal", "priority", "source", "kind",
                ],
                name="tickets_closed",
            ),
            models.Index(
                fields=["town", "due_on", "id"],
                condition=models.Q(status__in=["closed_done", "closed_refused"]),
                name="tickets_closed_due",
            ),
            models.Index(
                fields=["town", "priority", "created_at", "id"],
                condition=models.Q(status__in=["closed_done", "closed_refused"]),
                name="tickets_closed_priority",
            ),
            models.Index(
                fields=["town", "service", "created_at", "id"],
                condition=models.Q(status__in=["closed_done", "closed_refused"]),
                name="tickets_closed_service",
            ),
            models.Index(fields=["town"], condition=models.Q(answered_at__isnull=False), name="tickets_answered"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def topic(self) -> str:
        return topics.ticket(self.number)

    @property
    def staff_topic(self) -> str:
        return topics.ticket_staff(self.number)

    @property
    def closed(self) -> bool:
        return self.status in CLOSED

    @property
    def requester_name(self) -> str:
        """As the desk shows it; empty when it is anonymous or nobody's."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def priority_name(self) -> str:
        """As the API says it."""
        return Priority(self.priority).name.lower()


class Counter(models.Model):
    """The last number given in a town and year."""

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "year"], name="one_counter_per_year")]

    def __str__(self) -> str:
        return f"{self.town_id}/{self.year}: {self.last}"


class TicketFile(models.Model):
    """A file of a ticket: of its description (`message` None), or of a follow-up or an answer.

    `by_town`: the town hall's, else the requester's. `sent`: the requester was given it (S123); what they gave
    themselves they see as well.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="ticket_file")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, blank=True, related_name="ticket_files")
    by_town = models.BooleanField(default=False)
    sent = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.file_id} of {self.ticket_id}"


class Change(models.Model):
    """What was changed, by whom and when (S95, S108, S110).

    `before`, `after`: a code (of status, priority; "yes" or "no" of public), an ISO date of due_on, else a name.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    # created, status, priority, service, assignee, due_on, category, public, place, contact, title, group, settled …
    field = models.CharField(max_length=20)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.field} of {self.ticket_id}"


class Follower(models.Model):
    """A citizen who follows a public ticket (S75): with an account, or by an address they have confirmed."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="followers", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="followed_tickets"
    )
    email = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.FRENCH)
    secret = models.CharField(max_length=43, unique=True)  # in the links of confirmation and of leaving
    created_at = models.DateTimeField(default=now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "person"], condition=models.Q(person__isnull=False), name="one_follower_per_person"
            ),
            models.UniqueConstraint(
                fields=["ticket", "email"], condition=~models.Q(email=""), name="one_follower_per_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id or self.email} follows {self.ticket_id}"

"""People, how to reach them, and what they may do in which town."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hub.core.folding import FoldedField
from hub.towns.models import Service, Town


class PersonManager(BaseUserManager["Person"]):
    """Finds and makes people by email address."""

    def get_by_natural_key(self, email: str | None) -> "Person":
        """The person who signs in with this address, whatever its letter case."""
        return self.get(email__iexact=email)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """A person with an account. Without a password they sign in by a code sent to them.

        `email` may be empty: staff register people who have none, and who then can't sign in (S8).
        """
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        if password is None:
            person.set_unusable_password()
        else:
            person.set_password(password)
        person.save(using=self._db)
        return person


class Language(models.TextChoices):
    """The languages that people are written to in (S10)."""

    FRENCH = "fr", "Français"
    ENGLISH = "en", "English"


class Person(AbstractBaseUser):
    """A citizen, an elected person or a member of staff: one account for all towns (S18, S21)."""

    # Empty for who has none: they were registered at the desk, and are reached by phone or letter.
    email = models.EmailField(_("courriel"), max_length=254, blank=True)
    title = models.CharField(
        _("civilité"), max_length=4, blank=True, choices=[("mme", _("Madame")), ("m", _("Monsieur"))]
    )
    first_name = models.CharField(_("prénom"), max_length=80, blank=True)
    last_name = models.CharField(_("nom"), max_length=80, blank=True)
    birth_date = models.DateField(_("date de naissance"), null=True, blank=True)
    photo = models.FileField(_("photo"), upload_to="photos", max_length=60, blank=True)
    # The name of one of the design system's drawn portraits, for who gives no photo.
    drawing = models.CharField(max_length=20, blank=True)
    language = models.CharField(_("langue"), max_length=2, choices=Language.choices, default=Language.FRENCH)
    is_active = models.BooleanField(_("compte ouvert"), default=True)
    self_registered = models.BooleanField(_("inscription en ligne"), default=False)
    # When they agreed to what their details are used for, on the sign-up page.
    consented_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # What people are found by, and put in order by.
    words = FoldedField("last_name", "first_name", "email")

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("personne")
        ordering = ["last_name", "first_name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="one_person_per_email")
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """What is saved is found by its new words."""
        super().save(*args, update_fields=FoldedField.with_words(self, update_fields), **options)

    @property
    def name(self) -> str:
        """First and last name; before they gave one, the address's local part."""
        return f"{self.first_name} {self.last_name}".strip() or self.email.split("@")[0] or "—"

    @property
    def initials(self) -> str:
        """One or two letters, for the round portrait."""
        parts = [part[0] for part in (self.first_name, self.last_name) if part]
        return ("".join(parts) or self.email[:1] or "—").upper()

    @property
    def photo_url(self) -> str:
        """Where their photo is served to those who may see it; it changes with the photo. Empty without one."""
        if not self.photo:
            return ""
        version = str(self.photo.name).rpartition("/")[2][:8]
        return f"{reverse('person_photo', args=[self.pk])}?v={version}"

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.first_name or self.name


class Role(models.TextChoices):
    """What a person is in a town. One person may hold several."""

    CITIZEN = "citizen", _("Habitant")
    AGENT = "agent", _("Agent")
    MAYOR = "mayor", _("Maire")
    MODERATOR = "moderator", _("Modération")
    MANAGER = "manager", _("Gestion")
    OPERATOR = "operator", _("Centre d’appels")


STAFF_ROLES = frozenset({Role.AGENT, Role.MAYOR, Role.MODERATOR, Role.MANAGER, Role.OPERATOR})


class Membership(models.Model):
    """One role of one person in one town. An operator has one in each town served."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("rôle"), max_length=12, choices=Role.choices)
    services = models.ManyToManyField(Service, blank=True, related_name="members", verbose_name=_("services"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "town", "role"], name="one_membership_per_role"),
            models.UniqueConstraint(fields=["town"], condition=models.Q(role="mayor"), name="one_mayor_per_town"),
        ]
        indexes = [
            models.Index(fields=["town", "role"], name="membership_by_role"),
            # A town's people in order, some at a time: what is told to all of them is written so.
            models.Index(fields=["town", "person"], name="membership_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.town_id}"


class Phone(models.Model):
    """A phone number in E.164. Only the first one is linked to alerts (S9).

    Alerts reach it once the person has shown that it is theirs (`verified_at`), or when staff have entered it
    (`by_staff`): anyone can type anyone's number.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="phones")
    number = models.CharField(_("numéro"), max_length=16)
    position = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True, blank=True)
    by_staff = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "number"], name="one_phone_per_number")]

    def __str__(self) -> str:
        return self.number

    @property
    def trusted(self) -> bool:
        """Whether alerts may go there."""
        return self.verified_at is not None or self.by_staff


class Address(models.Model):
    """Where a person lives (S8, S14)."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="address")
    number = models.CharField(_("numéro"), max_length=12, blank=True)
    street = models.CharField(_("rue"), max_length=160, blank=True)
    postal_code = models.CharField(_("code postal"), max_length=12, blank=True)
    city = models.CharField(_("ville"), max_length=120, blank=True)
    # WGS 84, where it is known: whom an alert for a part of the town concerns.
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    words = FoldedField("city", "street", "number", "postal_code")

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """What is saved is found by its new words."""
        super().save(*args, update_fields=FoldedField.with_words(self, update_fields), **options)

    def __str__(self) -> str:
        return f"{self.number} {self.street}, {self.postal_code} {self.city}"


class ListChoice(models.Model):
    """How a person wants a list of the desk shown: there again at their next sign-in, on any device (S4)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="list_choices", db_index=False)
    name = models.CharField(max_length=20)  # of the list: "citizens"
    columns = models.JSONField(default=list)
    order = models.CharField(max_length=20, blank=True)  # a column's key; with « - » in front from the end

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="one_choice_per_list")]

    def __str__(self) -> str:
        return f"{self.name} of {self.person_id}"


class CitizenImport(models.Model):
    """A file of citizens (S7), between its verification and what follows; for who sent it, and not for long.

    `report`: what the verification said of each row, as `hub.people.exchange.report` writes it; `plan`: its digest,
    to which what is done in the end must be equal. Once done, file and report are gone but for refused rows.
    """

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("nom du fichier"), max_length=120)
    kind = models.CharField(max_length=4)  # csv, xlsx
    data = models.BinaryField()
    headers = models.JSONField(default=list)  # as they stand in the file
    ignored = models.JSONField(default=list)  # those of them that are none of ours
    report = models.JSONField(default=list)
    counts = models.JSONField(default=dict)  # {new, update, skip, refused}
    plan = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="imports_by_age")]

    def __str__(self) -> str:
        return self.name


class DeviceKind(models.TextChoices):
    """By which way a device is reached."""

    WEB = "web", _("Navigateur")
    FCM = "fcm", _("Application")


class Device(models.Model):
    """A browser or a telephone that shows a person their news.

    `target`: what it gave to be reached (a browser's subscription as JSON, a telephone's token), forgotten once it is
    retired: by them, or because nobody is there any more. `digest`: the same device given again is the same row.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="devices")
    kind = models.CharField(max_length=3, choices=DeviceKind.choices)
    target = models.CharField(max_length=2_000, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("nom"), max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)  # to the day
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name


class CitizenFile(models.Model):
    """The list of citizens as a workbook, which takes long: made by a worker, for who asked alone, and kept for a day.

    Neither `ready_at` nor `failed_at`: it is still to be made, or under way until `lease_until`.
    """

    town = models.ForeignKey(Town, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    search = models.CharField(max_length=80, blank=True)
    columns = models.JSONField(default=list)  # of the list, as the person saw it when they asked
    order = models.CharField(max_length=20)
    language = models.CharField(max_length=2, choices=Language.choices)
    asked_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    data = models.BinaryField(default=b"")
    count = models.PositiveIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="citizen_files_by_age")]

    def __str__(self) -> str:
        return f"citizens of {self.town_id} for {self.person_id}"


class ApiToken(models.Model):
    """A key by which a program acts as a person. Only its SHA-256 is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("usage"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

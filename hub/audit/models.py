"""The trail of who did what to whom in a town: only ever added to."""

from django.db import models

from hub.towns.models import Town


class Trail(models.Model):
    """One per town: where its trail ends. Its row is held while an entry is added, so that each follows one other."""

    town = models.OneToOneField(Town, on_delete=models.PROTECT, primary_key=True, related_name="+")
    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.town_id}#{self.number}"


class Entry(models.Model):
    """One act. `digest` is the SHA-256 of the former entry's digest and of this entry: what is changed later shows.

    The database itself refuses to change or delete one. People are named by number and by the name they had: an
    erased account leaves its acts, and no key that would have to change.
    """

    town = models.ForeignKey(Town, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.BigIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=170, blank=True)
    act = models.CharField(max_length=40)
    subject = models.CharField(max_length=60)
    what = models.JSONField(default=dict)
    former = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "number"], name="one_entry_per_number")]
        indexes = [models.Index(fields=["subject"], name="entries_by_subject")]

    def __str__(self) -> str:
        return f"{self.act} {self.subject}"

"""What happened, in order: one stream per topic, one event per number."""

from django.db import models


class Stream(models.Model):
    """The life of one topic. `seq` is the number of its last event; numbers have no gap.

    `epoch` names this life: it is renewed after a restore, when numbers given out may be given again.
    `kept_from` is the first number that can still be replayed.
    """

    topic = models.CharField(max_length=99, primary_key=True)
    seq = models.BigIntegerField(default=0)
    epoch = models.CharField(max_length=8)
    kept_from = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.topic}@{self.seq}"


class Event(models.Model):
    """One thing that happened. `payload` is its JSON, encoded once."""

    topic = models.CharField(max_length=99)
    seq = models.BigIntegerField()
    name = models.CharField(max_length=40)
    payload = models.TextField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "seq"], name="one_event_per_number")]

    def __str__(self) -> str:
        return f"{self.topic}#{self.seq} {self.name}"

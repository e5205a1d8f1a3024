"""Where answers by mail arrive: an address for one person in one conversation."""

from datetime import timedelta

from django.conf import settings
from django.db import models

from hub.conversations.models.talk import Conversation
from hub.core.clock import now

LIVES = timedelta(days=365)


class ReplyAddress(models.Model):
    """`reply+TOKEN@…`: what is sent there is for this conversation, and was written on a mail to this address.

    The token proves that somebody has that mail, no more: whether the words are the person's own is asked of the mail
    that brings them. `person`: whose address it is; None: a service's, or somebody's who has no record. Each mail
    makes it live a year longer.
    """

    token = models.CharField(max_length=26, unique=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="reply_addresses")
    address = models.EmailField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "address"],
                condition=models.Q(revoked_at=None),
                name="one_reply_address_per_reader",
            )
        ]

    def __str__(self) -> str:
        return f"reply address {self.pk}"

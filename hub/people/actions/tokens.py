"""API tokens in use."""

from datetime import timedelta

from django.db.models import Q

from hub.core.clock import now
from hub.people.models import ApiToken, Person
from hub.people.queries import person_of_token, token_digest

_NOTED_EVERY = timedelta(minutes=1)


def use_token(*, token: str) -> Person | None:
    """Whom this token stands for, None when nobody; when it was last used is noted, once a minute at most."""
    person = person_of_token(token)
    if person is not None:
        at = now()
        long_ago = Q(last_used_at=None) | Q(last_used_at__lt=at - _NOTED_EVERY)
        ApiToken.objects.filter(long_ago, digest=token_digest(token)).update(last_used_at=at)
    return person

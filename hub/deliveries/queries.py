"""What can be asked of the ways out."""

from django.conf import settings


def channel_is_open(channel: str) -> bool:
    """Whether this hub has a way out by that means of contact: an adapter is set for it."""
    return bool(settings.ADAPTERS.get(channel))

"""How much one person may do in a while: shared through Redis when there is one, else per process."""

import time
from dataclasses import dataclass
from functools import cache

import structlog
from django.conf import settings
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from hub.core.errors import RateLimited

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limit:
    """`amount` acts in `window_s` seconds, counted apart under `name`."""

    name: str
    amount: int
    window_s: int

    @property
    def item(self) -> RateLimitItemPerSecond:
        return RateLimitItemPerSecond(self.amount, self.window_s, namespace=self.name)


MESSAGES = Limit("messages", 60, 10)
NEWCOMER_MESSAGES = Limit("newcomer_messages", 5, 600)
REPORTS = Limit("reports", 20, 3600)
REACTIONS = Limit("reactions", 60, 60)
NEW_CONVERSATIONS = Limit("conversations", 10, 3600)
UPLOADS = Limit("uploads", 40, 600)
CITIZEN_IMPORTS = Limit("citizen_imports", 30, 3600)
CITIZEN_FILES = Limit("citizen_files", 20, 3600)
EXPORTS = Limit("exports", 10, 3600)
TICKETS = Limit("tickets", 20, 3600)
STAFF_TICKETS = Limit("staff_tickets", 300, 3600)
STRANGERS_TICKETS = Limit("strangers_tickets", 10, 3600)  # of one address of the net
SECRETS = Limit("secrets", 20, 600)
TICKET_ACTS = Limit("ticket_acts", 40, 3600)  # of a requester: each is told to the service, and kept for ever
FOLLOWS = Limit("follows", 10, 3600)
RECEIPTS = Limit("receipts", 10, 3600)  # to one address or phone that somebody has typed
PUBLIC_LISTS = Limit("public_lists", 600, 600)  # of one address of the net: lists, maps, what is close by
PUBLIC_SEARCHES = Limit("public_searches", 60, 600)  # with words: each looks at many tickets again
OPEN311_KEY = Limit("open311_key", 300, 3600)
OPEN311_ADDRESS = Limit("open311_address", 60, 3600)  # a civic app's own server may speak for all who use it
OPEN311_READS = Limit("open311_reads", 600, 600)
CODES_TO_NUMBER = Limit("codes_to_number", 4, 86_400)  # whoever asks: each costs the hub money
CODES_OF_PERSON = Limit("codes_of_person", 6, 86_400)
CODES_FROM_ADDRESS = Limit("codes_from_address", 10, 3600)
CODES_OF_HUB = Limit("codes_of_hub", 300, 3600)
CAP_HOOK = Limit("cap_hook", 120, 600)  # of one address of the net
WEBHOOK_TRIES = Limit("webhook_tries", 20, 600)
DEVICES = Limit("devices", 60, 3600)
DEVICE_TRIES = Limit("device_tries", 10, 600)


@cache
def _limiter(shared: bool) -> MovingWindowRateLimiter:
    storage: Storage = (
        RedisStorage(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) if shared else MemoryStorage()
    )
    return MovingWindowRateLimiter(storage)


_redis_away_until = 0.0


def hit(limit: Limit, *who: object) -> None:
    """Count one act of `who`.

    Raises `RateLimited` when it is one too many. While Redis is away each process counts alone.
    """
    global _redis_away_until
    if not settings.RATE_LIMITS:
        return
    identifiers = [str(part) for part in who]
    if settings.REDIS_URL and time.monotonic() >= _redis_away_until:
        try:
            _hit(_limiter(shared=True), limit, identifiers)
            return
        except RedisError:
            _redis_away_until = time.monotonic() + 5
            log.warning("limits.redis_away")
    _hit(_limiter(shared=False), limit, identifiers)


def _hit(limiter: MovingWindowRateLimiter, limit: Limit, identifiers: list[str]) -> None:
    item = limit.item
    if not limiter.hit(item, *identifiers):
        stats = limiter.get_window_stats(item, *identifiers)
        raise RateLimited(retry_after_s=round(max(0.1, stats.reset_time - time.time()), 1))

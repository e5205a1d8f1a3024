"""Words that people send to the town's numbers."""

import structlog

from channels_adapters.base import Incoming

log = structlog.get_logger(__name__)


def take(provider: str, words: Incoming) -> None:
    """Do what they ask: STOP, START, HELP. Calling it again with the same changes nothing."""
    log.info("deliveries.incoming", provider=provider)

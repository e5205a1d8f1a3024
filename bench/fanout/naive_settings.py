"""Settings of the naive app: the same database, sessions and people as the hub's, the tutorial's channel layer."""

from hub.settings import *  # noqa: F403
from hub.settings import REDIS_URL

# Without a timeout of its own redis-py gives up after as long as the layer waits for a message, and sockets end.
_HOST = {"address": REDIS_URL, "socket_timeout": None}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [_HOST]}}}

"""Channel layer, cache and Celery: in process, or over Redis by `REDIS_URL`."""

from typing import Any

from .home import env

REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL or "memory://localhost/")

CHANNEL_LAYERS: dict[str, dict[str, Any]]
CACHES: dict[str, dict[str, Any]]
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {
                "hosts": [{"address": REDIS_URL, "socket_connect_timeout": 2, "socket_timeout": 5}],
                "prefix": "parvis",
            },
        }
    }
    CACHES = {
        "default": {
            "BACKEND": "hub.core.cache.LenientRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "parvis",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Below: what the live core keeps, checks and allows.
RATE_LIMITS = env.bool("PARVIS_RATE_LIMITS", default=True)
STREAM_KEEP_EVENTS = 1_000  # replayed at most; a client further behind reloads its snapshot
STREAM_KEEP_DAYS = 7
RELAY_CHECK_S = 4.0  # how often a process compares its positions with the database
RELAY_CHECK_WITHOUT_REDIS_S = 1.0
SOCKET_RECHECK_S = 3.0  # how often an open socket's identity and permissions are read again

CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    # Kombu's in-memory transport sleeps between polls: 1,000 tasks in 0.5 s with this, 20 s with the default.
    {"polling_interval": 0.01}
    if CELERY_BROKER_URL.startswith("memory")
    else {"socket_connect_timeout": 2, "socket_timeout": 10, "visibility_timeout": 600}
)

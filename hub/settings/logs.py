"""Logs: one JSON object a line by structlog, or readable lines in a terminal; and who may read the figures."""

import logging
import sys

import structlog

from .home import env

# Who may read /metrics from another machine: the bearer of this token. Empty: nobody.
METRICS_TOKEN = env.str("PARVIS_METRICS_TOKEN", default="")

_json = env.str("PARVIS_LOG_FORMAT", default="text" if sys.stderr.isatty() else "json") == "json"
_shared: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
structlog.configure(
    processors=[*_shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    cache_logger_on_first_use=True,
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _shared,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info if _json else structlog.processors.CallsiteParameterAdder([]),
                structlog.processors.JSONRenderer(ensure_ascii=False)
                if _json
                else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["stderr"], "level": env.str("PARVIS_LOG_LEVEL", default="WARNING")},
    "loggers": {
        "hub": {"level": "INFO"},
        "consumers": {"level": "INFO"},
        "inbound_email": {"level": "INFO"},
        "mail.log": {"level": "ERROR"},  # aiosmtpd tells of each client that errs; the door does, once
        "channels_redis": {"level": "CRITICAL"},  # it repeats a lost Redis each second; `relay` says it once
        "django.security.DisallowedHost": {"level": "ERROR"},
    },
}

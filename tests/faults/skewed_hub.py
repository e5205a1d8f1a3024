"""A process on a machine whose clock is `SKEW_S` seconds ahead."""

import os
import time
from datetime import datetime, timedelta, tzinfo

SKEW_S = float(os.environ["SKEW_S"])
_right = time.time
time.time = lambda: _right() + SKEW_S  # before anybody takes it by name

from celery.worker import request  # noqa: E402
from django.utils import timezone  # noqa: E402

from hub.__main__ import main  # noqa: E402


class _Wrong(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + timedelta(seconds=SKEW_S)


def _now() -> datetime:
    return _right_now() + timedelta(seconds=SKEW_S)


if __name__ == "__main__":
    _right_now, timezone.now = timezone.now, _now
    request.datetime = _Wrong  # by which Celery throws away what it takes for too old
    main()

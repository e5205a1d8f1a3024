"""`hub web` without garbage collection; SIGUSR1 makes it say how many sockets it still holds."""

import gc
import signal
from types import FrameType

from hub.__main__ import main


def count(signum: int, frame: FrameType | None) -> None:
    from daphne.http_protocol import WebRequest

    from consumers.direct_line import DirectLine, LineProtocol

    objects = gc.get_objects()
    held = [each for each in objects if issubclass(type(each), DirectLine | LineProtocol)]
    held += [each for each in objects if type(each) is WebRequest and each.uri == b"/ws/"]
    print("sockets held:", len(held), flush=True)


if __name__ == "__main__":
    gc.disable()
    signal.signal(signal.SIGUSR1, count)
    main()

"""The `hub` command whose bell loses three rings out of ten: `python -m tests.faults.lossy_hub web --port …`."""

import random

from hub.__main__ import main
from hub.streams.bell import bell

LOST = 0.3

if __name__ == "__main__":
    bell.lets_through = lambda ring: random.random() >= LOST
    main()

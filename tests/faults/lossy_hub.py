"""A web process whose bell loses three rings out of ten: `web …` is Daphne, `routing:application …` uvicorn."""

import random
import sys

import uvicorn

from hub.__main__ import main
from hub.streams.bell import bell

LOST = 0.3

if __name__ == "__main__":
    bell.lets_through = lambda ring: random.random() >= LOST
    if sys.argv[1] == "web":
        main()
    else:
        uvicorn.main()

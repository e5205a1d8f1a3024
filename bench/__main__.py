"""`make bench`: everything that is measured, one after the other. `python -m bench.NAME` measures one thing.

bench.fanout           what reaches open sockets, how soon, at which cost; beside other servers
bench.live             2,000 people in one live chat
bench.notifications    telling a whole town, and whether those who write to each other notice
bench.board            the desk's board at 100,000 tickets
bench.dispatch         writing to 100,000 people, beside other ways
bench.inbound          answers that come in by mail, until they are seen on the board
"""

import sys

from bench.board.__main__ import main as board
from bench.dispatch.__main__ import main as dispatch
from bench.fanout.__main__ import main as fanout
from bench.inbound.__main__ import main as inbound
from bench.live.__main__ import main as live
from bench.notifications.__main__ import main as notifications

if __name__ == "__main__":
    fanout()
    if "--growth" not in sys.argv:
        notifications()
        live()
        board()
        dispatch()
        inbound()

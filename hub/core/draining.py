"""Whether this process is on its way out: it is alive, and no longer ready."""

import threading

draining = threading.Event()

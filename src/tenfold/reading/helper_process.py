"""The process of a helper: it reads the pictures that arrive on stdin (see ``helpers``)."""

import contextlib
import os
import pickle
import signal
import sys

from tenfold.reading.pictures import read_or_error
from tenfold.threads import limit_threads

__all__ = ["serve"]


def serve() -> None:
    """Read pictures until stdin ends, and send what is read to stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process ends its helpers
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not disturb the answers
    with limit_threads(1), contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            path, options = pickle.load(sys.stdin.buffer)
            pickle.dump(read_or_error(path, **options), out)
            out.flush()

"""The process that trains: it receives commands through a pipe, and sends events."""

import os
import signal
import sys
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

from tenfold.errors import TenfoldError
from tenfold.recipes import Split
from tenfold.runs import Run, create_run, open_run
from tenfold.studio.jobs.race import Race
from tenfold.studio.jobs.racer import Racer
from tenfold.studio.jobs.runner import Runner

__all__ = ["prepare_process", "work"]

_NICE = 19  # the lowest priority on Linux and macOS
_BELOW_NORMAL = 0x4000  # priority class of Windows


def work(connection: Connection) -> None:
    """Carry out commands until the server ends.

    Commands are tuples: ``("train", [Racer, ...], paused)``, and while a training runs
    ``("pause",)``, ``("resume",)``, ``("step",)``, ``("epoch",)``, ``("set", index, settings)`` and
    ``("stop",)``. ``("end",)`` ends the process.
    """
    prepare_process()
    try:
        while True:
            command, *arguments = connection.recv()
            if command == "train":
                _train(connection, *arguments)
            elif command == "end":
                return
    except (EOFError, OSError):
        return  # the server has ended without sending ``end``


def prepare_process() -> None:
    """Prepare a process of a job: its priority is low, and Ctrl-C is for the server only."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server then ends this process
    if hasattr(os, "nice"):
        os.nice(_NICE)
    elif sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)


def _train(connection: Connection, racers: list[Racer], paused: bool) -> None:
    try:
        splits: dict[str, Split] = {}
        runners = []
        for index, racer in enumerate(racers):
            source = racer.recipe.source
            if repr(source) not in splits:
                splits[repr(source)] = source.load(None)
            run = open_run(racer.folder) if racer.resumes else _new_run(racer)
            runners.append(Runner(index, run, splits[repr(source)], connection))
        Race(connection, runners, paused).run()
    except TenfoldError as error:
        connection.send(("failed", str(error)))
    except MemoryError:
        connection.send(("failed", "the network does not fit into memory: choose a smaller one"))
    except (EOFError, OSError):
        raise  # the server has ended
    except Exception as error:
        traceback.print_exc()
        connection.send(("failed", f"an error of the studio itself: {error}"))


def _new_run(racer: Racer) -> Run:
    return create_run(Run(racer.recipe, racer.seed, Path(racer.folder)))

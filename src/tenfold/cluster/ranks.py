"""A command over several processes: rank 0 executes the command, the others train with rank 0.

If one rank raised an exception or exited, the other ranks would wait for it for ever, and keep
their cores busy. So after every failure, ``MpiTeam.abort`` ends all ranks.
"""

import signal
import socket
import sys
import traceback
from collections.abc import Callable

from tenfold.cluster.mpi_team import MpiTeam
from tenfold.errors import TenfoldError
from tenfold.training.team import SINGLE_PROCESS, Team

__all__ = ["this_team", "train_over_ranks"]

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # only rank 0 reacts to them, and stops the training
_PATIENCE = 2.0  # seconds; if another rank has not ended by then, all are ended by force
_team: Team = SINGLE_PROCESS


def this_team() -> Team:
    """Return the team of this process: its MPI job, or itself alone."""
    return _team


def train_over_ranks(main: Callable[[], None], ranks: int) -> None:
    """Call ``main`` on rank 0, and follow its trainings on the other ranks.

    Args:
        main: Executes the command ``train``; it may raise SystemExit.
        ranks: Number of processes that were started.

    Raises:
        TenfoldError: If there is no MPI.
    """
    global _team
    _team = team = MpiTeam(ranks)
    if team.rank == 0:
        _lead(team, main)
    else:
        _follow(team)


def _lead(team: MpiTeam, main: Callable[[], None]) -> None:
    """Execute the command on rank 0, then let the other ranks end."""
    code: object = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    except KeyboardInterrupt:
        print("tenfold: interrupted", file=sys.stderr)
        team.abort(130)
    except BaseException:
        traceback.print_exc()
        team.abort(1)
    sys.stdout.flush()
    number = code if isinstance(code, int) else int(code is not None)
    stopped_or_finished = number == 0 or number > 128
    if not stopped_or_finished or not team.end(_PATIENCE):
        team.abort(number)
    sys.exit(number)


def _follow(team: MpiTeam) -> None:
    """Follow the trainings of rank 0 until it ends; print only errors."""
    for name in _SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    try:
        while (shared := team.next_run()) is not None:
            from tenfold.runs.relocation import load_images
            from tenfold.runs.team import follow

            follow(shared, load_images(shared.run), team)
    except TenfoldError as error:
        place = f"rank {team.rank} of {team.size} on {socket.gethostname()}"
        print(f"tenfold: {place}: {error}", file=sys.stderr, flush=True)
        team.abort(error.exit_code)
    except BaseException:
        traceback.print_exc()
        team.abort(1)
    team.end(float("inf"))

"""Begin or continue a run with one call, which may be repeated."""

import time

from tenfold.errors import TenfoldError
from tenfold.nn.arguments import checked
from tenfold.runs.lock import InUseError
from tenfold.runs.run import Run, create_run, open_run

__all__ = ["begin_or_resume"]

_ATTEMPTS, _PAUSE = 50, 0.1  # number of attempts, seconds between two of them


@checked
def begin_or_resume(run: Run) -> Run:
    """Create the folder of a run, or return the run if its folder already contains it.

    The function may be called repeatedly, also by several processes at once. ``execute`` then
    trains a new run from the start, continues an interrupted run, and does nothing with a finished
    one.

    Raises:
        TenfoldError: If the folder contains another run, or cannot be written.
    """
    for _ in range(_ATTEMPTS):
        if _has_config(run):
            break
        try:
            return create_run(run)
        except InUseError:  # another process is creating the same run
            time.sleep(_PAUSE)
        except TenfoldError:
            if not _has_config(run):  # otherwise another process has just created the run
                raise
    found = open_run(run.folder)
    if found != run:
        raise TenfoldError(
            f"{run.folder} contains another run, of {found.recipe.name} with seed {found.seed}: "
            "its recipe, seed, settings or images are different. Choose another folder (--out)"
        )
    return found


def _has_config(run: Run) -> bool:
    return (run.folder / "config.json").exists()

"""Runs whose images were moved: the new path is stored unless it contains other images.

The images are compared with those of the model or, without one, of the checkpoint. A run that has
neither accepts any images.
"""

from dataclasses import replace
from pathlib import Path

from tenfold import shell
from tenfold.errors import TenfoldError
from tenfold.models import load_model
from tenfold.nn.arguments import PathLike, checked
from tenfold.recipes import Split
from tenfold.runs.lock import locked
from tenfold.runs.run import Run, write_config
from tenfold.runs.state import restored_state

__all__ = ["load_images", "relocate"]


@checked
def load_images(run: Run) -> Split:
    """Return the data of a run.

    Raises:
        TenfoldError: If the data cannot be read. If it is no longer at its path, the message says
            how to give the new path.
    """
    if run.data is not None and not Path(run.data).exists():
        raise TenfoldError(f"the images of {run.folder} are no longer at {run.data}{_hint(run)}")
    return run.recipe.source.load(run.data)


def _hint(run: Run) -> str:
    """Return a hint that says how to give the new path of a run's images."""
    folder = shell.quote(run.folder)
    return f". If they were moved: tenfold train --resume {folder} --data NEW_PATH"


@checked
def relocate(run: Run, data: PathLike) -> Run:
    """Return a run with a new path of its images, and store the path in ``config.json``.

    Args:
        run: The run, finished or not.
        data: The new path of the same images.

    Raises:
        TenfoldError: If the run uses bundled images, the path cannot be read or contains other
            images, or ``config.json`` cannot be written.
    """
    if run.data is None:
        raise TenfoldError(f"{run.folder} uses the bundled images, so it has no path to change")
    split = run.recipe.source.load(data)
    if run.model.exists():
        known = load_model(run.model).provenance.get("data")
        if not isinstance(known, dict) or known.get("train") != split.train.fingerprint:
            raise TenfoldError(
                f"{data} does not contain the images that {run.folder} was trained on: give the "
                "path of these images"
            )
    else:
        restored_state(run, split)  # refuses images other than those of the checkpoint
    found = replace(run, data=str(Path(data).resolve()))
    with locked(run.folder):
        write_config(found)
    return found

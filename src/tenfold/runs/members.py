"""The runs whose models are used if a folder contains a series or an ensemble."""

from pathlib import Path

from tenfold import shell
from tenfold.errors import TenfoldError
from tenfold.nn.arguments import PathLike, checked
from tenfold.runs.ensembles import ENSEMBLE_FILE
from tenfold.runs.json_fields import Fields, damaged, read_json
from tenfold.runs.series import seeds_of_series

__all__ = ["member_folders"]


@checked
def member_folders(folder: PathLike) -> list[Path] | None:
    """Return the folders of the finished runs of a series, or of the members of an ensemble.

    Args:
        folder: Any path.

    Returns:
        The folders in the order of training; None if ``folder`` contains neither.

    Raises:
        TenfoldError: If the files of the series or ensemble are damaged, or no run is finished.
    """
    path = Path(folder)
    if (path / ENSEMBLE_FILE).is_file():
        return _members(path)
    seeds = seeds_of_series(path)
    if seeds is None:
        return None
    folders = [path / f"seed-{seed}" for seed in seeds]
    finished = [each for each in folders if (each / "metrics.json").exists()]
    if not finished:
        raise TenfoldError(
            f"no run of the series in {path} is finished: continue it with tenfold train "
            f"--resume {shell.quote(path)}"
        )
    return finished


def _members(folder: Path) -> list[Path]:
    path = folder / ENSEMBLE_FILE
    members = Fields(read_json(path), path).data.get("members")
    if not isinstance(members, list) or not members:
        raise damaged(path, "members must be a list of recipes and seeds")
    fields = [Fields(member, path, "members") for member in members]
    return [folder / each.text("recipe") / f"seed-{each.count('seed')}" for each in fields]

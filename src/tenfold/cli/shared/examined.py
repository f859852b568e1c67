"""The argument of ``tenfold doctor``; an error if it is neither data nor a run."""

from pathlib import Path

from tenfold import shell
from tenfold.cli.shared.data_paths import kinds_named
from tenfold.cli.shared.names import near_run
from tenfold.errors import TenfoldError, UsageError
from tenfold.files import near_path

__all__ = ["check_examined"]


def check_examined(path: Path) -> None:
    """Raise an error, with advice, for a path that is neither data nor a run folder.

    Raises:
        UsageError: If the path is a recipe, a model, a series or an ensemble.
        TenfoldError: If there is nothing at the path, or a run folder without ``config.json``.
    """
    from tenfold.runs import RUN_FILES, member_folders

    name = shell.quote(path)
    if not path.exists():
        raise _nothing(path)
    if path.suffix == ".safetensors" and path.is_file():
        raise UsageError(f"{path} is a model: {_EXAMINED}")
    if not path.is_dir() or (path / "config.json").exists():
        return
    if (path / "series.json").exists() or (path / "ensemble.json").exists():
        first = (member_folders(path) or [path])[0]
        raise UsageError(
            f"{path} contains several runs: examine one of them, such as {shell.quote(first)}"
        )
    if inner := next(path.glob("*/config.json"), None):
        raise UsageError(
            f"{path} contains several runs: choose one of them, such as {inner.parent}"
        )
    if left := [each for each in RUN_FILES if (path / each).exists()]:
        raise TenfoldError(
            f"{path} contains files of a run ({', '.join(left)}), but no config.json, which "
            "describes the run: restore that file, or train again. To evaluate the model: "
            f"tenfold evaluate {name}"
        )


_EXAMINED = "doctor examines data, run folders and, with --recipe, recipes"


def _nothing(path: Path) -> TenfoldError:
    """Return the error for a path that does not exist; it may be the name of something else."""
    name = str(path)
    kinds = kinds_named(name)
    if "recipe" in kinds:
        return UsageError(f"{name} is a recipe: to examine it: tenfold doctor --recipe {name}")
    if kinds:
        article = "an" if kinds[0][0] in "ae" else "a"
        return UsageError(f"{name} is {article} {kinds[0]}: {_EXAMINED}")
    advice = near_run(path) or f" {near_path(path) or 'Give the path of data or of a run.'}"
    return TenfoldError(f"there is nothing at {path}.{advice}")

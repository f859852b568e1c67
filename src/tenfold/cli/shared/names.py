"""Misspelt names: the known name that the user probably means."""

import difflib
from collections.abc import Iterable
from pathlib import Path

from tenfold.errors import TenfoldError

__all__ = ["check_run_folder", "did_you_mean", "near_model", "near_run"]

_RUNS = Path("runs")
_FILES_OF_RUNS = ("config.json", "series.json", "ensemble.json")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return " Did you mean X?" with the most similar known name; empty if none is similar."""
    lower = {each.lower(): each for each in known}
    near = difflib.get_close_matches(name.lower(), lower, n=1)
    return f" Did you mean {lower[near[0]]}?" if near else ""


def near_model(path: Path) -> str:
    """Return " Did you mean X?" with a bundled model, a model file or a run folder."""
    from tenfold.models import bundled_models

    return did_you_mean(str(path), bundled_models()) or _nearest(path, (".safetensors",))


def near_run(path: Path) -> str:
    """Return " Did you mean X?" with the folder of a run, a series or an ensemble."""
    return _nearest(path, ())


def check_run_folder(path: Path) -> None:
    """Raise a TenfoldError if a folder does not exist, with the name that was probably meant."""
    if not path.exists():
        advice = near_run(path) or (
            " Train a run with tenfold train, or list all with tenfold runs."
        )
        raise TenfoldError(f"there is no folder {path}.{advice}")


def _nearest(path: Path, suffixes: tuple[str, ...]) -> str:
    """Return " Did you mean X?", with X beside ``path``; for a bare name, also in ``runs``."""
    folders = [path.parent, *[_RUNS] * (path.parent == Path())]
    found = {
        entry.name: entry
        for folder in reversed(folders)  # so that the folder of ``path`` has priority
        for entry in _entries(folder)
        if entry.suffix in suffixes or any((entry / name).exists() for name in _FILES_OF_RUNS)
    }
    near = difflib.get_close_matches(path.name, found, n=1)
    return f" Did you mean {found[near[0]]}?" if near else ""


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []

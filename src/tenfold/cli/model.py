"""How a command finds the model that it was given."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenfold.training import Model

__all__ = ["find_model", "names_model"]


def find_model(path: Path | None = None) -> "Model":
    """Return the model in a file or in a run folder, or one that comes with the package.

    Args:
        path: of the file or folder, or the name of a model that comes along; None for the usual.
    """
    from tenfold.recipes import TRAINED, open_run, trained_models
    from tenfold.training import load_model

    name = TRAINED if path is None else str(path)
    if (path is None or not path.exists()) and name in (trained := trained_models()):
        return load_model(trained[name].path)
    chosen = Path(name)
    if chosen.is_dir() and (chosen / "config.json").exists():
        open_run(chosen).metrics()  # refuses an unfinished run, and says how to go on
    return load_model(chosen / "model.safetensors" if chosen.is_dir() else chosen)


def names_model(path: Path) -> bool:
    """Return whether a path names a model: a file or run folder, or one of the package's."""
    from tenfold.recipes import trained_models

    if path.is_dir() or path.suffix == ".safetensors":
        return True
    return not path.exists() and str(path) in trained_models()

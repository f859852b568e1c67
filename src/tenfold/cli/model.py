"""How a command finds the model that it was given."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenfold.training import Model

__all__ = ["find_model"]


def find_model(path: Path) -> "Model":
    """Return the model in a file, or in the run folder that ``path`` names."""
    from tenfold.training import load_model

    return load_model(path / "model.safetensors" if path.is_dir() else path)

"""Paths of data on the command line; an error if a recipe or model is given instead."""

from collections.abc import Container
from pathlib import Path

from tenfold.errors import UsageError

__all__ = ["check_data_path", "kinds_named"]


def check_data_path(path: Path | None) -> Path | None:
    """Return the path of an option such as ``--data`` unchanged; Typer calls this function.

    Raises:
        UsageError: If the path does not exist, and is the name of a recipe or a model.
    """
    if path is None or len(path.parts) != 1 or path.exists():
        return path
    kinds = kinds_named(str(path))
    if kinds:
        verbs = {"recipe": "train", "ensemble": "train", "bundled model": "evaluate"}
        advice = "; ".join(f"to {verbs[k]} the {k}: tenfold {verbs[k]} {path}" for k in kinds)
        found = " and of ".join(map(_with_article, kinds))
        raise UsageError(
            f"{path} is the name of {found}, not a path of images. Give the path of a file or "
            f"folder with images; {advice}"
        )
    return path


def kinds_named(name: str) -> list[str]:
    """Return what tenfold has under a name; usually an empty list.

    Args:
        name: Any text, such as a path that does not exist.

    Returns:
        Any of "recipe", "ensemble" and "bundled model".
    """
    from tenfold.models import bundled_models
    from tenfold.recipes import ENSEMBLES, RECIPES

    known: dict[str, Container[str]] = {
        "recipe": RECIPES,
        "ensemble": ENSEMBLES,
        "bundled model": bundled_models(),
    }
    return [kind for kind, names in known.items() if name in names]


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"

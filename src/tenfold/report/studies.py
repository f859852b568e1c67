"""Studies: what is costly to find out about a run, found out once and kept in its folder.

``studies/NAME.json`` holds the result and the hash of the model that it is about; a model file
tells which data it was trained on, so the hash stands for both. A study of another model, or one
that is damaged, is made anew. So the page can be drawn again from the run folder alone, long after
the data has gone.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from tenfold.errors import TenfoldError
from tenfold.files import make_folder, write_json
from tenfold.models import load_model
from tenfold.recipes import Split
from tenfold.report.digits import shown_digits
from tenfold.report.explore import (
    explored_baselines,
    explored_map,
    explored_paths,
    explored_robustness,
)
from tenfold.runs import Run

__all__ = ["STUDIES", "Study", "study"]

Study: TypeAlias = Callable[[Run, Split], dict[str, Any]]
"""Looks at a finished run and its data, and returns what it found as plain JSON data."""

STUDIES: Mapping[str, Study] = {
    "baselines": explored_baselines,
    "digits": shown_digits,
    "map": explored_map,
    "paths": explored_paths,
    "robustness": explored_robustness,
}
"""Every study by the name of its file."""

_FORMAT = 1


def study(run: Run, name: str, load: Callable[[], Split]) -> dict[str, Any]:
    """Return what a study found: from the run folder, or made now and put there.

    A folder that cannot be written is no reason to keep the result back.

    Args:
        run: a finished run.
        name: one of ``STUDIES``.
        load: returns the run's data; called only if the study has to be made.

    Raises:
        KeyError: if there is no such study.
        TenfoldError: if it has to be made and the model or the data is missing, or the data is
            not what the run was trained with.
    """
    find_out = STUDIES[name]
    path = run.folder / "studies" / f"{name}.json"
    about = {"format": _FORMAT, "study": name, "model": _hash_of_model(run)}
    try:
        kept = json.loads(path.read_text("utf-8"))
        if {key: kept[key] for key in about} == about and isinstance(kept["found"], dict):
            return dict(kept["found"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass  # not made yet, or no longer whole
    split = load()
    _check_data(run, split)
    # As it will be read again, so that the first page is no other than the next.
    found: dict[str, Any] = json.loads(json.dumps(find_out(run, split)))
    try:
        make_folder(path.parent)
        write_json(path, about | {"found": found})
    except TenfoldError:
        pass
    return found


def _hash_of_model(run: Run) -> str:
    try:
        return hashlib.sha256(run.model.read_bytes()).hexdigest()
    except OSError as error:
        raise TenfoldError(
            f"cannot read {run.model}: {error.strerror}. Restore it or train again."
        ) from error


def _check_data(run: Run, split: Split) -> None:
    """Refuse data that has changed since the run."""
    trained_with = load_model(run.model).provenance.get("data")
    if not isinstance(trained_with, dict):
        return
    parts = {"train": split.train, "validation": split.validation, "test": split.test}
    for name, part in parts.items():
        if trained_with.get(name) != (None if part is None else part.fingerprint):
            where = run.data or "the bundled images"
            raise TenfoldError(
                f"the {name} images in {where} are not those that {run.folder} was trained with: "
                "restore them or train again"
            )

"""Studies: results that take a long time, so they are computed once and stored in the run folder.

``studies/NAME.json`` contains the result of a study and the hash of the model file. If this file is
damaged or belongs to another model, the study is computed again. The model file contains the hashes
of the data, so a study is not computed with data that has changed since the training. The report
can be written from the run folder alone, even if the data no longer exists.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from tenfold.errors import TenfoldError
from tenfold.files import make_folder, write_json
from tenfold.models import load_model
from tenfold.nn.arguments import checked
from tenfold.nn.constraints import Choice
from tenfold.recipes import Split
from tenfold.report.digits import study_digits
from tenfold.report.study_functions import (
    study_baselines,
    study_map,
    study_optimizer_paths,
    study_robustness,
)
from tenfold.runs import Run

__all__ = ["STUDIES", "StudyFunction", "load_or_compute_study"]

StudyFunction: TypeAlias = Callable[[Run, Split], dict[str, Any]]
"""Takes a finished run and its data, and returns a result as plain JSON data."""

STUDIES: Mapping[str, StudyFunction] = {
    "baselines": study_baselines,
    "digits": study_digits,
    "map": study_map,
    "paths": study_optimizer_paths,  # the paths of optimizers over the loss landscape
    "robustness": study_robustness,
}
"""The functions of all studies, by the name of their file without extension."""

_FORMAT = 1
_RESULT = "found"  # key of the result in the file


@checked
def load_or_compute_study(run: Run, name: str, load: Callable[[], Split]) -> dict[str, Any]:
    """Return the result of a study: read from the run folder, or computed now and stored there.

    If the folder cannot be written, the result is returned but not stored.

    Args:
        run: A finished run.
        name: One of ``STUDIES``.
        load: Function that returns the data of the run; called only to compute the study.

    Raises:
        ValueError: If there is no study of this name.
        TenfoldError: If the study must be computed and the model or the data is missing, or the
            images have changed since the run was trained.
    """
    Choice(*STUDIES).check("name", name)
    compute = STUDIES[name]
    path = run.folder / "studies" / f"{name}.json"
    key = {"format": _FORMAT, "study": name, "model": _hash_of_model(run)}
    try:
        stored = json.loads(path.read_text("utf-8"))
        if {field: stored[field] for field in key} == key and isinstance(stored[_RESULT], dict):
            return dict(stored[_RESULT])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass  # not computed yet, or damaged
    split = load()
    _check_data(run, split)
    # Converted to JSON and back, so that this report equals later ones, which read the file.
    result: dict[str, Any] = json.loads(json.dumps(compute(run, split)))
    try:
        make_folder(path.parent)
        write_json(path, key | {_RESULT: result})
    except TenfoldError:
        pass
    return result


def _hash_of_model(run: Run) -> str:
    try:
        return hashlib.sha256(run.model.read_bytes()).hexdigest()
    except OSError as error:
        raise TenfoldError(
            f"cannot read {run.model}: {error.strerror}. Restore it or train again."
        ) from error


def _check_data(run: Run, split: Split) -> None:
    """Raise TenfoldError if the data has changed since the run."""
    trained_with = load_model(run.model).provenance.get("data")
    if not isinstance(trained_with, dict):
        return
    parts = {"train": split.train, "validation": split.validation, "test": split.test}
    for name, part in parts.items():
        if trained_with.get(name) != (None if part is None else part.fingerprint):
            location = run.data or "the bundled images"
            raise TenfoldError(
                f"the {name} images in {location} have changed since {run.folder} was trained: "
                "restore them or train again"
            )

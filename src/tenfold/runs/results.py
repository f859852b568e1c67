"""The results of a finished run: ``metrics.json``, checked and typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenfold.nn.arguments import check_fields
from tenfold.nn.constraints import Choice
from tenfold.runs.json_fields import Fields, read_json

__all__ = ["PARTS", "PartMetrics", "RunMetrics"]

PARTS = ("train", "validation", "test")
"""The splits of a data set on which a run may be evaluated."""

_PART = Choice(*PARTS)
_ROUNDING = 1e-9  # tolerance: by rounding, an interval may end just below an accuracy of 1
_MAX_SECONDS = 4e9  # more than a century


@dataclass(frozen=True)
class PartMetrics:
    """The metrics on one split of the data.

    Attributes:
        accuracy: Share of correct predictions, 0 to 1.
        n: Number of images, at least 1.
        correct: Number of correct predictions.
        interval95: Ends of the 95% interval of the accuracy (Wilson).
        unsure_below: Confidence below which the model says "unsure", 0 to 1; None if it never does.
        uncontested: Metrics of the images without disputed labels; None if not recorded.
        values: All numbers recorded for the split by their keys, such as ``loss`` and ``brier``.
    """

    accuracy: float
    n: int
    correct: int
    interval95: tuple[float, float]
    unsure_below: float | None = None
    uncontested: "PartMetrics | None" = None
    values: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def wrong(self) -> int:
        """Number of wrong predictions."""
        return self.n - self.correct

    @property
    def loss(self) -> float | None:
        """Mean cross-entropy; None if it was not recorded."""
        return self.values.get("loss")

    @staticmethod
    def from_fields(fields: Fields) -> "PartMetrics":
        """Return the metrics in a JSON object.

        Raises:
            TenfoldError: If a metric is missing, has the wrong type, or contradicts another.
        """
        n = fields.count("n", low=1)
        correct = fields.count("correct", high=n)
        accuracy = fields.number("accuracy", 0, 1)
        low, high = fields.numbers("interval95", 2, 0, 1)
        if not low - _ROUNDING <= accuracy <= high + _ROUNDING:
            fields.fail("interval95", f"an interval that contains the accuracy, {accuracy:g}")
        below = None
        if "unsure" in fields:
            below = min(1.0, fields.nested("unsure").number("threshold", 0, 1 + _ROUNDING))
        others = fields.nested("uncontested") if "uncontested" in fields else None
        return PartMetrics(
            accuracy,
            n,
            correct,
            (low, high),
            below,
            None if others is None else PartMetrics.from_fields(others),
            fields.finite_numbers(),
        )


@dataclass(frozen=True)
class RunMetrics:
    """The results of a finished run.

    Attributes:
        recipe: Name of the recipe.
        seed: Random seed.
        epochs: Number of epochs trained.
        steps: Number of training steps.
        parameters: Number of trained parameters.
        train_seconds: Seconds of training.
        train: Metrics on the training images.
        validation: Metrics on the validation images; None if there are none.
        test: Metrics on the test images; None if there are none.
        form: ``"as_written"`` or ``"corrected"`` for a classic, else empty.
        multiply_adds: Multiply-adds for one image; None in runs of the first versions.
        kept_epoch: Number, from 1, of the epoch whose weights were kept; None if early stopping is
            off.
        temperature: Temperature fitted on the validation images; None if there are none.
        data: The whole content of ``metrics.json``, including unknown keys.
    """

    recipe: str
    seed: int
    epochs: int
    steps: int
    parameters: int
    train_seconds: float
    train: PartMetrics
    validation: PartMetrics | None = None
    test: PartMetrics | None = None
    form: str = ""
    multiply_adds: int | None = None
    kept_epoch: int | None = None
    temperature: float | None = None
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        check_fields(self)

    @staticmethod
    def read(path: Path) -> "RunMetrics":
        """Return the results in a ``metrics.json`` file.

        Raises:
            TenfoldError: If the file cannot be read or is damaged.
        """
        return RunMetrics.from_dict(read_json(path), path)

    @staticmethod
    def from_dict(data: object, path: str | Path) -> "RunMetrics":
        """Return the results in the content of a ``metrics.json`` file.

        Args:
            data: The parsed content.
            path: The file, for error messages.

        Raises:
            TenfoldError: If a key is missing or a value is wrong; the message gives file, key and
                value.
        """
        fields = Fields(data, path)
        parts = {
            name: PartMetrics.from_fields(fields.nested(name)) for name in PARTS if name in fields
        }
        if "train" not in parts:
            fields.fail("train", "a JSON object")
        calibration = fields.nested("calibration") if "calibration" in fields else None
        return RunMetrics(
            recipe=fields.text("recipe"),
            seed=fields.count("seed"),
            epochs=fields.count("epochs"),
            steps=fields.count("steps"),
            parameters=fields.count("parameters"),
            train_seconds=fields.nested("seconds").number("train", 0, _MAX_SECONDS),
            **parts,
            form=fields.text("form") if "form" in fields else "",
            multiply_adds=fields.count("multiply_adds") if "multiply_adds" in fields else None,
            kept_epoch=_kept_epoch(fields),
            temperature=None if calibration is None else calibration.number("temperature"),
            data=fields.data,
        )

    def part(self, name: str) -> PartMetrics | None:
        """Return the metrics of ``"train"``, ``"validation"`` or ``"test"``; None if missing.

        Raises:
            ValueError: If the name is none of these.
        """
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        _PART.check("name", name)
        return parts[name]

    @property
    def parts(self) -> dict[str, PartMetrics]:
        """The metrics of each split that the run has, by name."""
        return {name: part for name in PARTS if (part := self.part(name)) is not None}

    def to_dict(self) -> dict[str, Any]:
        """Return the content of ``metrics.json`` as plain data."""
        return dict(self.data)


def _kept_epoch(fields: Fields) -> int | None:
    if "best_epoch" in fields:  # written by version 0.1, which counted from 0
        return fields.count("best_epoch") + 1
    return fields.count("kept_epoch", low=1) if "kept_epoch" in fields else None

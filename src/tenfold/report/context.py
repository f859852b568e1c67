"""The data of the report: the files of a run folder, each read and checked once."""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.inspection import LayerRow
from tenfold.models import Model, load_model
from tenfold.nn.array import Array
from tenfold.plots import FigureData, planned_steps
from tenfold.recipes import Split
from tenfold.report.studies import load_or_compute_study
from tenfold.runs import (
    PartMetrics,
    PartPredictions,
    Run,
    RunMetrics,
    load_images,
    read_predictions,
)
from tenfold.runs.json_fields import Fields, read_json

__all__ = ["Context", "read_context"]


@dataclass
class Context:
    """The data of a finished run.

    Attributes:
        run: The run.
        metrics: Results of the run.
        records: Epoch records of the run.
        layers: Layer rows of the run (``tenfold.runs.layer_rows``).
        predictions: Predictions on the test images, or on the validation images if there are
            no test images; None if no images were held out.
        environment: Versions and machine of the run; empty if unknown.
        load: Function that returns the data of the run; called only for studies whose result is
            not in the run folder.
        missing: One sentence for each thing that is missing from the page.
    """

    run: Run
    metrics: RunMetrics
    records: list[dict[str, Any]]
    layers: list[LayerRow]
    predictions: PartPredictions | None
    environment: dict[str, Any]
    load: Callable[[], Split]
    missing: list[str] = field(default_factory=list)
    _studies: dict[str, dict[str, Any] | None] = field(default_factory=dict)

    @property
    def scores(self) -> dict[str, PartMetrics]:
        """Metrics for each split, by name.

        The name ``uncontested`` is for the test images without disputed labels.
        """
        scores = self.metrics.parts
        if self.metrics.test is not None and self.metrics.test.uncontested is not None:
            scores["uncontested"] = self.metrics.test.uncontested
        return scores

    @cached_property
    def model(self) -> Model | None:
        """The trained model; None if its file cannot be read: then ``missing`` says so."""
        try:
            return load_model(self.run.model)
        except TenfoldError as error:
            self.add_missing(error)
            return None

    @cached_property
    def figure_data(self) -> FigureData:
        """The data of the figures."""
        return FigureData(
            label="this run",
            recipe=self.run.recipe,
            steps=planned_steps(self.run.recipe, self.metrics),
            records=self.records,
            layers=self.layers,
            metrics=self.metrics,
            predictions=self.predictions,
            model=self.model,
            image=self._first_image(),
            study=self.study,
        )

    def _first_image(self) -> Array | None:
        """Return the first image on the page, (H, W, 1), 0 to 255."""
        digits = self.study("digits")
        if not digits or not digits["samples"]:
            return None
        from PIL import Image

        content = io.BytesIO(base64.b64decode(digits["samples"][0]["png"]))
        with Image.open(content) as picture:
            image: Array = 255 - np.asarray(picture.convert("L"))[..., None]
        return image

    def study(self, name: str) -> dict[str, Any] | None:
        """Return the result of a study; None if it cannot be computed: then ``missing`` says so."""
        if name not in self._studies:
            try:
                self._studies[name] = load_or_compute_study(self.run, name, self.load)
            except TenfoldError as error:
                self.add_missing(error)
                self._studies[name] = None
        return self._studies[name]

    def add_missing(self, error: TenfoldError) -> None:
        """Add the message of an error to ``missing``, unless it is there already."""
        if str(error) not in self.missing:
            self.missing.append(str(error))


def read_context(run: Run, split: Split | None = None) -> Context:
    """Read the folder of a finished run.

    Args:
        run: A finished run.
        split: Data of the run, if already loaded; otherwise it is loaded when needed.

    Raises:
        TenfoldError: If the run is not finished or a file is damaged.
    """
    return Context(
        run,
        run.results(),
        run.records(),
        run.layers(),
        read_predictions(run),
        _environment(run.folder / "environment.json"),
        load=cache(lambda: load_images(run) if split is None else split),
    )


def _environment(path: Path) -> dict[str, Any]:
    return Fields(read_json(path), path).data if path.exists() else {}

"""An entry of the catalogue of figures, and the data that figures are drawn from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from tenfold.data import Dataset
from tenfold.inspection import LayerRow
from tenfold.models import Model, load_model
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.recipes import Recipe
from tenfold.runs import (
    PartMetrics,
    PartPredictions,
    Records,
    Run,
    RunMetrics,
    curve_points,
    read_predictions,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CatalogueFigure", "FigureData", "ReportEntry", "planned_steps"]


def _no_study(name: str) -> None:
    """Return None, because no study is available."""


@dataclass
class FigureData:
    """The data that figures of a run or of a model are drawn from; missing data is None or empty.

    Attributes:
        label: Name of the run in legends.
        recipe: Recipe of the run or of the model.
        steps: Number of steps that the recipe planned.
        records: Epoch records.
        layers: Layer rows.
        metrics: Results of the run.
        predictions: Predictions on the held-out images.
        model: The trained model.
        image: Image whose feature maps are drawn, (H, W, C), 0 to 255.
        images: Images of the predictions.
        study: Function that returns the result of a study by its name, or None if the result is
            not available.
    """

    label: str = ""
    recipe: Recipe | None = None
    steps: int | None = None
    records: Records = ()
    layers: Sequence[LayerRow] = ()
    metrics: RunMetrics | None = None
    predictions: PartPredictions | None = None
    model: Model | None = None
    image: Array | None = None
    images: Dataset | None = None
    study: Callable[[str], dict[str, Any] | None] = field(default=_no_study)

    @staticmethod
    def from_run(run: Run, images: Dataset | None = None) -> "FigureData":
        """Return the data in the folder of a finished run.

        Args:
            run: A finished run.
            images: Images of the predictions; None if they are not available.

        Raises:
            TenfoldError: If the run is not finished, a file is damaged, or the predictions
                belong to other images.
        """
        metrics, predictions = run.results(), read_predictions(run)
        if predictions is not None and images is not None:
            predictions.check(images, run.folder)
        return FigureData(
            label=run.recipe.name,
            recipe=run.recipe,
            steps=planned_steps(run.recipe, metrics),
            records=run.records(),
            layers=run.layers(),
            metrics=metrics,
            predictions=predictions,
            model=load_model(run.model) if run.model.exists() else None,
            image=images.images[0] if images else None,
            images=images if predictions is not None else None,
        )

    @cached_property
    def records_or_batches(self) -> Records:
        """Points of the training curves: the epoch records, or the batches of a short run."""
        return curve_points(self.records, self.layers)

    @property
    def held_out(self) -> PartMetrics | None:
        """Metrics of the test images, or of the validation images if there are no test images."""
        return None if self.metrics is None else self.metrics.test or self.metrics.validation

    @property
    def unsure_below(self) -> float | None:
        """Confidence below which the model says "unsure"; None if it never does."""
        if self.metrics is None or self.predictions is None:
            return None
        part = self.metrics.part(self.predictions.part)
        return None if part is None else part.unsure_below

    def has(self, source: str) -> bool:
        """Return whether a source is available.

        Args:
            source: File of a run folder, ``"images"``, ``"image"``, or ``"studies/NAME"``.
        """
        if source.startswith("studies/"):
            return self.study(source.removeprefix("studies/")) is not None
        return {
            "config.json": self.recipe is not None,
            "metrics.json": self.metrics is not None,
            "records.jsonl": bool(self.records),
            "layers.jsonl": bool(self.layers),
            "predictions.npz": self.predictions is not None and len(self.predictions.labels) > 0,
            "model.safetensors": self.model is not None,
            "image": self.image is not None,
            "images": self.images is not None,
        }[source]


@checked
def planned_steps(recipe: Recipe, metrics: RunMetrics | None) -> int | None:
    """Return the number of steps that a recipe planned; None if it is unknown.

    A run that stopped early made fewer steps, but the schedule of its learning rate was computed
    for the planned number.

    Args:
        recipe: The recipe of the run.
        metrics: The results of the run; None if unknown.
    """
    if metrics is None or not 0 < metrics.epochs <= metrics.steps:
        return None
    return metrics.steps // metrics.epochs * recipe.epochs


@dataclass(frozen=True)
class ReportEntry:
    """How a figure appears in the report.

    Attributes:
        section: Key of the section that shows the figure.
        caption: Function that returns the sentences below the figure, with the numbers of this run.
        alt: Kind of figure, such as "A line."; the alternative text is ``alt`` and the caption.
        size: Width and height in inches; None to keep the size of the figure.
        layout: ``"wide"`` if the figure is as wide as the page, ``"beside"`` if it is next to other
            figures, ``"details"`` if it is hidden until the user opens it.
        keep_white: Whether the background stays white in the dark theme, because the shades of the
            figure have a meaning.
    """

    section: str
    caption: Callable[[FigureData], str]
    alt: str
    size: tuple[float, float] | None = None
    layout: Literal["wide", "beside", "details"] = "wide"
    keep_white: bool = False


@dataclass(frozen=True)
class CatalogueFigure:
    """A figure of a run.

    Attributes:
        name: Unique name: lower-case letters and hyphens. It is the figure's key in the report.
        title: What the figure shows.
        sources: Data that is needed to draw the figure, by the names in ``FigureData.has``.
        draw: Function that draws the figure.
        file: Name of its file in ``pictures/``, without extension; empty if it has none.
        report: How the figure appears in the report; None if it does not.
        condition: Function that returns whether the figure can be drawn if all sources are
            available; None if it always can.
    """

    name: str
    title: str
    sources: tuple[str, ...]
    draw: "Callable[[FigureData], Figure]"
    file: str = ""
    report: ReportEntry | None = None
    condition: Callable[[FigureData], bool] | None = None

    def applies(self, data: FigureData) -> bool:
        """Return whether the data contains what the figure shows."""
        if not all(map(data.has, self.sources)):
            return False
        return self.condition is None or self.condition(data)

"""The catalogue of figures: unique names, and which figures apply to which data."""

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.inspection import OptimizerPaths
from tenfold.models import Model
from tenfold.nn import BatchNorm, Dense, Flatten, GlobalAveragePool, Network, Normalize
from tenfold.plots import FIGURES, CatalogueFigure, FigureData, model_figures, planned_steps
from tenfold.plots.catalogue.curves import change
from tenfold.plots.catalogue.optimizers import adam_caption
from tenfold.recipes import RECIPES
from tenfold.runs import PartPredictions
from tests.plots.pictures import answers, epoch_records, words
from tests.plots.test_layers import rows
from tests.runs.made_up import part, run_metrics

IMAGES, LABELS, PREDICTED, CONFIDENCE = answers(30)
PREDICTIONS = PartPredictions("test", LABELS, PREDICTED, CONFIDENCE)


def everything() -> FigureData:
    """Return data for every figure that is not drawn from a study."""
    quick = RECIPES["quick"]
    return FigureData(
        label="this run",
        recipe=quick,
        steps=200,
        records=epoch_records(3, more={"cost": 0.1, "rmse": 0.3, "r2": 0.5}),
        layers=rows(2, 20),
        metrics=run_metrics(test=part(20, 30)),
        predictions=PREDICTIONS,
        model=Model(quick.network(0)),
        image=IMAGES[0],
        images=Dataset(IMAGES),
    )


def applying(data: FigureData) -> set[str]:
    return {figure.name for figure in FIGURES if figure.applies(data)}


def test_names_files_and_titles_are_unique() -> None:
    for values in (
        [figure.name for figure in FIGURES],
        [figure.file for figure in FIGURES if figure.file],
        [figure.title for figure in FIGURES],
    ):
        assert max(Counter(values).values()) == 1
        assert all(values)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", figure.name) for figure in FIGURES)
    assert all(figure.file or figure.report for figure in FIGURES)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_a_figure_does_not_apply_without_its_sources(figure: CatalogueFigure) -> None:
    assert figure.sources
    assert not figure.applies(FigureData())


def test_the_figures_of_a_complete_run() -> None:
    studies = {figure.name for figure in FIGURES if "studies" in " ".join(figure.sources)}
    missing = {"last-batch-accuracy"}
    assert applying(everything()) == {figure.name for figure in FIGURES} - studies - missing


@pytest.mark.parametrize(
    ("missing", "names"),
    [
        ({"image": None}, {"feature-maps"}),
        ({"images": None}, {"sample-predictions", "misclassified"}),
        ({"model": None}, {"weights", "feature-maps"}),
        ({"recipe": None}, {"schedule"}),
        ({"layers": ()}, {"activations", "gradients", "updates", "dead-units", "distributions"}),
        (
            {"predictions": None},
            {
                *("confusion", "reliability", "risk", "confidence"),
                *("sample-predictions", "misclassified"),
            },
        ),
        (
            {"records": ()},
            {"accuracy", "loss", "cost", "rmse", "r2", "errors", "accuracy-seconds"},
        ),
    ],
)
def test_figures_without_data_are_left_out(missing: dict[str, Any], names: set[str]) -> None:
    data = everything()
    assert applying(data) - applying(replace(data, **missing)) == names


def test_every_page_entry_has_a_caption() -> None:
    data = everything()
    for figure in FIGURES:
        if figure.report is not None and figure.applies(data):
            caption = figure.report.caption(data)
            assert caption.endswith(".")
            assert figure.report.alt.endswith(".")


def test_the_threshold_of_a_run_is_drawn() -> None:
    unsure = run_metrics(test=part(20, 30) | {"unsure": {"threshold": 0.5}})
    data = replace(everything(), metrics=unsure)
    assert data.unsure_below == 0.5
    (figure,) = [figure for figure in FIGURES if figure.name == "risk"]
    assert any("unsure below 50%" in text for text in words(figure.draw(data)))
    assert figure.report is not None
    assert "a threshold chosen on the validation images" in figure.report.caption(data)
    assert replace(data, predictions=replace(PREDICTIONS, part="validation")).unsure_below is None


def test_figures_of_a_model() -> None:
    quick, linear = RECIPES["quick"], RECIPES["linear"]
    figures = model_figures(Model(quick.network(0)), IMAGES[0], quick, 215)
    assert list(figures) == ["schedule", "weights", "feature-maps"]
    assert "Learning rate over 215 steps" in words(figures["schedule"])
    assert words(figures["schedule"])[-1] == "quick, one cycle, peak 0.015"
    shown = figures["feature-maps"].axes[0].images[0].get_array()
    np.testing.assert_array_equal(np.asarray(shown), IMAGES[0, ..., 0])
    assert list(model_figures(Model(linear.network(0)), IMAGES[0])) == ["weights"]
    assert list(model_figures(Model(quick.network(0)))) == ["weights"]
    bare = Network([Normalize(), GlobalAveragePool(), BatchNorm(1)])
    assert list(model_figures(Model(bare), IMAGES[0])) == []
    double = Network([Flatten(), Dense(784, 10)], dtype=np.float64)
    assert list(model_figures(Model(double), IMAGES[0])) == ["weights"]


@pytest.mark.parametrize(
    ("metrics", "steps"),
    [
        ({"steps": 430 * 20, "epochs": 20}, 430 * 20),
        ({"steps": 430 * 5, "epochs": 5}, 430 * 20),  # stopped early
        ({"steps": 5, "epochs": 0}, None),
        (None, None),
    ],
)
def test_planned_steps_count_the_epochs_of_the_recipe(
    metrics: dict[str, int] | None, steps: int | None
) -> None:
    results = None if metrics is None else run_metrics(**metrics)
    assert planned_steps(RECIPES["mlp"], results) == steps


def test_the_change_of_a_metric_as_text() -> None:
    records = epoch_records(3)
    assert change(records, "train_loss") == "fell from 2.3 to 0.7667"
    assert change(records[:1], "train_loss") == "was 2.3"
    rose = change(records, "train_accuracy").replace("\N{NO-BREAK SPACE}", " ")
    assert rose == "rose from 10.00% to 70.00%"
    assert change(records, "cost") == "was not recorded"


def test_the_caption_of_adam_against_gradient_descent() -> None:
    losses = {"SGD": [2.5, 2.0, 1.5, 0.75], "Adam": [2.5, 1.25, 0.5, 0.25], "Muon": [3, 2, 1, 0.1]}
    ways = {name: [(0.0, 0.0)] * 4 for name in losses}
    paths = OptimizerPaths(ways, losses, [0, 1], [0, 1], [[1, 2], [2, 1]], 1.0)
    text = adam_caption(paths)
    assert "After 3 steps the loss is 0.250 with Adam (learning rate 0.003)" in text
    assert text.endswith("descent (learning rate 0.2); Adam had this loss after 2 steps.")
    losses["Adam"][2:] = [1.0, 0.8]
    assert adam_caption(paths).endswith("0.750 with gradient descent (learning rate 0.2).")


def test_an_unknown_source_raises() -> None:
    with pytest.raises(KeyError):
        FigureData().has("weather.json")

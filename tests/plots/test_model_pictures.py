from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.files import write_json
from tenfold.models import Model
from tenfold.nn import BatchNorm, Dense, Flatten, GlobalAveragePool, Network, Normalize
from tenfold.plots import model_figures, planned_steps
from tenfold.plots.model_pictures import run_figures
from tenfold.recipes import RECIPES
from tenfold.runs import Run, create_run
from tests.plots.pictures import answers, words
from tests.runs.made_up import metrics_json, run_metrics

IMAGES = answers(2)[0]


def test_a_model_shows_what_it_has() -> None:
    quick, linear = RECIPES["quick"], RECIPES["linear"]
    figures = model_figures(Model(quick.network(0)), IMAGES[0], quick, 215)
    assert list(figures) == ["weights", "filters", "schedule"]
    assert "Learning rate over 215 steps" in words(figures["schedule"])
    assert words(figures["schedule"])[-1] == "quick, one cycle, peak 0.015"
    assert list(model_figures(Model(linear.network(0)), IMAGES[0])) == ["weights"]
    assert list(model_figures(Model(quick.network(0)))) == ["weights"]
    bare = Network([Normalize(), GlobalAveragePool(), BatchNorm(1)])
    assert list(model_figures(Model(bare), IMAGES[0])) == []


def test_a_run_shows_its_model_and_the_first_image(tmp_path: Any) -> None:
    run = create_run(Run(RECIPES["quick"], 0, tmp_path / "run"))
    write_json(run.folder / "metrics.json", metrics_json(epochs=1, steps=7))
    assert list(run_figures(run, Dataset(IMAGES))) == ["schedule"]
    Model(run.recipe.network(0)).save(run.model)
    figures = run_figures(run, Dataset(IMAGES))
    assert list(figures) == ["weights", "filters", "schedule"]
    shown = figures["filters"].axes[0].images[0].get_array()
    np.testing.assert_array_equal(np.asarray(shown), IMAGES[0, ..., 0])
    assert "Learning rate over 7 steps" in words(figures["schedule"])
    assert list(run_figures(run, None)) == ["weights", "schedule"]


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


def test_a_dense_network_in_double_precision_is_drawn_too() -> None:
    network = Network([Flatten(), Dense(784, 10)], dtype=np.float64)
    assert list(model_figures(Model(network), IMAGES[0])) == ["weights"]

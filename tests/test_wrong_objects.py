"""Arrays, objects, paths and names of a wrong kind: the messages say what to give instead."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold import (
    data,
    evaluation,
    images,
    inspection,
    models,
    nn,
    plots,
    report,
    runs,
    training,
)
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tenfold.recipes import RECIPES
from tests.public_arguments import CONFIDENCE, CORRECT, DATASET, NETWORK, P, X, Y


@pytest.mark.parametrize("value", [None, 3, 3.5, "", b"m", "a\0b"])
@pytest.mark.parametrize(
    "use",
    [
        data.load_dataset,
        data.read_image,
        models.load_model,
        models.Model(NETWORK).save,
        partial(data.write_kaggle, seed=1),
        partial(training.load_checkpoint, state=training.TrainingState(NETWORK)),
    ],
)
def test_a_path_that_is_none_is_named(use: Callable[[Any], Any], value: Any) -> None:
    with pytest.raises(ValueError, match=r"(path|folder) must be the path of a file or folder \(a"):
        use(value)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (data.overlap, (X / 255, X), "images must be uint8 of shape"),
        (
            data.overlap,
            (X, X[..., 0]),
            r"others must be uint8 .*, got uint8 of shape \(40, 28",
        ),
        (images.to_light_on_black, (X / 255,), "images must be uint8 of shape"),
        (images.has_light_background, (X[..., 0],), "images must be uint8 of shape"),
        (images.background_level, (X[0],), r"images must be of shape \(N, H, W, C\)"),
        (
            evaluation.risk_coverage,
            (CONFIDENCE, CORRECT * 1),
            "correct must be bool, such as pred",
        ),
        (
            evaluation.confusion_matrix,
            (Y, Y[:3]),
            r"predicted must be whole numbers of shape",
        ),
        (evaluation.confusion_matrix, (Y, Y + 1), "predicted must be from 0 to 9, got 1 to 10"),
        (evaluation.brier_score, (P, P), r"labels must be whole numbers of shape \(40,\)"),
        (evaluation.cross_entropy, (P, Y[:-1]), r"labels must be whole numbers of shape \(40,\)"),
        (evaluation.cross_entropy, (P[:, :5], Y), "labels must be from 0 to 4"),
        (
            evaluation.fit_temperature,
            (P * 1j, Y),
            r"probabilities must be floats of shape",
        ),
        (evaluation.metrics_per_class, (P,), r"matrix must be counts of shape \(C, C\)"),
        (evaluation.Score, (Y, P[:3]), r"labels must be whole numbers of shape \(3,\)"),
        (inspection.LabelErrors, (Y, P[0]), "labels and probabilities must have the shapes"),
        (inspection.pca, (P[0],), r"features must be numbers of shape \(N, F\)"),
        (inspection.neighbour_accuracy, (P, Y[:3]), "positions and labels must have the shapes"),
    ],
)
def test_arrays_of_a_wrong_kind_are_named(
    function: Callable[..., Any], arguments: tuple[Array, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        function(*arguments)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (evaluation.score, ["standard", DATASET], r"got 'standard': load it, with tenfold\.load"),
        (evaluation.score, [NETWORK, X], r"give the labels, too: Dataset\(images, labels\)"),
        (evaluation.score, [NETWORK, "a.csv"], r"with tenfold\.data\.load_dataset\(path\)"),
        (data.hold_out, [(X, Y), 3], r"give images and labels: Dataset\(images, labels\)"),
        (data.hold_out, [data.Dataset, 3], "got the class Dataset: write Dataset"),
        (models.Ensemble, [["standard"]], r"load it, with tenfold\.load\(name\)"),
        (models.Ensemble, [[NETWORK]], r"got Network: write Model\(network\)"),
        (models.Model, [models.Model(NETWORK)], "got Model: use its .network"),
        (training.whiten, [DATASET, X], "give the network first, then the data"),
    ],
)
def test_the_message_says_how_to_get_the_right_object(
    function: Callable[..., Any], arguments: list[Any], message: str
) -> None:
    with pytest.raises((ValueError, TenfoldError), match=message):
        function(*arguments)


@pytest.mark.parametrize(
    ("use", "advice"),
    [
        (models.find_model, "Bundled models: standard"),
        (data.load_dataset, "Supported formats: "),
        (data.read_image, "Check its name and its folder"),
    ],
)
def test_a_path_to_nothing_says_what_is_probably_meant(
    use: Callable[[Any], Any], advice: str
) -> None:
    for path, message in (
        ("~/digits", r"Python does not expand ~: use Path\(path\)\.expanduser\(\)"),
        ("https://example.org/digits.npz", "It is an address: download the file, and give its"),
        ("qqqqqqqq", advice),
    ):
        with pytest.raises(TenfoldError, match=message):
            use(path)


def test_names_of_bundled_things_are_suggested() -> None:
    with pytest.raises(TenfoldError, match=r"Did you mean standard\?"):
        models.find_model("standrad")
    with pytest.raises(TenfoldError, match=r"MNIST is part of the package: use load_mnist\(\)"):
        data.load_dataset("mnist")


@pytest.mark.parametrize(
    ("function", "argument", "message"),
    [
        (DATASET.subset, "a", r"a boolean mask of shape \(40,\), or a slice, got a str"),
        (DATASET.subset, 5, "indices must be positions from 0 to 39, .*, got an int"),
        (DATASET.subset, [40], "got 40"),
        (DATASET.subset, [1.5], "got float64"),
        (DATASET.subset, np.ones(5, bool), "got bool of shape"),
        (NETWORK.load_tensors, None, "tensors must be a dict, got None"),
        (NETWORK.load_tensors, {"2.weight": [1], "2.bias": [2]}, "must be of shape .*, got"),
        (nn.softmax, [1, 2], "logits must be a NumPy array, got list"),
        (nn.log_softmax, [1, 2], "logits must be a NumPy array, got list"),
        (partial(nn.OneCycle(0.1), total=10), 11, "step must be from 0 to 10, .*, got 11"),
        (partial(nn.Cosine(0.1), total=10), -1, "step must be from 0 to 10, .*, got -1"),
        (partial(images.Augment(), rng=np.random.default_rng(0)), [1], "must be a NumPy array"),
        (partial(images.Augment(), rng=np.random.default_rng(0)), X[0], r"\(N, H, W, 1\), got"),
    ],
)
def test_wrong_arguments_of_methods_are_named(
    function: Callable[[Any], Any], argument: Any, message: str
) -> None:
    with pytest.raises((ValueError, TenfoldError), match=message):
        function(argument)


def test_early_stopping_needs_the_record_of_an_epoch() -> None:
    step = training.StepRecord(0, 0, 1.0, P, Y, 0.1)
    update: Any = training.EarlyStopping(3).update
    with pytest.raises(ValueError, match="record must be an EpochRecord, got StepRecord"):
        update(step, NETWORK)


METRICS = runs.RunMetrics.from_dict(
    {"recipe": "a", "seed": 0, "epochs": 1, "steps": 4, "parameters": 7}
    | {"train": {"accuracy": 0.9, "n": 10, "correct": 9, "interval95": [0.6, 0.98]}}
    | {"seconds": {"train": 1.0}},
    "metrics.json",
)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (
            runs.mean_records,
            ([[{"a": 1}]],),
            r"runs\[0\]\[0\] must be a dict with the keys 'epoch'",
        ),
        (METRICS.part, ("nonsense",), "name must be 'train', 'validation' or 'test', got 'nons"),
        (
            runs.claim_folder,
            ("runs", "a/b"),
            "name must be part of the name of a folder, got 'a/b'",
        ),
        (runs.Difference, (Y / 2, Y), r"first must be whole numbers of shape \(40,\), got float64"),
        (runs.Difference, (Y, Y + 9), "second must be from 0 to 9, got 9 to 18"),
        (runs.find_exposure, (X[0], None), "images must be uint8 of shape"),
        (runs.seen_images, (X / 255, [], []), "images must be uint8 of shape"),
        (
            runs.seen_images,
            (X, ["a"], []),
            "models and provenances must have the same length, got 1",
        ),
        (
            plots.activations_figure,
            ([{}],),
            r"rows\[0\] must be a dict with the keys 'step', 'layer'",
        ),
        (plots.metric_curves, ({"a": [{}]},), r"runs\['a'\]\[0\] must be a dict with the keys 'ep"),
        (plots.sample_predictions, (X / 255, Y, Y, CONFIDENCE), "images must be uint8 of shape"),
        (
            plots.misclassified,
            (X, Y - 9, Y, CONFIDENCE),
            "labels must be from 0 to .*, got -9 to 0",
        ),
        (plots.misclassified, (X, Y, Y, CONFIDENCE * 4), "confidence must be a probability from 0"),
        (plots.label_suspects, (X[:1], [{}], 9), r"rows\[0\] must be a dict with the keys 'index'"),
        (plots.accuracy_against_seconds, ("a", {}), "costs must be at least one group of runs"),
        (plots.save_figure, (None, "a.png"), "figure must be a figure of matplotlib, got None"),
        (plots.svg_text, ("a.png",), "figure must be a figure of matplotlib, got 'a.png'"),
        (report.page_picture, (None, *"abcd"), "figure must be a figure of matplotlib, got None"),
    ],
)
def test_wrong_values_of_runs_plots_and_reports_are_named(
    function: Callable[..., Any], arguments: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        function(*arguments)


def test_studies_and_seeds_of_a_series_have_limits(tmp_path: Path) -> None:
    run = runs.Run(RECIPES["mlp"], 0, tmp_path)
    with pytest.raises(ValueError, match=r"name must be 'baselines', .*, got 'nonsense'"):
        report.study(run, "nonsense", lambda: pytest.fail("the data is not needed"))
    with pytest.raises(ValueError, match="index must be a whole number from 0 to 1, got 2"):
        runs.Series(run, tmp_path, 2).run(2)
    with pytest.raises(ValueError, match="part must be None or 'test' or 'validation', got 'x'"):
        runs.read_predictions(run, "x")
    assert not list(tmp_path.iterdir())

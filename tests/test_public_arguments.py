"""Wrong arguments of public functions and constructors are named, with what they must be.

``tests/nn/test_constructor_limits.py`` does the same for the constructors of ``tenfold.nn``, with
their limits.
"""

import importlib
import inspect
import math
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold import data, evaluation, images, inspection, models, nn, recipes, training
from tenfold.errors import TenfoldError
from tenfold.nn.arguments import rules_of
from tenfold.nn.array import Array

ROOMS = ("images", "data", "models", "evaluation", "training", "recipes", "inspection")
INNER = {  # called in inner loops, or with checks of their own
    *("sample", "normalize", "write_submission", "refers_to_model", "fit", "averaged"),
}

X = nn.stream(0, "test").integers(0, 256, (40, 28, 28, 1)).astype(np.uint8)
Y = np.arange(40) % 10
P = np.full((40, 10), 0.1)
CONFIDENCE, CORRECT = np.full(40, 0.5), Y > 3


def network() -> nn.Network:
    return nn.Network([nn.Normalize(), nn.Flatten(), nn.Dense(784, 10)])


def recipe() -> recipes.Recipe:
    return recipes.Recipe("a", "b", recipes.MLP(), nn.Adam(), nn.OneCycle(0.1))


NETWORK, RECIPE, DATASET = network(), recipe(), data.Dataset(X, Y)
JUDGED = {"confidence": CONFIDENCE, "correct": CORRECT}
TRUTH = {"probabilities": P, "labels": Y}
MATRIX = {"matrix": np.eye(10, dtype=np.int64)}
PATH = {"path": Path("none")}

# Valid arguments of each function and class, as far as it has no default values.
EXAMPLES: dict[Callable[..., Any], dict[str, Any]] = {
    images.Augment: {},
    images.background_level: {"images": X},
    images.has_light_background: {"images": X},
    images.is_blank: {"images": X},
    images.to_ink: {"images": X},
    data.Dataset: {"images": X, "labels": Y},
    data.Examples: {"inputs": X, "labels": Y},
    data.examine: {"dataset": DATASET},
    data.folds: {"dataset": DATASET, "count": 2},
    data.hold_out: {"dataset": DATASET, "count": 2},
    data.kaggle_split: {},
    data.load_dataset: PATH,
    data.load_mnist: {},
    data.load_parts: PATH,
    data.overlap: {"images": X, "others": X},
    data.overlapping: {"images": X, "others": X},
    data.read_folder: PATH,
    data.read_idx: PATH,
    data.read_image: PATH,
    data.read_kaggle_csv: PATH,
    data.read_npz: PATH,
    data.read_submission: PATH,
    data.recognise_file: PATH,
    data.write_kaggle: {"folder": "none"},
    models.Ensemble: {"members": [models.Model(NETWORK)]},
    models.Model: {"network": NETWORK},
    models.Model(NETWORK).save: PATH,
    models.apply_temperature: {"probabilities": P, "temperature": 2.0},
    models.find_model: {"model": "none"},
    models.load_model: PATH,
    models.predict_probabilities: {"classifier": NETWORK, "images": X},
    inspection.LabelErrors: TRUTH,
    evaluation.McNemar: {"n": 10, "only_first": 1, "only_second": 2},
    evaluation.NearestNeighbours: {},
    evaluation.Score: TRUTH,
    evaluation.SoftmaxRegression: {},
    evaluation.brier_score: TRUTH,
    evaluation.calibration_error: JUDGED,
    evaluation.confusion_matrix: {"labels": Y, "predicted": Y},
    evaluation.cross_entropy: TRUTH,
    evaluation.fit_temperature: TRUTH,
    evaluation.holm: {"p_values": [0.1, 0.2]},
    evaluation.images_needed: {},
    evaluation.mcnemar: {"labels": Y, "first": Y, "second": Y},
    evaluation.measure_baseline: {
        "baseline": evaluation.MajorityClass(),
        "train": DATASET,
        "test": DATASET,
    },
    evaluation.metrics_per_class: MATRIX,
    evaluation.most_confused: MATRIX,
    evaluation.most_confused_pairs: MATRIX,
    evaluation.prediction_interval: {"successes": 3, "n": 10, "m": 5},
    evaluation.probability_errors: TRUTH,
    evaluation.reliability: JUDGED,
    evaluation.risk_coverage: JUDGED,
    evaluation.score: {"classifier": NETWORK, "dataset": DATASET},
    evaluation.selective_metrics: {**JUDGED, "below": 0.5},
    evaluation.spread: {"values": [1.0, 2.0]},
    evaluation.top_accuracy: TRUTH,
    evaluation.uncontested: {"score": evaluation.Score(Y, P), "dataset": DATASET},
    evaluation.unsure_threshold: JUDGED,
    evaluation.verdict: {"test": evaluation.McNemar(10, 1, 2), "first": "a", "second": "b"},
    evaluation.welch: {"first": [1.0, 2.0], "second": [2.0, 3.0]},
    evaluation.wilson_interval: {"successes": 3, "n": 10},
    training.EarlyStopping: {"patience": 3},
    training.Progress: {},
    training.Selective: {},
    training.batch_problem: {"network": NETWORK, "images": 40, "batch_size": 10, "shards": 1},
    training.check_batches: {"network": NETWORK, "images": 40, "batch_size": 10, "shards": 1},
    training.check_labels: {"labels": Y, "classes": 10},
    training.dead_units: {"network": NETWORK, "images": X},
    training.keep_average: {"network": NETWORK, "average": None, "data": DATASET},
    training.load_checkpoint: PATH | {"state": training.TrainingState(NETWORK)},
    training.save_checkpoint: PATH | {"state": training.TrainingState(NETWORK)},
    training.whiten: {"network": NETWORK, "images": X},
    recipes.ConvNet: {},
    recipes.EnsembleRecipe: {"name": "a", "summary": "b", "members": {}},
    recipes.MLP: {},
    recipes.Recipe: {
        "name": "a",
        "summary": "b",
        "architecture": recipes.MLP(),
        "optimizer": nn.Adam(),
        "schedule": nn.OneCycle(0.1),
    },
    recipes.Source: {},
    recipes.Split: {"train": DATASET, "validation": None, "test": None},
    recipes.apply_settings: {"recipe": RECIPE, "settings": []},
    recipes.load_labelled_parts: PATH,
    recipes.recipe_to_json: {"recipe": RECIPE},
    recipes.settings_between: {"old": RECIPE, "new": RECIPE},
    recipes.train_command: {"recipe": RECIPE},
    inspection.PathOptimizer: {"optimizer": nn.SGD(), "learning_rate": 0.1},
    inspection.digit_maps: {"network": NETWORK, "dataset": DATASET},
    inspection.measure_layers: {"network": NETWORK, "images": X},
    inspection.measure_robustness: {"classifier": NETWORK, "dataset": DATASET},
    inspection.monitored_steps: {"total": 5},
    inspection.neighbour_purity: {"positions": P, "labels": Y},
    inspection.optimizer_paths: {"network": NETWORK, "data": DATASET},
    inspection.pca: {"features": P},
    inspection.profile: {
        "network": NETWORK,
        "train": DATASET,
        "optimizer": nn.SGD(),
        "loss": nn.SoftmaxCrossEntropy(),
        "shard_size": 10,
    },
    inspection.stages: {"network": NETWORK, "images": X},
    inspection.tsne: {"features": P},
}
WRONG: tuple[Any, ...] = (
    *("nonsense", "", "a\0b", b"x", None, True, math.nan, 1.5, -1, 1j, object(), nn.Dense),
    *([object()], {"a": object()}, np.array("x"), NETWORK, X, Y),
)


def rules(function: Callable[..., Any]) -> dict[str, Any]:
    plain = function.__init__ if inspect.isclass(function) else inspect.unwrap(function)
    return dict(rules_of(getattr(plain, "__func__", plain)))


def cases() -> Iterator[tuple[Callable[..., Any], str]]:
    for function in EXAMPLES:
        for name in rules(function):
            yield function, name


@pytest.mark.parametrize(
    ("function", "name"), list(cases()), ids=[f"{f.__name__}-{name}" for f, name in cases()]
)
def test_a_wrong_argument_is_named(function: Callable[..., Any], name: str) -> None:
    rule = rules(function)[name]
    for value in WRONG:
        if rule.holds(value):
            continue
        with pytest.raises((ValueError, TenfoldError)) as caught:
            function(**EXAMPLES[function] | {name: value})
        message = str(caught.value)
        assert re.search(rf"\b{name}(\[\d\])? must be .+, got .+", message, re.S), message
        assert not re.search(r"object at 0x|array\(\[|\bNoneType\b", message)


def test_every_public_function_with_declared_rules_is_checked() -> None:
    for room in ROOMS:
        module = importlib.import_module(f"tenfold.{room}")
        for name in module.__all__:
            function = getattr(module, name)
            if inspect.isfunction(inspect.unwrap(function)) and name not in INNER:
                assert function in EXAMPLES or not rules(function), f"{room}.{name} needs a row"


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
        (images.to_ink, (X / 255,), "images must be uint8 of shape"),
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
        (inspection.neighbour_purity, (P, Y[:3]), "positions and labels must have the shapes"),
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
        (training.whiten, [DATASET, X], "the network comes before the data"),
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
        ("nothing", advice),
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
        (DATASET.subset, "a", r"a boolean mask of shape \(40,\), or a slice, got <U1 of shape"),
        (DATASET.subset, 5, "indices must be positions from 0 to 39, .*, got int64 of shape"),
        (DATASET.subset, [40], "got 40 to 40"),
        (DATASET.subset, [1.5], "got float64"),
        (DATASET.subset, np.ones(5, bool), "got bool of shape"),
        (NETWORK.load_tensors, None, "tensors must be a Mapping, got None"),
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

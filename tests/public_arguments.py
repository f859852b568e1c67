"""Valid arguments of the public functions and classes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tenfold import data, evaluation, images, inspection, models, nn, recipes, training

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
    evaluation.conclusion: {"test": evaluation.McNemar(10, 1, 2), "first": "a", "second": "b"},
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

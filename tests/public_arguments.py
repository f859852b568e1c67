"""Valid arguments of the public functions and classes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tenfold import (
    adapters,
    data,
    evaluation,
    images,
    inspection,
    models,
    nn,
    plots,
    recipes,
    report,
    runs,
    training,
)
from tenfold.recipes import CLASSICS

X = nn.stream(0, "test").integers(0, 256, (40, 28, 28, 1)).astype(np.uint8)
Y = np.arange(40) % 10
P = np.full((40, 10), 0.1)
CONFIDENCE, CORRECT = np.full(40, 0.5), Y > 3


def network() -> nn.Network:
    return nn.Network([nn.Normalize(), nn.Flatten(), nn.Dense(784, 10)])


def recipe() -> recipes.Recipe:
    return recipes.Recipe("a", "b", recipes.MLP(), nn.Adam(), nn.OneCycle(0.1))


NETWORK, RECIPE, DATASET = network(), recipe(), data.Dataset(X, Y)
FROZEN = inspection.freeze(NETWORK)
TRACED = {"frozen": FROZEN, "found": inspection.trace(FROZEN, X[0], 3)}
JUDGED = {"confidence": CONFIDENCE, "correct": CORRECT}
TRUTH = {"probabilities": P, "labels": Y}
MATRIX = {"matrix": np.eye(10, dtype=np.int64)}
PATH = {"path": Path("none")}
FOLDER = {"folder": Path("none")}
RUN = runs.Run(RECIPE, 0, Path("none"))
SERIES = runs.Series(RUN, Path("none"), 2)
SPLIT = recipes.Split(DATASET, None, None)
ENSEMBLE = recipes.EnsembleRecipe("a", "b", {})
MODEL = {"model": models.Model(NETWORK)}
METRICS = {"accuracy": 0.9, "n": 10, "correct": 9, "interval95": [0.6, 0.98]}
RESULTS = runs.RunMetrics.from_dict(
    {"recipe": "a", "seed": 0, "epochs": 1, "steps": 4, "parameters": 7, "train": METRICS}
    | {"seconds": {"train": 1.0}},
    "metrics.json",
)
RECORDS = [{"epoch": i, "step": 4 * i, "train_loss": 1 / i, "train_accuracy": 0.9} for i in (1, 2)]
ROWS: list[dict[str, Any]] = []
DRAWN = {"images": X, "labels": Y, "predicted": Y, "confidence": CONFIDENCE}
CURVE = {"accuracy": 0.9, "interval95": [0.8, 0.95]}

# Valid arguments of each function and class, as far as it has no default values.
EXAMPLES: dict[Callable[..., Any], dict[str, Any]] = {
    images.Augment: {},
    images.background_level: {"images": X},
    images.has_light_background: {"images": X},
    images.is_blank: {"images": X},
    images.to_light_on_black: {"images": X},
    data.Dataset: {"images": X, "labels": Y},
    data.Examples: {"inputs": X, "labels": Y},
    data.examine: {"dataset": DATASET},
    data.folds: {"dataset": DATASET, "count": 2},
    data.hold_out: {"dataset": DATASET, "count": 2},
    data.kaggle_split: {},
    data.load_dataset: PATH,
    data.load_mnist: {},
    data.load_parts: PATH,
    data.load_validation: PATH,
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
    recipes.Sequential: {},
    recipes.Source: {},
    recipes.Split: {"train": DATASET, "validation": None, "test": None},
    recipes.apply_settings: {"recipe": RECIPE, "settings": []},
    recipes.load_labelled_parts: PATH,
    recipes.recipe_to_json: {"recipe": RECIPE},
    recipes.settings_between: {"old": RECIPE, "new": RECIPE},
    recipes.train_command: {"recipe": RECIPE},
    inspection.PathOptimizer: {"optimizer": nn.SGD(), "learning_rate": 0.1},
    inspection.arithmetic: TRACED | {"layer": 2, "unit": (3,)},
    inspection.chain_rule: TRACED | {"name": "2.weight", "index": (0, 1)},
    inspection.digit_maps: {"network": NETWORK, "dataset": DATASET},
    inspection.finite_difference: TRACED | {"name": "2.weight", "index": (0, 1)},
    inspection.forward_from: {"network": NETWORK, "x": X},
    inspection.freeze: {"network": NETWORK},
    inspection.measure_layers: {"network": NETWORK, "images": X},
    inspection.measure_robustness: {"classifier": NETWORK, "dataset": DATASET},
    inspection.monitored_steps: {"total": 5},
    inspection.most_exciting: {"frozen": FROZEN, "images": X},
    inspection.neighbour_accuracy: {"positions": P, "labels": Y},
    inspection.optimizer_paths: {"network": NETWORK, "data": DATASET},
    inspection.pca: {"features": P},
    inspection.profile: {
        "network": NETWORK,
        "train": DATASET,
        "optimizer": nn.SGD(),
        "loss": nn.SoftmaxCrossEntropy(),
        "shard_size": 10,
    },
    inspection.prune: {"network": NETWORK, "share": 0.5},
    inspection.stages: {"network": NETWORK, "images": X},
    inspection.tangent: {"layer": nn.ReLU(), "x": P, "v": P},
    inspection.trace: {"frozen": FROZEN, "image": X[0], "label": 3},
    inspection.tsne: {"features": P},
    runs.Difference: {"first": Y, "second": Y},
    runs.FineTuning: MODEL
    | dict.fromkeys(("before", "after", "validation_before", "validation_after"), METRICS),
    runs.fine_tune: MODEL | {"digits": DATASET, "replay": DATASET},
    runs.fine_tune_and_save: MODEL
    | {"name": "a", "digits": DATASET, "split": SPLIT, "folder": Path("none")},
    runs.OutOfFold: {"dataset": DATASET, "recipe": RECIPE},
    runs.Run: {"recipe": RECIPE, "seed": 0, "folder": Path("none")},
    runs.Series: {"first": RUN, "folder": Path("none"), "count": 2},
    runs.Series.begin: {"run": RUN, "count": 2},
    runs.all_labelled: {"path": "none"},
    runs.begin_or_resume: {"run": RUN},
    runs.Series.begin_or_resume: {"run": RUN, "count": 2},
    runs.chance_cause: {"run": RUN},
    runs.check_split: {"run": RUN, "split": SPLIT},
    runs.check_team: {"run": RUN, "team": training.SINGLE_PROCESS},
    runs.claim_folder: {"root": "none", "name": "a"},
    runs.compare_all: {"entries": []},
    runs.create_run: {"run": RUN},
    runs.curve_points: {"records": RECORDS, "rows": ROWS},
    runs.estimate_score: {"metrics": RESULTS, "images": 10},
    runs.evaluate_ensemble: {"ensemble": ENSEMBLE, "members": [SERIES], "split": SPLIT},
    runs.execute: {"run": RUN, "split": SPLIT},
    runs.execute_ensemble: {"ensemble": ENSEMBLE, "folder": "none"},
    runs.execute_series: {"series": SERIES},
    runs.find_exposure: {"images": X, "seen": None},
    runs.find_runs: {"root": "none"},
    runs.last_values: {"records": RECORDS, "metric": "loss"},
    runs.load_images: {"run": RUN},
    runs.load_fold: {"path": "none", "recipe": RECIPE, "count": 2, "seed": 0, "index": 0},
    runs.mean_records: {"runs": [RECORDS]},
    runs.member_folders: FOLDER,
    runs.metric_names: {"runs": [RECORDS]},
    runs.newest_run: {"root": "none"},
    runs.open_entry: FOLDER,
    runs.open_run: FOLDER,
    runs.open_series: FOLDER,
    runs.prepare_ensemble: {"ensemble": ENSEMBLE, "folder": "none"},
    runs.read_predictions: {"run": RUN},
    runs.relocate: {"run": RUN, "data": "none"},
    runs.results_of: {"model": "none"},
    runs.scaled_to: {"recipe": RECIPE, "images": 100},
    runs.seen_images: {"images": X, "models": ["none"], "provenances": [{}]},
    runs.summarise_classic: {"classic": next(iter(CLASSICS.values())), "runs": {}},
    runs.training_images: {"model": "none", "provenance": {}},
    plots.accuracy_against_seconds: {"title": "a", "costs": {"a": [("b", [1.0], [0.9])]}},
    plots.activations_figure: {"rows": ROWS},
    plots.baselines_figure: {"baselines": {"a": CURVE}, "networks": {}},
    plots.check_figure_name: {"path": "a.png"},
    plots.confidence_figure: JUDGED,
    plots.confusion_figure: MATRIX,
    plots.contact_sheet: {"title": "a", "explanation": "b", "rows": {"a": X[:2]}},
    plots.corruptions_figure: {"results": {}},
    plots.dead_units_figure: {"rows": ROWS},
    plots.distributions_figure: {"rows": ROWS},
    plots.draw_comparison: {"runs": {"a": RUN}, "path": "a.png"},
    plots.draw_figures: {"data": plots.FigureData()},
    plots.draw_run: {"run": RUN},
    plots.filters_figure: {"model": models.Model(NETWORK), "image": X[0]},
    plots.gradients_figure: {"rows": ROWS},
    plots.label_suspects: {"images": X[:0], "rows": ROWS, "total": 5},
    plots.learning_curves: {"runs": {"a": RECORDS}},
    plots.map_figure: {"result": None},
    plots.metric_curves: {"runs": {"a": RECORDS}},
    plots.misclassified: DRAWN,
    plots.model_figures: {"model": models.Model(NETWORK)},
    plots.paths_figure: {"paths": None},
    plots.planned_steps: {"recipe": RECIPE, "metrics": RESULTS},
    plots.reliability_figure: JUDGED,
    plots.risk_figure: JUDGED,
    plots.robustness_figure: {"results": {}},
    plots.sample_predictions: DRAWN,
    plots.schedule_figure: {"schedules": nn.OneCycle(0.1)},
    plots.tuning_figure: {
        "settings": {"rate": [0.1, 0.2]},
        "accuracies": [0.5, 0.9],
        "importances": {"rate": 1.0},
    },
    plots.updates_figure: {"rows": ROWS},
    plots.weights_figure: {"network": NETWORK},
    report.study: {"run": RUN, "name": "map", "load": lambda: SPLIT},
    report.write_report: {"run": RUN},
    adapters.c_header: MODEL,
    adapters.export_c: MODEL | PATH,
    adapters.export_card: {"model": "none"} | PATH,
    adapters.export_html: MODEL | PATH,
    adapters.export_onnx: MODEL | PATH,
    adapters.export_torch: MODEL | PATH,
    adapters.html_page: MODEL,
    adapters.load_torch: PATH,
    adapters.model_card: {"model": "none"},
    adapters.onnx_bytes: MODEL,
    adapters.state_dict: MODEL,
}

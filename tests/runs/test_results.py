"""What is read from ``metrics.json``, and the errors for damaged files."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from tenfold.errors import TenfoldError
from tenfold.runs import RunMetrics
from tests.data.damage import damaged, read_or_none
from tests.runs.made_up import metrics_json, part, run_metrics


def test_results_are_read_and_typed() -> None:
    metrics = run_metrics(
        test=part(390, 400, 0.2)
        | {"brier": 0.01, "unsure": {"threshold": 0.9}, "uncontested": part(389, 395)},
        calibration={"temperature": 1.5},
        kept_epoch=3,
    )
    assert (metrics.recipe, metrics.seed, metrics.steps, metrics.form) == ("mlp", 0, 12, "")
    assert (metrics.train_seconds, metrics.temperature, metrics.kept_epoch) == (1.0, 1.5, 3)
    assert metrics.validation is None
    assert list(metrics.parts) == ["train", "test"]
    test = metrics.test
    assert test is not None
    assert (test.n, test.correct, test.wrong, test.loss) == (400, 390, 10, 0.2)
    assert test.interval95[0] < test.accuracy == 390 / 400 < test.interval95[1]
    assert (test.unsure_below, test.values["brier"]) == (0.9, 0.01)
    assert test.uncontested is not None
    assert test.uncontested.n == 395
    assert metrics.part("test") is test


def test_unknown_keys_are_kept() -> None:
    content = metrics_json(weather="fine", test=part(9, 10) | {"new_metric": 0.5, "rows": []})
    metrics = RunMetrics.from_dict(content, "metrics.json")
    assert metrics.to_dict() == content
    assert metrics.test is not None
    assert metrics.test.values["new_metric"] == 0.5


def test_runs_of_the_first_version_lack_some_keys() -> None:
    content = metrics_json()
    del content["multiply_adds"], content["form"]
    metrics = RunMetrics.from_dict(content, "metrics.json")
    assert (metrics.multiply_adds, metrics.form) == (None, "")


def test_an_interval_end_may_miss_the_accuracy_by_rounding() -> None:
    everything = part(10, 10) | {"interval95": [0.7, 1 - 1e-16]}
    assert run_metrics(train=everything).train.accuracy == 1


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"recipe": 5}, "recipe must be a string, got 5"),
        ({"seed": -1}, "seed must be an integer of at least 0, got -1"),
        ({"epochs": 1.5}, "epochs must be an integer of at least 0, got 1.5"),
        ({"steps": None}, "steps must be an integer of at least 0, got null"),
        ({"parameters": "many"}, "parameters must be an integer of at least 0, got 'many'"),
        ({"multiply_adds": True}, "multiply_adds must be an integer of at least 0, got true"),
        ({"seconds": {}}, "seconds.train must be a finite number from 0 to 4e+09, but it is miss"),
        ({"seconds": {"train": "long"}}, "seconds.train must be a finite number"),
        ({"seconds": 7}, "seconds must be a JSON object, got 7"),
        ({"train": None}, "train must be a JSON object, got null"),
        ({"test": [1]}, "test must be a JSON object, got [1]"),
        ({"test": {"accuracy": 0.9}}, "test.n must be an integer of at least 1, but it is missing"),
        ({"test": part(9, 10) | {"n": 0}}, "test.n must be an integer of at least 1, got 0"),
        ({"test": part(9, 10) | {"n": 8}}, "test.correct must be an integer from 0 to 8, got 9"),
        ({"test": part(9, 10) | {"accuracy": "high"}}, "test.accuracy must be a finite number"),
        ({"test": part(9, 10) | {"accuracy": 10**400}}, "test.accuracy must be a finite number"),
        ({"test": part(9, 10) | {"interval95": []}}, "test.interval95 must be a list of 2 numbers"),
        (
            {"test": part(9, 10) | {"interval95": [0.95, 0.99]}},
            "test.interval95 must be an interval that contains the accuracy, 0.9, got [0.95, 0.99]",
        ),
        ({"test": part(9, 10) | {"uncontested": 3}}, "test.uncontested must be a JSON object"),
        (
            {"test": part(9, 10) | {"unsure": {"threshold": -3}}},
            "test.unsure.threshold must be a finite number from 0 to 1, got -3",
        ),
        ({"test": part(9, 10) | {"unsure": "never"}}, "test.unsure must be a JSON object"),
        ({"calibration": {"temperature": "hot"}}, "calibration.temperature must be a finite num"),
    ],
)
def test_wrong_values_are_named_with_file_and_key(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(TenfoldError, match=re.escape(f"a/metrics.json is damaged: {problem}")):
        RunMetrics.from_dict(metrics_json(**change), "a/metrics.json")


@pytest.mark.parametrize("key", ["recipe", "seed", "epochs", "steps", "parameters", "train"])
def test_a_missing_key_is_named(key: str) -> None:
    content = metrics_json()
    del content[key]
    with pytest.raises(TenfoldError, match=f"damaged: {key} must be .*, but it is missing"):
        RunMetrics.from_dict(content, "metrics.json")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it must be valid JSON, got an error at line 1"),
        ("[]", r"it must be a JSON object, got \[\]"),
        ("[" * 100_000, "numbers or lists that are too large"),
        ('{"a": ' + "[" * 30 + "]" * 30 + "}", "nested at most 20 levels deep"),
        ('{"seconds": {"train": NaN}}', "train must be a finite number, got nan"),
        ('{"x": [1, 1e999]}', "x must be a finite number, got inf"),
    ],
)
def test_content_that_is_not_the_right_json_raises(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "metrics.json"
    path.write_text(text)
    with pytest.raises(TenfoldError, match=rf"metrics\.json.*{problem}|{problem}.*metrics\.json"):
        RunMetrics.read(path)


@given(damaged(json.dumps(metrics_json(test=part(9, 10))).encode()))
def test_a_damaged_file_is_read_or_noned(scratch: Path, content: bytes) -> None:
    read_or_none(RunMetrics.read, scratch / "metrics.json", content)


def test_the_kept_epoch_of_version_0_1_is_counted_from_1() -> None:
    assert run_metrics(best_epoch=2).kept_epoch == 3
    assert run_metrics().kept_epoch is None
    with pytest.raises(TenfoldError, match="kept_epoch must be an integer of at least 1, got 0"):
        run_metrics(kept_epoch=0)

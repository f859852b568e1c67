import json
import shlex
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.report import SECTIONS, page
from tenfold.report.baselines import baselines_section
from tenfold.report.robustness import robustness_section
from tests.cli.conftest import Tenfold


@pytest.fixture
def shifted_file(digits: Dataset, tmp_path: Path) -> Path:
    """One hundred digits with labels that are one too high."""
    labels = (digits.require_labels()[:100] + 1) % 10
    np.savez(tmp_path / "shifted.npz", images=digits.images[:100], labels=labels)
    return tmp_path / "shifted.npz"


def test_data_without_faults_exits_with_0_and_lists_the_checks(
    tenfold: Tenfold, digits_file: Path
) -> None:
    answer = tenfold("doctor", digits_file)
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert lines[0] == "digits.npz: 600 images"
    assert lines[1].startswith("Checked for: wrong pixel scale, a background that")
    assert lines[2:] == ["No faults found."]


def test_serious_finding_exits_with_3(tenfold: Tenfold, shifted_file: Path) -> None:
    answer = tenfold("doctor", shifted_file)
    assert answer.code == 3
    flat = " ".join(answer.out.split())
    assert "SERIOUS: the labels of the images are shifted: label k + 1 stands for k" in flat
    assert "fix labels = (labels - 1) % 10" in flat
    assert f"load_parts({str(shifted_file)!r})" in flat


def test_json_is_the_only_output(tenfold: Tenfold, shifted_file: Path) -> None:
    answer = tenfold("doctor", shifted_file, "--json")
    assert (answer.code, answer.err) == (3, "")
    found = json.loads(answer.out)
    assert found["serious"]
    assert [finding["name"] for finding in found["findings"]] == ["labels-shifted"]
    assert set(found["findings"][0]) == {
        *("name", "severity", "what", "evidence", "cause", "fix", "remedy"),
    }
    assert found["findings"][0]["remedy"] == found["findings"][0]["fix"]


def test_notes_on_the_data_are_printed_for_data_and_runs(
    tenfold: Tenfold, digits_file: Path, run_copy: Path, tmp_path: Path
) -> None:
    with np.load(digits_file) as arrays:
        np.savez(tmp_path / "a.npz", **arrays, x_val=arrays["images"], y_val=arrays["labels"])
    config = json.loads((run_copy / "config.json").read_text())
    config["data"] = str(tmp_path / "a.npz")
    (run_copy / "config.json").write_text(json.dumps(config))
    for path in (tmp_path / "a.npz", run_copy):
        assert "\nNote: unused validation data: 'x_val' and 'y_val'" in tenfold("doctor", path).out
        assert len(json.loads(tenfold("doctor", path, "--json").out)["notes"]) == 1


def test_recipe_is_examined_on_data_without_faults(tenfold: Tenfold, digits_file: Path) -> None:
    arguments = ("doctor", "--recipe", "linear", "--data", digits_file)
    assert tenfold(*arguments).code == 0
    answer = tenfold(*arguments, "--set", "learning_rate=0.3", "--json")
    assert answer.code == 3
    [finding] = json.loads(answer.out)["findings"]
    assert finding["name"] == "learning-rate"
    assert finding["fix"].startswith(f"tenfold train linear --data {digits_file} --set ")


def test_run_folder_is_examined_as_a_run(tenfold: Tenfold, trained: Path) -> None:
    answer = tenfold("doctor", trained, "--json")
    found = json.loads(answer.out)
    assert found["subject"] == f"run {trained} (mlp)"
    # Two epochs of 480 images are too few, and a finding says so.
    assert {"underfitting", "still-improving"} & {f["name"] for f in found["findings"]}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["DATA", "--data", "DATA"], "DATA and --data are the same"),
        (["DATA", "--set", "epochs=3"], "--recipe"),
        (["DATA", "--recipe", "nothing"], "unknown recipe 'nothing'"),
        (["RUN", "--recipe", "mlp"], "its own recipe"),
    ],
)
def test_incompatible_arguments_raise(
    arguments: list[str], words: str, tenfold: Tenfold, digits_file: Path, trained: Path
) -> None:
    places = {"DATA": digits_file, "RUN": trained}
    answer = tenfold("doctor", *(places.get(word, word) for word in arguments))
    assert answer.code == 2
    assert words in answer.err


def test_missing_path_raises(tenfold: Tenfold, tmp_path: Path) -> None:
    answer = tenfold("doctor", tmp_path / "nowhere")
    assert answer.code == 1
    assert "there is nothing at" in answer.err


@pytest.mark.usefixtures("empty_figures")
def test_edited_recipe_gives_no_traceback(
    tenfold: Tenfold, run_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = (robustness_section, baselines_section)  # slow, and they do not use the recipe
    monkeypatch.setattr(page, "SECTIONS", [made for made in SECTIONS if made not in without])
    config = json.loads((run_copy / "config.json").read_text())
    config["recipe"]["optimizer"] = {"type": "OneBiasPerLayer", "rule": {"type": "Adam"}}
    (run_copy / "config.json").write_text(json.dumps(config))
    found = json.loads(tenfold("doctor", run_copy, "--json").out)
    assert found["checked"]
    assert tenfold("report", run_copy).code == 0
    assert "OneBiasPerLayer" in (run_copy / "report.html").read_text(encoding="utf-8")


def test_labels_beyond_the_classes_of_a_recipe_give_one_line(
    tenfold: Tenfold, digits_file: Path
) -> None:
    answer = tenfold("doctor", digits_file, "--recipe", "mlp", "--set", "classes=5")
    assert answer.code == 1
    assert answer.err.startswith("tenfold: labels must be from 0 to 4")


@pytest.mark.parametrize(
    ("recipe", "settings", "advice"),
    [
        ("mlp", "batch_size=1", "set batch_size to at least 2"),
        ("quick", "batch_size=2", "set batch_size to at least 4, or shards to 1"),
    ],
)
def test_training_and_doctor_agree_on_small_batches(
    recipe: str,
    settings: str,
    advice: str,
    tenfold: Tenfold,
    digits_file: Path,
    tmp_path: Path,
) -> None:
    out = tmp_path / "run"
    train = ("train", recipe, "--data", digits_file, "--out", out, "--epochs", 1, "--no-figures")
    answer = tenfold(*train, "--set", settings)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.strip().startswith("tenfold: batch normalisation needs at least 2 images")
    assert answer.err.strip().endswith(advice)
    assert len(answer.err.strip().splitlines()) == 1
    assert not out.exists()
    doctor = ("doctor", digits_file, "--recipe", recipe, "--set", settings, "--json")
    [finding] = json.loads(tenfold(*doctor).out)["findings"]
    assert finding["name"] == "small-batches"
    fixed = shlex.split(finding["fix"])[1:]
    assert tenfold(*fixed, "--out", out, "--epochs", 1, "--no-figures").code == 0

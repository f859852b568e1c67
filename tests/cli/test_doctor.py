import json
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset
from tests.cli.conftest import Tenfold


@pytest.fixture
def shifted_file(digits: Dataset, tmp_path: Path) -> Path:
    """A hundred digits whose labels are one too high."""
    labels = (digits.require_labels()[:100] + 1) % 10
    np.savez(tmp_path / "shifted.npz", images=digits.images[:100], labels=labels)
    return tmp_path / "shifted.npz"


def test_sound_data_ends_with_0_and_says_what_was_looked_for(
    tenfold: Tenfold, digits_file: Path
) -> None:
    answer = tenfold("doctor", digits_file)
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert lines[0] == "digits.npz: 600 images"
    assert lines[1].startswith("Looked for: pixel scale, blank images")
    assert lines[2:] == ["Nothing is wrong."]


def test_a_serious_finding_ends_with_3(tenfold: Tenfold, shifted_file: Path) -> None:
    answer = tenfold("doctor", shifted_file)
    assert answer.code == 3
    flat = " ".join(answer.out.split())
    assert "SERIOUS: the labels of the images are shifted: label k + 1 stands for k" in flat
    assert "mend labels = (labels - 1) % 10" in flat
    assert f"load_parts({str(shifted_file)!r})" in flat


def test_machines_get_json_alone(tenfold: Tenfold, shifted_file: Path) -> None:
    answer = tenfold("doctor", shifted_file, "--json")
    assert (answer.code, answer.err) == (3, "")
    found = json.loads(answer.out)
    assert found["serious"]
    assert [finding["name"] for finding in found["findings"]] == ["labels-shifted"]
    assert set(found["findings"][0]) == {
        *("name", "severity", "what", "evidence", "cause", "remedy"),
    }


def test_a_recipe_is_tried_on_sound_data(tenfold: Tenfold, digits_file: Path) -> None:
    arguments = ("doctor", "--recipe", "linear", "--data", digits_file)
    assert tenfold(*arguments).code == 0
    answer = tenfold(*arguments, "--set", "learning_rate=0.3", "--json")
    assert answer.code == 3
    [finding] = json.loads(answer.out)["findings"]
    assert finding["name"] == "learning-rate"
    assert finding["remedy"].startswith(f"tenfold train linear --data {digits_file} --set ")


def test_a_run_is_known_by_its_folder(tenfold: Tenfold, trained: Path) -> None:
    answer = tenfold("doctor", trained, "--json")
    found = json.loads(answer.out)
    assert found["subject"] == f"run {trained} (mlp)"
    # Two epochs of 480 images teach little, and it says so.
    assert {"underfitting", "still-improving"} & {f["name"] for f in found["findings"]}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["DATA", "--data", "DATA"], "named twice"),
        (["DATA", "--set", "epochs=3"], "--recipe"),
        (["DATA", "--recipe", "nothing"], "there is no recipe 'nothing'"),
        (["RUN", "--recipe", "mlp"], "its own recipe"),
    ],
)
def test_what_does_not_fit_is_refused(
    arguments: list[str], words: str, tenfold: Tenfold, digits_file: Path, trained: Path
) -> None:
    places = {"DATA": digits_file, "RUN": trained}
    answer = tenfold("doctor", *(places.get(word, word) for word in arguments))
    assert answer.code == 2
    assert words in answer.err


def test_nothing_there(tenfold: Tenfold, tmp_path: Path) -> None:
    answer = tenfold("doctor", tmp_path / "nowhere")
    assert answer.code == 1
    assert "there is nothing at" in answer.err

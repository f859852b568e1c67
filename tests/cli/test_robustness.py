"""robustness, on a small finished run."""

import json
from pathlib import Path

from tenfold.images import CORRUPTIONS, DISTORTIONS
from tenfold.inspection import Robustness

from .conftest import Tenfold


def test_it_prints_a_table_and_draws(
    tenfold: Tenfold, trained: Path, digits_file: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "robust.png"
    answer = tenfold(
        *("robustness", trained, "--data", digits_file, "--images", 20, "--picture", picture)
    )
    assert answer.code == 0, answer.err
    assert "20 images" in answer.out
    assert all(f"\n{name} " in answer.out for name in CORRUPTIONS)
    assert all(
        f"\n{name.capitalize()}: {one.unit}" in answer.out for name, one in DISTORTIONS.items()
    )
    assert "Mean of the corruptions" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["robust-corruptions.png", "robust.png"]


def test_json_holds_the_whole_result(tenfold: Tenfold, trained: Path, digits_file: Path) -> None:
    arguments = ("robustness", trained, "--data", digits_file, "--images", 15, "--json")
    told = json.loads(tenfold(*arguments).out)
    assert Robustness.from_dict(told).clean.n == 15
    assert json.loads(tenfold(*arguments).out) == told
    assert json.loads(tenfold(*arguments, "--seed", 1).out) != told


def test_a_model_of_own_images_is_measured_on_mnist_with_a_warning(
    tenfold: Tenfold, trained: Path
) -> None:
    answer = tenfold("robustness", trained, "--images", 5)
    assert "5 images of MNIST test" in answer.out
    assert "MNIST's may be among them" in answer.err


def test_bad_input_ends_in_a_sentence(
    tenfold: Tenfold, trained: Path, digits_file: Path, tmp_path: Path
) -> None:
    for arguments, code in (
        ([tmp_path / "none"], 1),
        ([trained, "--images", 0], 2),
        ([trained, "--seed", -1], 2),
        ([trained, "--data", tmp_path / "none.npz"], 1),
        ([trained, "--data", digits_file, "--images", 2, "--picture", tmp_path / "p.gif"], 1),
    ):
        answer = tenfold("robustness", *arguments)
        assert answer.code == code, answer.err
        assert "Traceback" not in answer.err
        assert answer.err

"""``tenfold robustness`` on a small finished run."""

import json
from pathlib import Path

from tenfold.images import CORRUPTIONS, DISTORTIONS
from tenfold.inspection import Robustness

from .conftest import Tenfold


def test_tables_are_printed_and_pictures_drawn(
    tenfold: Tenfold, trained: Path, digits_file: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "robust.png"
    answer = tenfold(
        *("robustness", trained, "--data", digits_file, "--images", 20, "--figure", picture)
    )
    assert answer.code == 0, answer.err
    assert "20 images" in answer.out
    assert all(f"\n{name} " in answer.out for name in CORRUPTIONS)
    assert all(
        f"\n{name.capitalize()}: {one.unit}" in answer.out for name, one in DISTORTIONS.items()
    )
    assert "Mean accuracy over the corruptions" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["robust-corruptions.png", "robust.png"]


def test_json_contains_the_whole_result(tenfold: Tenfold, trained: Path, digits_file: Path) -> None:
    arguments = ("robustness", trained, "--data", digits_file, "--images", 15, "--json")
    result = json.loads(tenfold(*arguments).out)
    assert Robustness.from_dict(result).clean.n == 15
    assert json.loads(tenfold(*arguments).out) == result
    assert json.loads(tenfold(*arguments, "--seed", 1).out) != result


def test_without_data_mnist_is_used(tenfold: Tenfold, trained: Path) -> None:
    answer = tenfold("robustness", trained, "--images", 5)
    assert "5 images of MNIST test" in answer.out
    assert answer.err == ""


def test_invalid_arguments_raise(
    tenfold: Tenfold, trained: Path, digits_file: Path, tmp_path: Path
) -> None:
    for arguments, code in (
        ([tmp_path / "none"], 1),
        ([trained, "--images", 0], 2),
        ([trained, "--seed", -1], 2),
        ([trained, "--data", tmp_path / "none.npz"], 1),
        ([trained, "--data", digits_file, "--images", 2, "--figure", tmp_path / "p.gif"], 1),
    ):
        answer = tenfold("robustness", *arguments)
        assert answer.code == code, answer.err
        assert "Traceback" not in answer.err
        assert answer.err

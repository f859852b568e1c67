import json
from pathlib import Path

import pytest
from PIL import Image

from tenfold.inspection import OptimizerPaths

from .conftest import Tenfold

SMALL = ("--images", 40, "--steps", 3, "--hidden", 4)


def test_picture_is_drawn_and_losses_are_printed(tenfold: Tenfold, tmp_path: Path) -> None:
    out = tmp_path / "few.png"
    answer = tenfold("landscape", "--optimizers", "sgd,Adam=0.01", "-o", out, *SMALL)
    assert answer.code == 0, answer.err
    first, second, last = answer.out.splitlines()
    assert first.startswith("SGD             loss ")
    assert second.startswith("Adam 0.01       loss ")
    assert last.endswith(f"Figure saved in {out}")
    with Image.open(out) as image:
        assert image.format == "PNG"


def test_json_contains_the_paths(
    tenfold: Tenfold, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = tenfold("landscape", "--json", *SMALL)
    paths = OptimizerPaths.from_dict(json.loads(answer.out))
    assert len(paths.points) == 6
    assert all(len(way) == 4 for way in paths.points.values())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--layers", "x"], 2, "--hidden must be sizes"),
        (["--hidden", "0"], 2, "hidden[0] must be a whole number"),
        (
            ["--optimizers", "sdg"],
            2,
            "unknown optimizer 'sdg'. Did you mean SGD? Choose from SGD, mom",
        ),
        (["--optimizers", "SGD=fast"], 2, "the learning rate must be a number above 0"),
        (["--optimizers", "SGD=-1"], 2, "the learning rate must be a number above 0"),
        (["--optimizers", "SGD=1e30", *map(str, SMALL)], 1, "diverges within 3 steps"),
        (["-o", "paths.jpg", *map(str, SMALL)], 1, "must end in .png"),
    ],
)
def test_invalid_option_gives_one_line(
    tenfold: Tenfold, arguments: list[str], code: int, message: str
) -> None:
    answer = tenfold("landscape", *arguments)
    assert answer.code == code
    assert message in answer.err
    assert len(answer.err.strip().splitlines()) == 1

"""The command line, called as a person calls it, and one small finished run to call it on."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tenfold.cli import main
from tenfold.data import Dataset


@dataclass(frozen=True)
class Answer:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


Tenfold = Callable[..., Answer]


@pytest.fixture
def tenfold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tenfold:
    """Run ``tenfold ARGUMENTS...`` in this process."""

    def call(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["tenfold", *map(str, arguments)])
        capsys.readouterr()
        try:
            main.run()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        printed = capsys.readouterr()
        return Answer(code, printed.out, printed.err)

    return call


@pytest.fixture(scope="session")
def digits_file(digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """600 digits in an npz file."""
    path = tmp_path_factory.mktemp("data") / "digits.npz"
    np.savez(path, images=digits.images, labels=digits.require_labels())
    return path


@pytest.fixture(scope="session")
def trained(digits_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run; take a copy to change it."""
    from tenfold.recipes import RECIPES, apply_settings
    from tenfold.runs import Run, create_run, execute

    folder = tmp_path_factory.mktemp("runs") / "001-mlp"
    recipe = apply_settings(RECIPES["mlp"], ["hidden=16", "epochs=2"])
    run = create_run(Run(recipe, 0, folder, str(digits_file)))
    for _ in execute(run, recipe.source.load(run.data)):
        pass
    return folder


@pytest.fixture
def run_copy(trained: Path, tmp_path: Path) -> Path:
    """A copy of the finished run."""
    return Path(shutil.copytree(trained, tmp_path / "copy"))

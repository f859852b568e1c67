"""The command line, called in this process, and a small finished run to call it on."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tenfold.cli import main
from tenfold.data import Dataset, load_mnist
from tenfold.report import SECTIONS
from tests.inspection.maps import short_tsne
from tests.plots.pictures import drawn_quickly

PROGRAM = [sys.executable, "-m", "tenfold"]
"""The program ``tenfold`` in a process of its own."""


@dataclass(frozen=True)
class Answer:
    """The exit code and the output of a command."""

    code: int
    out: str
    err: str


Tenfold = Callable[..., Answer]


@pytest.fixture(scope="package", autouse=True)
def _small_pictures() -> Iterator[None]:
    """Draw pictures of fewer pixels, and place their parts only roughly, which is faster."""
    with drawn_quickly(), short_tsne():
        yield


@pytest.fixture
def empty_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the figures of reports without drawing them, which is slow."""
    empty = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
    monkeypatch.setattr("tenfold.report.svg.svg_text", lambda figure: empty)


@pytest.fixture
def empty_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the figures of picture files without drawing them."""
    monkeypatch.setattr("tenfold.plots.style._png", lambda figure: b"PNG")


@pytest.fixture
def quick_report(
    monkeypatch: pytest.MonkeyPatch, empty_figures: None, empty_pictures: None
) -> None:
    """Leave out the sections of the report that are slow, and the drawing of all figures.

    For tests about which files are written and when. tests/plots and tests/report draw them all.
    """
    monkeypatch.setattr("tenfold.report.page.SECTIONS", SECTIONS[:3])


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


def imported_modules(*arguments: object) -> set[str]:
    """Run ``tenfold ARGUMENTS...`` in a process of its own; return the modules it imported."""
    script = (
        "import atexit, runpy, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr));"
        "runpy.run_module('tenfold', run_name='__main__', alter_sys=True)"
    )
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stderr.split())


@pytest.fixture(scope="session")
def digits_file(digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """600 digits in an npz file."""
    path = tmp_path_factory.mktemp("data") / "digits.npz"
    np.savez(path, images=digits.images, labels=digits.require_labels())
    return path


@pytest.fixture(scope="session")
def new_digits() -> Dataset:
    """600 digits that the small run was not trained on."""
    return load_mnist("test").subset(np.arange(600))


@pytest.fixture(scope="session")
def new_file(new_digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """These 600 digits in an npz file."""
    path = tmp_path_factory.mktemp("new") / "digits.npz"
    np.savez(path, images=new_digits.images, labels=new_digits.require_labels())
    return path


@pytest.fixture(scope="session")
def trained(digits_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run; use ``run_copy`` to change it."""
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

import subprocess
import sys
from pathlib import Path

import pytest

from tenfold import __version__
from tenfold.cli import main
from tenfold.errors import TenfoldError, UsageError

from .conftest import Tenfold

COMMANDS = ["train", "recipes", "evaluate", "predict", "submit", "compare", "reproduce", "data"]
COMMANDS += ["landscape"]


def test_help_names_every_command_and_where_to_begin(tenfold: Tenfold) -> None:
    answer = tenfold("--help")
    assert answer.code == 0
    assert all(command in answer.out for command in COMMANDS)
    assert "tenfold train" in answer.out


@pytest.mark.parametrize("command", [c for c in COMMANDS if c != "data"])
def test_every_command_has_help_with_examples(tenfold: Tenfold, command: str) -> None:
    answer = tenfold(command, "--help")
    assert answer.code == 0
    assert f"\n  tenfold {command}" in answer.out


def test_version(tenfold: Tenfold) -> None:
    assert tenfold("--version").out == f"tenfold {__version__}\n"


@pytest.mark.parametrize("arguments", [["trian"], ["train", "--epoch"], ["train", "--epochs", "x"]])
def test_what_is_unknown_ends_with_code_2(tenfold: Tenfold, arguments: list[str]) -> None:
    answer = tenfold(*arguments)
    assert answer.code == 2
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (TenfoldError("the disk is full"), 1, "tenfold: the disk is full"),
        (UsageError("no such recipe"), 2, "tenfold: no such recipe"),
        (KeyboardInterrupt(), 130, "tenfold: interrupted"),
    ],
)
def test_how_problems_end(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    said: str,
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(main, "app", fail)
    with pytest.raises(SystemExit) as ended:
        main.run()
    assert ended.value.code == code
    assert capsys.readouterr().err.strip() == said


def test_a_defect_of_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(main, "app", fail)
    with pytest.raises(ZeroDivisionError):
        main.run()


def test_help_needs_no_heavy_library() -> None:
    """What makes ``tenfold --help`` quick: none of these is imported for it."""
    code = (
        "import sys; from tenfold.cli import main; "
        "print([m for m in ('numpy', 'rich', 'matplotlib', 'PIL', 'safetensors') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_output_that_cannot_be_written_is_one_sentence() -> None:
    code = "from tenfold.cli.main import run; run()"
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-c", code, "recipes"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_argument_is_not_the_current_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from tenfold.cli.main import run; run()"]
    answer = subprocess.run(
        [*command, "train", "--out", ""], cwd=tmp_path, capture_output=True, text=True
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "an argument is empty" in answer.stderr
    assert not list(tmp_path.iterdir())

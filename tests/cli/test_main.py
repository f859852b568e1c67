import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tenfold import __version__
from tenfold.__main__ import main as run_program
from tenfold.cli import main
from tenfold.cli.commands import data
from tenfold.data import Dataset
from tenfold.data.kaggle_csv import write_kaggle_csv
from tenfold.errors import TenfoldError, UsageError

from .conftest import PROGRAM, Tenfold, imported_modules

MOST_MODULES = 60
"""The limit for ``tenfold predict``, which has to start quickly, without ``tenfold.reading``."""

MOST_TO_READ = 51
"""The limit for the modules of ``tenfold.reading`` that find the digit in any other picture."""

COMMANDS = [[name] for name in main.COMMANDS if name != "data"]
COMMANDS += [["data", name] for name in data.COMMANDS]


def test_help_lists_every_command_in_order_with_its_help(tenfold: Tenfold) -> None:
    answer = tenfold("--help")
    assert answer.code == 0
    lines = [line.split(maxsplit=1) for line in answer.out.splitlines()]
    listed = lines[lines.index(["Commands:"]) + 1 :]
    assert [line[0] for line in listed[: len(main.COMMANDS)]] == list(main.COMMANDS)
    assert all(line[1].endswith(".") for line in listed[: len(main.COMMANDS)])
    assert not any(line[1].endswith("...") for line in listed[: len(main.COMMANDS)])
    assert "To begin, run: tenfold train" in answer.out


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_examples(tenfold: Tenfold, command: list[str]) -> None:
    answer = tenfold(*command, "--help")
    assert answer.code == 0
    _, examples = answer.out.split("\n  Examples:\n")
    assert examples.startswith(f"    tenfold {' '.join(command)}")


def test_version(tenfold: Tenfold) -> None:
    assert tenfold("--version").out == f"tenfold {__version__}\n"


@pytest.mark.parametrize("arguments", [["train", "--epoch"], ["train", "--epochs", "x"]])
def test_unknown_option_or_value_exits_with_code_2(tenfold: Tenfold, arguments: list[str]) -> None:
    answer = tenfold(*arguments)
    assert answer.code == 2
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (TenfoldError("the disk is full"), 1, "tenfold: the disk is full"),
        (MemoryError(), 1, f"tenfold: {main._NO_MEMORY}"),
        (UsageError("no such recipe"), 2, "tenfold: no such recipe"),
        (KeyboardInterrupt(), 130, "tenfold: interrupted"),
    ],
)
def test_expected_error_ends_with_one_line_and_its_exit_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    message: str,
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(main, "app", fail)
    with pytest.raises(SystemExit) as ended:
        run_program()
    assert ended.value.code == code
    assert capsys.readouterr().err.strip() == message


def test_unexpected_error_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(main, "app", fail)
    with pytest.raises(ZeroDivisionError):
        main.run()


def test_help_imports_no_heavy_library() -> None:
    imported = imported_modules("--help")
    assert "tenfold.cli.commands.train" in imported
    heavy = {"numpy", "rich", "matplotlib", "PIL", "safetensors"}
    assert not {name.split(".")[0] for name in imported} & heavy
    assert not {name for name in imported if name.startswith(("tenfold.data", "tenfold.nn"))}


@pytest.mark.parametrize("argument", ["--help", "28", "300"])
def test_predict_imports_few_modules(digits: Dataset, tmp_path: Path, argument: str) -> None:
    if argument.isdigit():
        picture, size = Image.fromarray(digits.images[0, ..., 0]), int(argument)
        argument = str(tmp_path / "digit.png")
        picture.resize((size, size)).save(argument)
    imported = imported_modules("predict", argument)
    assert "tenfold.cli.commands.predict" in imported
    own = sorted(name for name in imported if name.split(".")[0] == "tenfold")
    to_read = [name for name in own if name.startswith("tenfold.reading.")]
    if argument.endswith(".png") and size != 28:
        assert "tenfold.reading.reader" in to_read
        assert len(to_read) <= MOST_TO_READ, to_read
        assert "scipy" not in imported  # it takes as long to import as everything else
        own = [name for name in own if name not in to_read]
    assert len(own) <= MOST_MODULES, own
    assert not {name for name in own if name.startswith(("tenfold.recipes", "tenfold.runs"))}


def test_a_warning_of_the_library_is_one_line(digits: Dataset, tmp_path: Path) -> None:
    write_kaggle_csv(tmp_path / "test.csv", Dataset(255 - digits.images[:20]))
    arguments = ("submit", "standard", str(tmp_path / "test.csv"), "-o", str(tmp_path / "out.csv"))
    done = subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True)
    assert done.returncode == 0
    assert (
        "Warning: 20 of the images are inverted, with dark ink on" in done.stderr.splitlines()[-1]
    )
    assert "submit.py" not in done.stderr


def test_output_that_cannot_be_written_gives_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*PROGRAM, "recipes"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments", [["recipes"], ["--help"], ["train", "--help"], ["recipes", "mlp"]]
)
def test_output_whose_reader_has_ended_gives_no_message(arguments: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*PROGRAM, *arguments], stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, "")


@pytest.mark.parametrize(("redirect", "code"), [(">&-", 0), (">&- 2>&-", 0), ("x 2>&-", 2)])
def test_closed_streams_change_nothing(redirect: str, code: int) -> None:
    done = subprocess.run(
        f"{shlex.join(PROGRAM)} recipes {redirect}", shell=True, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_empty_argument_raises(tmp_path: Path) -> None:
    answer = subprocess.run(
        [*PROGRAM, "train", "--out", ""], cwd=tmp_path, capture_output=True, text=True
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "an argument is empty" in answer.stderr
    assert not list(tmp_path.iterdir())


def test_module_runs_as_the_program() -> None:
    answer = subprocess.run([*PROGRAM, "--version"], capture_output=True, text=True)
    assert (answer.returncode, answer.stdout) == (0, f"tenfold {__version__}\n")
    assert sys.executable == PROGRAM[0]

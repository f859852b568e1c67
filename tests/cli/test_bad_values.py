"""A value that an option cannot have is answered by what it must be and what was given."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tenfold.cli import main
from tenfold.cli.commands import data
from tenfold.cli.shared.lazy_group import _load
from tenfold.cli.shared.plain_help import limits

from .conftest import Tenfold

COMMANDS = [[name] for name in main.COMMANDS if name != "data"]
COMMANDS += [["data", name] for name in data.COMMANDS]


def wrong_values(param: Any) -> Iterator[str]:
    kind = str(param.display_type(None) if hasattr(param, "display_type") else param.type)
    low, high = limits(param)
    if re.match(r"<?(int|integer|float)\b", kind, re.IGNORECASE):
        yield "many"
    if low is not None:
        yield str(low - 1)
    if high is not None:
        yield str(high + 1)


def cases() -> Iterator[tuple[list[str], str, str]]:
    for command in COMMANDS:
        package = "tenfold.cli.commands" + (".data" if command[0] == "data" else "")
        for param in _load(package, command[-1]).params:
            if param.param_type_name == "option":
                for value in wrong_values(param):
                    yield command, next(n for n in param.opts if n.startswith("--")), value


@pytest.mark.parametrize(("command", "option", "value"), list(cases()))
def test_a_number_out_of_range_is_named(
    tenfold: Tenfold, command: list[str], option: str, value: str
) -> None:
    answer = tenfold(*command, option, value)
    assert answer.code == 2
    assert answer.err.startswith(f"tenfold: {option} must be a ")
    assert answer.err.endswith(f", got {value}\n")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("train --threads 0", "--threads must be a whole number from 1 to 256, got 0"),
        ("train --epochs 1.5", "--epochs must be a whole number of at least 1, got 1.5"),
        ("train --learning-rate fast", "--lr must be a number, got fast"),
        ("train --checkpoint-every nan", "--checkpoint-every must be a number of at least 0, got"),
        ("train --seed -1", "--seed must be a whole number from 0 to 2**64 - 1, got -1"),
        ("evaluate --split val standard", "--split must be train or test, got val"),
        ("map standard --method umap", "--method must be pca, tsne or both, got umap"),
        ("read --error-rate 2 a.png", "--error-rate must be above 0 and below 1, got 2"),
        ("read --error-rate nan a.png", "--error-rate must be above 0 and below 1, got nan"),
    ],
)
def test_messages(tenfold: Tenfold, command: str, message: str) -> None:
    answer = tenfold(*command.split())
    assert (answer.code, answer.out) == (2, "")
    assert f"tenfold: {message}" in answer.err


@pytest.mark.parametrize("command", ["evaluate", "train --seed", "map --bogus", "train a b"])
def test_other_errors_keep_their_words(tenfold: Tenfold, command: str) -> None:
    answer = tenfold(*command.split())
    assert answer.code == 2
    assert "Error: " in answer.err

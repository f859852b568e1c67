"""Help shows what a user types, and no types or names of Python."""

import re

import pytest

from tenfold.cli import main
from tenfold.cli.commands import data
from tenfold.cli.shared.plain_help import OLD_NAMES

from .conftest import Tenfold

COMMANDS = [[name] for name in main.COMMANDS if name != "data"]
COMMANDS += [["data", name] for name in data.COMMANDS]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_contains_no_python_types(tenfold: Tenfold, command: list[str]) -> None:
    text = tenfold(*command, "--help").out
    assert not re.search(r"<\w+[^>]*>|[<>]=|\{|\(default|: \(|\[required|None|PosixPath", text)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_lists_no_old_name(tenfold: Tenfold, command: list[str]) -> None:
    assert not OLD_NAMES & set(re.split(r"[\s,]+", tenfold(*command, "--help").out))


def test_usage_shows_required_optional_and_repeated_arguments(tenfold: Tenfold) -> None:
    usages = {
        ("show",): "show [OPTIONS] MODEL",
        ("report",): "report [OPTIONS] [RUN]",
        ("evaluate",): "evaluate [OPTIONS] MODEL...",
        ("reproduce",): "reproduce [OPTIONS] [NAME]...",
        ("predict",): "predict [OPTIONS] [MODEL]... IMAGE...",
        ("submit",): "submit [OPTIONS] MODEL... [TEST]",
    }
    for command, usage in usages.items():
        assert tenfold(*command, "--help").out.splitlines()[0].endswith(f"tenfold {usage}")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("train", "[default: quick]"),
        ("train", "[default: all cores; with --jobs, each training gets an equal share of them;"),
        ("train", "[default: --figures]"),
        ("train", "[default: 10]"),
        ("map", "[default: map.png]"),
        ("map", "--method pca|tsne|both"),
        ("report", "-o, --out HTML"),
        ("submit", "--labels CSV"),
        ("landscape", "--hidden N,N,..."),
    ],
)
def test_help_shows_defaults_and_limits_in_words(
    tenfold: Tenfold, command: str, words: str
) -> None:
    assert words in " ".join(tenfold(command, "--help").out.split())

"""A sample of the random damages of ``tests/cli/damage.py``."""

from pathlib import Path

import pytest

from .damage import COMMANDS, ended_cleanly, make_all, trials


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runs, data and image that are damaged."""
    return make_all(tmp_path_factory.mktemp("made"))


def test_damaged_files_give_no_traceback(made: Path) -> None:
    faults = [(what, fault) for what, fault in trials(60, 2026, made, slow=False) if fault]
    assert not faults, "\n".join(faults[0])


@pytest.mark.parametrize(
    ("message", "found"),
    [("it must be JSON", ""), ("KeyError: 'x'", "a name of Python"), ("nan%", "means nothing")],
)
def test_faults_of_a_message_are_noticed(
    monkeypatch: pytest.MonkeyPatch, message: str, found: str
) -> None:
    monkeypatch.setattr("tenfold.cli.main.run", lambda: print(message))
    fault = ended_cleanly(["recipes"])
    assert found in fault
    assert bool(fault) == bool(found)


def test_a_traceback_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise KeyError("x")

    monkeypatch.setattr("tenfold.cli.main.run", fail)
    assert ended_cleanly(["recipes"]).startswith("Traceback")
    assert {command[0] for command in COMMANDS} >= {"train", "predict", "evaluate", "doctor"}

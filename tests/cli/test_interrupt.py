"""A signal saves a training; drawing that is interrupted can be done later."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tenfold.__main__ import main
from tenfold.cli.shared.interrupt import stop_on_signal
from tenfold.models import load_model

from .conftest import PROGRAM, Tenfold


def handlers() -> list[object]:
    return [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_first_signal_requests_a_stop_and_the_handlers_come_back(number: signal.Signals) -> None:
    previous = handlers()
    with stop_on_signal() as requested:
        assert not requested()
        os.kill(os.getpid(), number)
        assert requested()
        assert handlers() == previous


def test_second_ctrl_c_ends_at_once() -> None:
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it
    try:
        with stop_on_signal():
            os.kill(os.getpid(), signal.SIGINT)
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, previous)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_saves_and_resume_gives_the_same_model(
    number: signal.Signals, digits_file: Path, tmp_path: Path, tenfold: Tenfold
) -> None:
    options = ("--data", digits_file, "--set", "hidden=16", "--no-pictures", "--epochs")
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert tenfold("train", "mlp", *options, 400, "--out", whole).code == 0
    command = [*PROGRAM, "train", "mlp", *map(str, options), "400", "--out", str(parts)]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not (parts / "records.jsonl").exists():  # the training has begun
        assert child.poll() is None
    child.send_signal(number)
    _, err = child.communicate()
    assert child.returncode == 128 + number
    assert f"Stopped and saved. Resume with: tenfold train --resume {parts}" in err
    assert tenfold("train", "--resume", parts, "--no-pictures").code == 0
    one, other = (load_model(run / "model.safetensors").network for run in (whole, parts))
    assert one.theta.value.tobytes() == other.theta.value.tobytes()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError(), OSError(28, "disk full")])
def test_interrupted_drawing_says_how_to_draw_later(
    error: BaseException,
    digits_file: Path,
    tmp_path: Path,
    tenfold: Tenfold,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*arguments: object) -> None:
        raise error

    run = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr("tenfold.plots.draw_run", fail)
        answer = tenfold("train", "linear", "--data", digits_file, "--epochs", 1, "--out", run)
    assert answer.code == (130 if isinstance(error, KeyboardInterrupt) else 1)
    assert f"The run is saved. Draw later with: tenfold train --resume {run}" in answer.err
    assert "Traceback" not in answer.err
    assert not (run / "report.html").exists()
    assert tenfold("train", "--resume", run).code == 0
    assert (run / "report.html").exists()
    assert list((run / "pictures").glob("*.png"))


def test_ctrl_c_while_modules_are_imported_ends_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted:
        def find_spec(self, name: str, *rest: object) -> None:
            if name == "tenfold.cli.main":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "tenfold.cli.main")
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    with pytest.raises(SystemExit, match="130"):
        main()
    assert capsys.readouterr().err == "tenfold: interrupted\n"

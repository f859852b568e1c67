"""A signal saves a training; drawing that is interrupted can be done later."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tenfold.__main__ import main
from tenfold.cli.shared.interrupt import stop_on_signal

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


def stopped_by(number: signal.Signals, arguments: tuple[str, ...], run: Path) -> str:
    """Train in a process until new records are written; send a signal; return its messages."""
    records = run / "records.jsonl"
    before = records.stat().st_size if records.exists() else 0
    child = subprocess.Popen(
        [*PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    while not records.exists() or records.stat().st_size == before:  # the training has not begun
        assert child.poll() is None
        time.sleep(0.005)
    child.send_signal(number)
    _, err = child.communicate()
    assert child.returncode == 128 + number
    return err


def test_signals_save_and_resume_gives_the_same_bytes(
    digits_file: Path, tmp_path: Path, tenfold: Tenfold
) -> None:
    """Its epochs last much longer than it takes to notice that the training has begun."""
    small = ("--set", "hidden=8", "--epochs", "160", "--no-figures")
    options = ("train", "mlp", "--data", str(digits_file), *small)
    run, whole = tmp_path / "run", tmp_path / "whole"
    begin = (*options, "--out", str(run), "--checkpoint-every", "0")
    resume = ("train", "--resume", str(run), "--no-figures")
    message = f"Stopped and saved. Resume with: tenfold train --resume {run}"
    for number, arguments in (
        (signal.SIGTERM, begin),
        (signal.SIGHUP, resume),
        (signal.SIGINT, resume),
    ):
        assert message in stopped_by(number, arguments, run)
        assert (run / "checkpoint.safetensors").exists()
        assert not (run / "metrics.json").exists()
    assert tenfold(*resume).code == 0
    assert tenfold(*options, "--out", whole).code == 0
    models = [folder / "model.safetensors" for folder in (run, whole)]
    assert models[0].read_bytes() == models[1].read_bytes()


@pytest.mark.usefixtures("quick_report")
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

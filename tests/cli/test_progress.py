import os
import signal

import numpy as np
import pytest

from tenfold.cli.shared.progress import ctrl_c, show_training
from tenfold.training import EpochRecord, Record, StepRecord

LOGITS, LABELS = np.eye(4), np.array([0, 1, 2, 0])  # three of four right


def records() -> list[Record]:
    step = StepRecord(0, 0, 0.5, LOGITS, LABELS, 0.1)
    return [step, EpochRecord(0, 1, 0.5, 0.75, 0.1, 0.4, 0.9375)]


def test_a_terminal_sees_epoch_loss_accuracy_speed_and_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes any stream for a terminal then
    monkeypatch.setenv("COLUMNS", "100")
    with show_training(epochs=2, images=4, quiet=False) as show:
        for record in records():
            show(record)
    shown = capsys.readouterr()
    assert shown.out == ""
    for words in ("epoch 1/2", "loss 0.5000", "train 75.00%", "val 93.75%", "img/s"):
        assert words in shown.err


@pytest.mark.parametrize("quiet", [True, False])
def test_nobody_looking_means_silence(quiet: bool, capsys: pytest.CaptureFixture[str]) -> None:
    with show_training(epochs=2, images=4, quiet=quiet) as show:
        for record in records():
            show(record)
    assert capsys.readouterr() == ("", "")


def test_quiet_is_quiet_in_a_terminal_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with show_training(epochs=2, images=4, quiet=True) as show:
        show(records()[0])
    assert capsys.readouterr() == ("", "")


def test_the_first_ctrl_c_is_a_wish_and_the_second_an_end() -> None:
    before = signal.getsignal(signal.SIGINT)
    with ctrl_c() as wished:
        assert not wished()
        os.kill(os.getpid(), signal.SIGINT)
        assert wished()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before

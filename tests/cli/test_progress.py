import numpy as np
import pytest

from tenfold.cli.shared.progress import progress_bar, spinner, training_bar
from tenfold.training import EpochRecord, Record, StepRecord

LOGITS, LABELS = np.eye(4), np.array([0, 1, 2, 0])  # three of four are correct


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make rich treat any stream as a terminal."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")


def show_everything(quiet: bool) -> None:
    with training_bar(epochs=2, images=4, quiet=quiet) as show:
        for record in records():
            show(record)
    with progress_bar("starting", 10, quiet=quiet) as bar:
        bar.advance("fold [1] of 2", 5)
    with progress_bar("sets of images", quiet=quiet) as bar:
        for done in range(4):
            bar.set(done, 3)
    with spinner("drawing [x]", quiet=quiet) as change:
        change("writing [y]")


def records() -> list[Record]:
    step = StepRecord(0, 1, 0.5, LOGITS, LABELS, 0.1)
    return [step, EpochRecord(1, 1, 0.5, 0.75, 0.1, 0.4, 0.9375)]


@pytest.mark.usefixtures("terminal")
def test_terminal_shows_progress(capsys: pytest.CaptureFixture[str]) -> None:
    show_everything(quiet=False)
    shown = capsys.readouterr()
    assert shown.out == ""
    for text in ("epoch 1/2", "loss 0.5000", "train 75.00%", "val 93.75%", "img/s"):
        assert text in shown.err
    assert "fold [1] of 2" in shown.err
    assert "sets of images" in shown.err
    assert "3/3" in shown.err
    assert "drawing [x] ..." in shown.err or "writing [y] ..." in shown.err


@pytest.mark.usefixtures("terminal")
def test_quiet_shows_nothing_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show_everything(quiet=True)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("quiet", [True, False])
def test_nothing_is_shown_without_a_terminal(
    quiet: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    show_everything(quiet)
    assert capsys.readouterr() == ("", "")

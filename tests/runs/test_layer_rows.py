"""What curves are drawn from: epochs, or the batches of a run that has hardly any."""

from typing import Any

from tenfold.runs.layer_rows import by_update

RECORD = {"epoch": 0, "step": 20, "train_accuracy": 0.5, "validation_accuracy": 0.9}


def rows(*steps: int) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []
    for step in steps:
        batch = {"batch_loss": 2.0 / (step + 1), "batch_accuracy": step / 20}
        seen += [{"step": step, "layer": 1}, {"step": step, "layer": 2, **batch}]
    return seen


def test_one_epoch_is_drawn_by_its_batches() -> None:
    drawn = by_update([RECORD], rows(0, 9, 19))
    assert drawn == [
        {"epoch": 0, "step": 1, "train_loss": 2.0, "train_accuracy": 0.0},
        {"epoch": 9, "step": 10, "train_loss": 0.2, "train_accuracy": 0.45},
        {"epoch": 19, "step": 20, "train_loss": 0.1, "train_accuracy": 0.95}
        | {"validation_accuracy": 0.9},
    ]


def test_validation_stands_where_its_epoch_ended_watched_or_not() -> None:
    drawn = by_update([RECORD | {"step": 15}], rows(0, 9, 19))
    assert [row["step"] for row in drawn] == [1, 10, 15, 20]
    assert drawn[2] == {"epoch": 14, "step": 15, "validation_accuracy": 0.9}


def test_epochs_that_make_a_curve_stay_and_so_does_what_was_not_watched() -> None:
    three = [RECORD | {"epoch": epoch, "step": 20 * (epoch + 1)} for epoch in range(3)]
    assert by_update(three, rows(0, 9, 19)) == three
    assert by_update([RECORD], rows(0, 9)) == [RECORD]
    assert by_update([RECORD], [{"step": 0, "layer": 1}] * 9) == [RECORD]

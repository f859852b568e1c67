"""Made-up records and predictions, and checks of what is drawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import Any
from unittest.mock import patch

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.plots import style


def epoch_records(
    count: int = 5, steps: int = 430, more: dict[str, float] | None = None
) -> list[dict[str, Any]]:
    """Return the records of a run that improves; ``more`` is added to each."""
    return [
        {
            "epoch": epoch + 1,
            "step": (epoch + 1) * steps,
            "train_loss": 2.3 / (epoch + 1),
            "train_accuracy": 1 - 0.9 / (epoch + 1),
            "validation_loss": 2.4 / (epoch + 1),
            "validation_accuracy": 1 - 0.95 / (epoch + 1),
            "learning_rate": 0.01,
            "seconds": float(epoch),
        }
        | (more or {})
        for epoch in range(count)
    ]


def without_validation(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {key: value for key, value in record.items() if not key.startswith("validation")}
        for record in records
    ]


def answers(count: int, share_wrong: float = 0.2) -> tuple[Array, Array, Array, Array]:
    """Return made-up images, labels, predictions and confidences."""
    rng = stream(0, "test answers", count)
    images = rng.integers(0, 256, (count, 28, 28, 1), dtype=np.uint8)
    labels = rng.integers(0, 10, count)
    wrong = rng.random(count) < share_wrong
    predicted = (labels + wrong * rng.integers(1, 10, count)) % 10
    return images, labels, predicted, rng.uniform(0.1, 1, count).astype(np.float32)


@contextmanager
def placed_roughly() -> Iterator[None]:
    """Draw figures without searching for the best place of each part, which takes long.

    For tests about the files around them; those of this folder examine how figures look.
    """
    with patch.object(Figure, "get_layout_engine", lambda figure: None):
        yield


@contextmanager
def drawn_quickly() -> Iterator[None]:
    """Draw figures of fewer pixels, and place their parts only roughly."""
    with placed_roughly(), patch.dict(style._SETTINGS, {"figure.dpi": 40}):
        yield


def words(figure: Figure) -> list[str]:
    """Return every text in a figure, which does not depend on where its parts are placed."""
    with placed_roughly():
        return [text.get_text() for text in written(figure)]


def written(figure: Figure) -> list[Text]:
    """Return the texts that are drawn, without those that matplotlib only prepares."""
    drawn: list[Text] = []

    def note(text: Text, renderer: RendererBase) -> None:
        drawn.append(text)

    with patch.object(Text, "draw", note):
        figure.draw_without_rendering()
    return [text for text in drawn if text.get_text().strip() and text.get_visible()]


def assert_readable(figure: Figure) -> None:
    """Check that no text is cut off at the edge or overlaps another."""
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in written(figure)]
    width, height = figure.bbox.size
    for name, box in boxes:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height
        assert inside, f"{name!r} is cut off"
    for (name, box), (other_name, other) in combinations(boxes, 2):
        assert not box.overlaps(other), f"{name!r} overlaps {other_name!r}"

"""The benchmark of the studio: what it sends, and how it prints results."""

import asyncio
import math
from types import SimpleNamespace

import numpy as np
import pytest
from benchmarks.studio import crowd
from benchmarks.studio.rows import Row
from benchmarks.studio.talking import MLP, QUICK, drawing, kind_of

from tenfold.studio.ink.strokes import rasterise, strokes_of
from tenfold.studio.jobs.racer import racers_of
from tenfold.studio.server.messages import encode


@pytest.mark.parametrize("points", [1, 2, 24])
def test_its_drawings_and_trainings_are_those_of_a_page(points: int) -> None:
    message = drawing(points, 3)
    assert message["id"] == 3
    assert rasterise(strokes_of(message)).max() == 1
    for racer in (MLP, QUICK):
        racers_of({"type": "train", "seed": 0, "racers": [racer]})


@pytest.mark.parametrize("arrays", [None, {"x": np.zeros(3, np.uint8)}])
def test_it_reads_the_type_of_text_and_binary_messages(
    arrays: dict[str, np.ndarray] | None,
) -> None:
    assert kind_of(encode({"type": "drawn", "id": 1}, arrays)) == "drawn"


@pytest.mark.parametrize(
    ("row", "end"),
    [
        (Row("median", 12.34, 50), "12.3 ms  below 50"),
        (Row("median", 50.0, 50), "50.0 ms  below 50  MISSED"),
        (Row("median", math.nan, 50), "nan ms  below 50  MISSED"),
        (Row("answers", 1873.0, None, ""), "1,873.0"),
    ],
)
def test_a_result_stands_beside_its_target(row: Row, end: str) -> None:
    assert str(row).endswith(end)
    assert row.missed == ("MISSED" in end)


def test_a_crowd_whose_clients_fail_is_measured_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*arguments: object) -> None:
        raise RuntimeError("a drawing was refused")

    monkeypatch.setattr(crowd, "_client", fail)
    looks: list[float] = []

    async def look(seconds: float) -> None:
        looks.append(seconds)
        await pause(0)

    pause = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", look)
    rows = crowd.measure_crowd(SimpleNamespace(megabytes=100.0), 2, 0.2)  # type: ignore[arg-type]
    assert rows[0].missed
    assert len(looks) == 1

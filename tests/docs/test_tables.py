"""The figures in the pages are those that were measured."""

from typing import Any

import pytest

from docs import fill_tables as tables


def test_the_tables_are_filled_from_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert tables.main(["--check"]) == 0, capsys.readouterr().out


def test_a_changed_figure_is_noticed() -> None:
    form = {"train_accuracy": 0.5, "test_accuracy": 0.25, "seconds": 3.0, "seeds": [0]}
    form |= {"runs": [{"test_accuracy": 0.25}]}
    result = {"name": "n", "project": "p", "as_written": form, "corrected": form}
    measured: dict[str, Any] = {
        "environment": {"date": "2026-01-01", "cores": 1, "processor": "p"},
        "classics": [result | {"claims": [{"value": 0.9, "measures": "held_out"}]}],
    }
    measured["environment"] |= {"python": "3", "numpy": "2"}
    for page in tables.PAGES:
        text = tables.filled(page, measured)
        assert text != (tables.ROOT / page).read_text("utf-8")
        assert "25.00 %" in text
    assert "90.00 % held out" in tables.filled("README.md", measured)

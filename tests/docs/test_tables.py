"""The figures in the pages are those that were measured."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fill_tables", ROOT / "docs" / "fill_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tables_are_filled_from_what_was_measured(
    tables: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tables.main(["--check"]) == 0, capsys.readouterr().out


def test_a_changed_figure_is_noticed(tables: ModuleType) -> None:
    measured = {"environment": {"date": "2026-01-01", "cores": 1, "processor": "p"}}
    measured["environment"] |= {"python": "3", "numpy": "2"}
    form = {"train_accuracy": 0.5, "test_accuracy": 0.25, "seconds": 3.0, "seeds": [0]}
    form["runs"] = [{"test_accuracy": 0.25}]
    claim = {"value": 0.9, "measures": "held_out"}
    measured["classics"] = [  # type: ignore[assignment]
        {"name": "n", "project": "p", "claims": [claim], "as_written": form, "corrected": form}
    ]
    for page in tables.PAGES:
        text = tables.filled(page, measured)
        assert text != (ROOT / page).read_text("utf-8")
        assert "25.00 %" in text
    assert "90.00 % held out" in tables.filled("README.md", measured)

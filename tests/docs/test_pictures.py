"""The pictures of the pages can be redrawn in place by the commands that draw them."""

from pathlib import Path

import pytest

from tenfold.cli.shared.output import FIGURE

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SCREENSHOTS = {PICTURES / "report.png", *PICTURES.glob("studio-*.png")}
DRAWN = sorted({*PICTURES.glob("*.png")} - SCREENSHOTS)


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.name)
def test_pictures_are_recognised_as_drawn_by_tenfold(path: Path) -> None:
    assert FIGURE.is_own(path)

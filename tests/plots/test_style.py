import io
import pickle
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from tenfold.errors import TenfoldError
from tenfold.plots import confusion_figure, learning_curves, metric_curves, save_figure
from tenfold.plots.style import COLOURS, MARKERS, styled_figure
from tests.plots.pictures import epoch_records

RUNS = {"mlp": epoch_records()}


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_colours_differ_in_grey_and_looks_are_unique() -> None:
    assert abs(luminance(COLOURS[0]) - luminance(COLOURS[1])) > 0.08
    looks = {(COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)]) for i in range(56)}
    assert len(looks) == 56
    assert max(map(luminance, COLOURS)) < 0.75  # on white paper


def test_equal_figures_give_equal_bytes_without_a_date(tmp_path: Path) -> None:
    one = save_figure(learning_curves(RUNS), tmp_path / "one.png").read_bytes()
    other = save_figure(learning_curves(RUNS), tmp_path / "other.png").read_bytes()
    assert one == other
    with Image.open(tmp_path / "one.png") as image:
        assert set(image.info) <= {"dpi", "Software"}
        assert image.info["Software"] == "tenfold"
        assert image.info["dpi"] == pytest.approx((150, 150), abs=0.1)
        assert image.size == (960, 630)


def test_notebooks_display_a_figure(tmp_path: Path) -> None:
    """IPython calls ``_repr_png_``, which gives the saved picture in a smaller size."""
    with matplotlib.rc_context({"axes.facecolor": "yellow", "savefig.dpi": 20}):
        shown = vars(learning_curves(RUNS))["_repr_png_"]()
    (tmp_path / "shown.png").write_bytes(shown)
    figure = learning_curves(RUNS)
    save_figure(figure, tmp_path / "saved.png")
    with Image.open(tmp_path / "shown.png") as small, Image.open(tmp_path / "saved.png") as large:
        assert (small.size, large.size) == ((640, 420), (960, 630))
        assert small.convert("RGB").getpixel((320, 5)) == (255, 255, 255)
    assert vars(pickle.loads(pickle.dumps(figure)))["_repr_png_"]() == shown


def test_settings_of_the_user_have_no_effect_and_are_kept(tmp_path: Path) -> None:
    plain = save_figure(learning_curves(RUNS), tmp_path / "plain.png").read_bytes()
    own: dict[Any, Any] = {
        "axes.facecolor": "yellow",
        "font.size": 30,
        "xtick.labelsize": 40,
        "savefig.dpi": 20,
    }
    with matplotlib.rc_context(own):
        figure = learning_curves(RUNS)
        assert matplotlib.rcParams["axes.facecolor"] == "yellow"
        assert save_figure(figure, tmp_path / "own.png").read_bytes() == plain
    assert matplotlib.rcParams["axes.facecolor"] != "yellow"


@pytest.mark.parametrize(
    "draw",
    [
        lambda: metric_curves(RUNS, ("accuracy", "loss")),
        lambda: confusion_figure(np.eye(10, dtype=int)),
    ],
)
def test_a_figure_keeps_its_style_if_saved_elsewhere(draw: Callable[[], Figure]) -> None:
    def saved(settings: dict[Any, Any]) -> bytes:
        figure, content = draw(), io.BytesIO()
        with matplotlib.rc_context(settings):
            figure.savefig(content, format="png")
        return content.getvalue()

    own = dict.fromkeys(("xtick.labelsize", "ytick.labelsize", "font.size"), 40)
    assert saved(own | {"xtick.color": "red", "grid.color": "red"}) == saved({})


def test_only_one_figure_is_drawn_at_a_time() -> None:
    inside, most = 0, 0
    began = threading.Event()

    @styled_figure
    def slow() -> Figure:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        began.wait(0.05)
        inside -= 1
        return Figure()

    threads = [threading.Thread(target=slow) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (inside, most) == (0, 1)


@pytest.mark.parametrize("name", ["picture.jpg", "picture", "picture.svg"])
def test_names_without_png_raise(name: str, tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match=re.escape(f"must end in .png, got '{name}'")):
        save_figure(Figure(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_raises(tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match=r"cannot write .*missing"):
        save_figure(Figure(), tmp_path / "missing" / "picture.png")


def test_missing_matplotlib_raises(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    message = re.escape("pip install '.[plots]'")
    with pytest.raises(TenfoldError, match=message):
        learning_curves(RUNS)
    with pytest.raises(TenfoldError, match=message):
        save_figure(Figure(), tmp_path / "picture.png")


def test_importing_plots_does_not_import_matplotlib() -> None:
    script = "import sys, tenfold.plots; print('matplotlib' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"

import math
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from tenfold.nn.array import Array
from tenfold.plots.strips import Strip, _signed_shades, strips_figure
from tenfold.plots.style import styled_figure
from tests.plots.pictures import assert_readable, words
from tests.plots.test_style import luminance

sheet = styled_figure(strips_figure)


def numbers(count: int, *around: float) -> Array:
    return np.resize(np.array(around), (count, 3, 3))


def lefts(figure: Figure) -> list[float]:
    return [round(image.get_extent()[0], 3) for image in figure.axes[0].images]


def test_the_sign_can_be_seen_in_grey() -> None:
    shades = _signed_shades()
    grey = [luminance(to_hex(shades(place))) for place in np.linspace(0, 1, 41)]
    assert all(after > before for before, after in pairwise(grey))
    assert grey[0] < 0.2
    assert 0.45 < grey[20] < 0.6
    assert grey[-1] > 0.9


def test_scales_are_symmetric_and_ignore_outliers() -> None:
    flat = np.concatenate([np.linspace(-1, 1, 999), [1000]])
    assert Strip("a", flat.reshape(1, 1, 1000), signed=True).limit == pytest.approx(0.996, abs=0.01)
    assert Strip("zeros", np.zeros((2, 3, 3)), signed=True).limit == 1
    assert Strip("nan", np.full((1, 1, 2), math.nan), signed=True).limit == 1
    (axes,) = sheet("T", "e", [Strip("a", numbers(1, -3, 2), signed=True)]).axes
    assert axes.images[0].get_clim() == (-3, 3)


def test_strips_wrap_and_are_below_each_other() -> None:
    strips = [Strip("five", numbers(5, 1), list("abcde")), Strip("one", numbers(1, 9))]
    figure = sheet("Title", "what", strips, wrap=2)
    columns = lefts(figure)
    assert columns == [columns[0], columns[1]] * 2 + [columns[0]] * 2
    tops = [image.get_extent()[3] for image in figure.axes[0].images]
    assert tops[0] == tops[1] < tops[2] == tops[3] < tops[4] < tops[5]
    assert words(figure) == ["Title", "what", "five", *"abcde", "one"]
    assert_readable(figure)


def test_only_signed_strips_have_a_key() -> None:
    ink, signed = Strip("ink", numbers(2, 200)), Strip("signed\na\nb", numbers(2, -1, 1), (), True)
    assert not {"− negative", "0", "positive +"} & set(words(sheet("T", "e", [ink])))
    both = sheet("T", "e", [ink, signed])
    assert words(both)[-3:] == ["− negative", "0", "positive +"]
    assert [image.get_cmap().name for image in both.axes[0].images] == [
        *["gray_r"] * 2,
        *["signed"] * 3,
    ]
    assert_readable(both)

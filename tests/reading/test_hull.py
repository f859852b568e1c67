"""The convex hull of a mask."""

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy.spatial import ConvexHull

from tenfold.reading.hull import convex_hull


@pytest.mark.parametrize("seed", range(8))
def test_the_hull_is_the_polygon_around_all_pixels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mask = np.zeros((60, 50), bool)
    mask[rng.integers(0, 60, 12), rng.integers(0, 50, 12)] = True
    points = np.argwhere(mask)[:, ::-1]
    corners = points[ConvexHull(points).vertices]
    picture = Image.new("1", (50, 60))
    ImageDraw.Draw(picture).polygon([tuple(c) for c in corners.tolist()], fill=1, outline=1)
    assert (convex_hull(mask) ^ np.asarray(picture)).sum() <= 3  # of the outline, by rounding
    assert convex_hull(mask)[mask].all()

"""The corruptions with many steps, compared with plain loops over pixels."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, label, sobel

from tenfold.data import Dataset
from tenfold.images import CORRUPTIONS
from tenfold.images.corruptions.weather import _refined, fog
from tenfold.images.per_image_random import PerImageRandom
from tenfold.nn.array import Array


def glass(image: Array, choices: list[Array]) -> Array:
    """Return the glass blur of an image, computed pixel by pixel."""
    levels = np.floor(255 * gaussian_filter(image / 255, (0.7, 0), mode="nearest") + 1e-6)
    partners = {5: (0, 1), 6: (1, 0), 7: (1, 1)}
    for choice in choices:
        for row in range(27, 1, -1):
            for column in range(27, 1, -1):
                up, left = partners.get(int(choice[27 - row, 27 - column]), (0, 0))
                kept = levels[row, column]
                levels[row, column] = levels[row - up, column - left]
                levels[row - up, column - left] = kept
    return np.asarray(gaussian_filter(levels, (0.7, 0), mode="nearest"))


def test_glass_blur_equals_a_loop(digits: Dataset) -> None:
    images = digits.images[:6]
    random = PerImageRandom(4, "corruption glass_blur", 6)
    rounds = [random.sample(lambda rng: rng.integers(0, 8, (26, 26))) for _ in range(2)]
    for place, ours in enumerate(CORRUPTIONS["glass_blur"](images, seed=4)):
        naive = glass(images[place, :, :, 0], [choice[place] for choice in rounds])
        np.testing.assert_allclose(ours[..., 0], naive, atol=1.6)  # rounding may change a floor


class Recorded:
    """Random numbers that the test knows."""

    def __init__(self, noise: Array) -> None:
        self.noise = noise

    def sample(self, number: object) -> Array:
        return self.noise


def test_a_refined_point_is_the_mean_of_its_neighbours_plus_noise() -> None:
    rng = np.random.default_rng(0)
    plasma, noise = rng.uniform(0, 1, (2, 4, 4)), rng.uniform(0, 1, (2, 3, 4, 4))
    fine = _refined(plasma, 0.5, Recorded(noise))  # type: ignore[arg-type]
    at = np.zeros((2, 8, 8))
    at[:, ::2, ::2] = plasma
    noise = 0.5 * (2 * noise - 1)
    for y, x in np.ndindex(4, 4):
        down, right = (y + 1) % 4, (x + 1) % 4
        corners = plasma[:, y, x] + plasma[:, down, x] + plasma[:, y, right]
        corners += plasma[:, down, right]
        at[:, 2 * y + 1, 2 * x + 1] = corners / 4 + noise[:, 0, y, x]
    for y, x in np.ndindex(8, 8):
        if y % 2 != x % 2:
            which = 1 if x % 2 else 2
            ring = [((y + v) % 8, (x + u) % 8) for v, u in ((1, 0), (-1, 0), (0, 1), (0, -1))]
            mean = sum(at[:, v, u] for v, u in ring) / 4
            at[:, y, x] = mean + noise[:, which, y // 2, x // 2]
    np.testing.assert_allclose(fine, at, atol=1e-6)


def test_refining_a_corner_equals_refining_the_map() -> None:
    whole = np.random.default_rng(2).uniform(0, 1, (1, 16, 16))
    near = np.arange(-2, 7 + 2)
    corner = whole[:, near[:, None], near]
    for _ in range(2):
        whole = _refined(whole, 0, Recorded(np.zeros((1, 3, *whole.shape[1:]))))  # type: ignore[arg-type]
        noise = np.zeros((1, 3, *corner.shape[1:]))
        corner = _refined(corner, 0, Recorded(noise))  # type: ignore[arg-type]
    np.testing.assert_allclose(corner[:, 8:36, 8:36], whole[:, :28, :28], atol=1e-6)


class NoNoiseInFineMaps:
    """Random numbers for maps of up to 32 x 32 points; then 0.5, which adds no noise."""

    def __init__(self) -> None:
        self.rng, self.step = np.random.default_rng(3), 0

    def random(self, shape: tuple[int, ...], dtype: type) -> Array:
        self.step += 1
        return self.rng.random(shape, dtype) if self.step <= 6 else np.full(shape, 0.5, dtype)


def test_fog_is_the_corner_of_the_whole_map() -> None:
    random = PerImageRandom(0, "", 0)
    random.generators = [NoNoiseInFineMaps()]  # type: ignore[list-item]
    found = fog(np.ones((1, 28, 28, 1), np.float32), random)
    random.generators = [NoNoiseInFineMaps()]  # type: ignore[list-item]
    plasma = np.zeros((1, 1, 1))
    for step in range(8):
        plasma = _refined(plasma, 1 / 1.96**step, random)
    plasma = (plasma - plasma.min()) / (plasma.max() - plasma.min())
    assert plasma.shape == (1, 256, 256)
    np.testing.assert_allclose(found[..., 0], (1 + 3 * plasma[:, :28, :28]) / 4, atol=1e-5)


def canny(image: Array, strong: float = 0.2) -> Array:
    """Return the edges of an image (28, 28), computed pixel by pixel."""
    smooth = gaussian_filter(image / 255, 1.0, mode="nearest")
    down, right = sobel(smooth, axis=0), sobel(smooth, axis=1)
    strength = np.hypot(down, right)
    edge = np.zeros((28, 28), bool)
    for y, x in np.ndindex(26, 26):
        y, x = y + 1, x + 1
        v, u, here = down[y, x], right[y, x], strength[y, x]
        if here < 0.1:
            continue
        sides = []
        for way in (1, -1):
            step_y, step_x = way * int(np.sign(v)), way * int(np.sign(u))
            if abs(v) >= abs(u):
                straight, share = strength[y + step_y, x], abs(u) / abs(v)
            else:
                straight, share = strength[y, x + step_x], abs(v) / abs(u)
            aslant = strength[y + step_y, x + step_x]
            sides.append(share * aslant + (1 - share) * straight)
        edge[y, x] = max(sides) <= here * (1 + 1e-5)
    parts, _ = label(edge, np.ones((3, 3)))
    kept = set(parts[edge & (strength >= strong)].tolist())
    return np.isin(parts, list(kept)) & edge


def test_canny_edges_equal_a_loop(digits: Dataset) -> None:
    images = digits.images[:15].copy()
    images[10:] //= 14  # faint images, some edges of which are too weak
    found = CORRUPTIONS["canny_edges"](images)[..., 0]
    assert set(found.ravel().tolist()) == {0, 255}
    naive = np.array([canny(image[..., 0]) for image in images])
    assert any(canny(image[..., 0], 0.1).sum() > canny(image[..., 0]).sum() for image in images)
    assert ((found > 0) != naive).mean() < 2e-4  # rounding may decide two ties in 11,760 pixels


def test_the_edges_of_a_square_by_hand() -> None:
    image = np.zeros((1, 28, 28, 1), np.uint8)
    image[:, 8:20, 8:20] = 255
    edges = CORRUPTIONS["canny_edges"](image)[0, :, :, 0]
    # A step between two pixels has equal gradients at both, and both are edges.
    assert np.flatnonzero(edges[14]).tolist() == [7, 8, 19, 20]
    assert np.flatnonzero(edges[:, 14]).tolist() == [7, 8, 19, 20]


@pytest.mark.parametrize("level", [0, 90, 255])
def test_a_uniform_image_has_no_edges(level: int) -> None:
    assert not CORRUPTIONS["canny_edges"](np.full((2, 28, 28, 1), level, np.uint8)).any()

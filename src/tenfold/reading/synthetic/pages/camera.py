"""The camera: where each point of a page lies in the picture, light, blur, noise and JPEG."""

import io

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.synthetic.pages.paper import smooth_noise

__all__ = ["homography", "photograph", "picture_points", "random_view"]


def random_view(width: int, height: int, rng: np.random.Generator) -> Array:
    """Return the corners of a page in the picture: (4, 2), clockwise from the upper left.

    The picture has the size of the page. The corners are moved by up to 6% of this size. So the
    page is slanted and turned, and a little of what is behind it is visible.
    """
    size = np.array([width, height], float)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * size
    return corners + rng.uniform(-0.06, 0.06, (4, 2)) * size


def homography(corners: Array, width: int, height: int) -> Array:
    r"""Return the matrix H (3, 3) of the perspective that moves the corners of a page.

    A point (x, y) of the page lies in the picture at (u / w, v / w), where (u, v, w) = H (x, y, 1).

    Args:
        corners: Where the corners of the page lie in the picture: (4, 2), clockwise from the upper
            left.
        width: Width of the page, in pixels.
        height: Height of the page, in pixels.
    """
    page = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    rows, values = [], []
    for (x, y), (u, v) in zip(page, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return np.append(np.linalg.solve(np.array(rows), np.array(values)), 1).reshape(3, 3)


def picture_points(matrix: Array, points: Array) -> Array:
    """Return where points (N, 2) of the page lie in the picture: (N, 2)."""
    whole = np.concatenate([points, np.ones((len(points), 1))], axis=1) @ matrix.T
    projected: Array = whole[:, :2] / whole[:, 2:]
    return projected


def photograph(colours: Array, matrix: Array | None, rng: np.random.Generator) -> Array:
    """Return the picture of a page.

    Args:
        colours: (H, W, 3) float32 from 0 to 1.
        matrix: The perspective, see ``homography``; None for a scan, straight from above.
        rng: Random generator.

    Returns:
        (H, W, 3) uint8.
    """
    from PIL import Image, ImageFilter

    height, width = colours.shape[:2]
    picture = Image.fromarray(_bytes(colours))
    if matrix is not None:
        behind = _behind(rng)
        inverse = np.linalg.inv(matrix)
        coefficients = (inverse / inverse[2, 2]).ravel()[:8].tolist()
        picture = picture.transform(
            (width, height), Image.Transform.PERSPECTIVE, coefficients,
            Image.Resampling.BICUBIC, fillcolor=behind,
        )  # fmt: skip
    if rng.random() < 0.4:
        radius = rng.uniform(0.3, 1.2) * max(1, min(width, height) / 700)
        picture = picture.filter(ImageFilter.GaussianBlur(radius))
    lit = np.asarray(picture, np.float32) / 255
    if matrix is not None or rng.random() < 0.3:
        lit = lit * _light(width, height, rng)
    if noise := float(rng.choice((0, 0.01, 0.03, 0.05))):
        lit = lit + np.float32(noise) * rng.standard_normal(lit.shape, np.float32)
    return _compressed(_bytes(lit), rng)


def _behind(rng: np.random.Generator) -> tuple[int, ...]:
    """Return the colour of what the page lies on: wood, grey or any colour."""
    wood = np.array([150, 105, 65]) * rng.uniform(0.3, 1.4)
    grey = np.full(3, rng.uniform(15, 240))
    colour = (wood, grey, rng.uniform(20, 235, 3))[int(rng.integers(0, 3))]
    return tuple(np.clip(colour, 0, 255).astype(int).tolist())


def _bytes(colours: Array) -> Array:
    return np.rint(np.clip(colours, 0, 1) * 255).astype(np.uint8)


def _light(width: int, height: int, rng: np.random.Generator) -> Array:
    """Return the light on the page: a gradient, a vignette, the shadow of a hand or phone."""
    x = np.linspace(-1, 1, width, dtype=np.float32)
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, np.newaxis]
    angle = rng.uniform(0, 2 * np.pi)
    light = 1 - rng.uniform(0, 0.25) * (1 + x * np.cos(angle) + y * np.sin(angle))
    light = light * (1 - rng.uniform(0, 0.25) * (x**2 + y**2))
    if rng.random() < 0.35:
        angle, softness = rng.uniform(0, 2 * np.pi), rng.uniform(0.01, 0.25)
        bend = 0.15 * smooth_noise(width, height, 3, rng)
        distance = x * np.cos(angle) + y * np.sin(angle) - rng.uniform(-0.7, 0.7) + bend
        rise = np.exp(-np.clip(distance / softness, -30, 30))
        light = light * (1 - rng.uniform(0.15, 0.55) / (1 + rise))
    warm = 1 + rng.normal(0, 0.04, 3)
    tinted: Array = light[..., np.newaxis] * (warm / warm.max()).astype(np.float32)
    return tinted


def _compressed(picture: Array, rng: np.random.Generator) -> Array:
    """Return the picture after JPEG of a random quality, or as it is."""
    from PIL import Image

    if rng.random() < 0.4:
        return picture
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=int(rng.integers(30, 95)))
    return np.asarray(Image.open(file), np.uint8)

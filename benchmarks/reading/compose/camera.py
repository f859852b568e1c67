"""Light and camera: from a sheet to a picture, and from boxes on the sheet to boxes in it."""

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.reading.brush import Floats
from benchmarks.reading.compose.canvas import Box, Canvas

__all__ = ["LIGHTS", "Matrix", "develop", "moved", "view", "warp"]

Matrix = NDArray[np.float64]
"""(3, 3): maps a position (x, y, 1) in the picture to the position on the sheet."""


def view(canvas: Canvas, degrees: float, tilt: float, rng: np.random.Generator) -> Matrix:
    """Return the view of a sheet, turned by ``degrees``, with perspective up to ``tilt``."""
    w, h = canvas.width, canvas.height
    middle = np.array([[1, 0, w / 2], [0, 1, h / 2], [0, 0, 1.0]])
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    lean = np.eye(3)
    lean[2, :2] = rng.uniform(-tilt, tilt, 2) / max(w, h)
    to_sheet = np.array([[1, 0, canvas.margin], [0, 1, canvas.margin], [0, 0, 1.0]])
    return to_sheet @ middle @ turn @ lean @ np.linalg.inv(middle)


def warp(sheet: NDArray[np.uint8], matrix: Matrix, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the picture (H, W, 3) of a sheet; ``size`` is (width, height)."""
    m = (matrix / matrix[2, 2]).ravel()[:8]
    image = Image.fromarray(sheet)
    edge = tuple(int(v) for v in np.median(sheet[:: max(1, len(sheet) // 50), 0], axis=0))
    method = Image.Transform.PERSPECTIVE
    return np.asarray(
        image.transform(size, method, m.tolist(), Image.Resampling.BICUBIC, fillcolor=edge)
    )


def moved(box: Box, matrix: Matrix) -> Box:
    """Return the box in the picture around a box on the sheet."""
    x, y, w, h = box
    corners = np.array([[x, x + w, x, x + w], [y, y, y + h, y + h], [1, 1, 1, 1.0]])
    positions = np.linalg.inv(matrix) @ corners
    px, py = positions[:2] / positions[2]
    return (float(px.min()), float(py.min()), float(np.ptp(px)), float(np.ptp(py)))


def _even(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    return np.full(shape, rng.uniform(0.9, 1.0), np.float32)


def _gradient(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    angle, depth = rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 0.65)
    ramp = (x * np.cos(angle) + y * np.sin(angle)) / 2.83 + 0.5
    return (1 - depth * ramp).astype(np.float32)


def _shadow(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """The shadow of a hand or a phone: dark on one side of an edge that may be soft."""
    h, w = shape
    cover = Image.new("L", (w, h))
    angle, at = rng.uniform(0, 2 * np.pi), rng.uniform(0.3, 0.7, 2) * (w, h)
    d, far = np.array([np.cos(angle), np.sin(angle)]), 3.0 * max(w, h)
    n = np.array([-d[1], d[0]])
    bend = at + n * rng.uniform(-0.15, 0.15) * max(w, h)
    corners = [at - d * far, bend, at + d * far, at + d * far + n * far, at - d * far + n * far]
    ImageDraw.Draw(cover).polygon([tuple(c) for c in np.array(corners)], fill=255)
    soft = cover.filter(ImageFilter.GaussianBlur(rng.uniform(0.001, 0.03) * max(w, h)))
    return 1 - rng.uniform(0.3, 0.6) * np.asarray(soft, np.float32) / 255


def _vignette(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    cy, cx = rng.uniform(-0.3, 0.3, 2)
    depth = rng.uniform(0.25, 0.6)
    return (1 - depth * ((x - cx) ** 2 + (y - cy) ** 2) / 2.5).clip(0.15, 1).astype(np.float32)


LIGHTS: dict[str, Callable[[tuple[int, int], np.random.Generator], Floats]] = {
    "even": _even,
    "gradient": _gradient,
    "shadow": _shadow,
    "vignette": _vignette,
}
"""The kinds of light by name: factors (H, W) of the brightness."""


def develop(
    picture: NDArray[np.uint8],
    light: str,
    blur: float,
    noise: float,
    jpeg: int | None,
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    """Return a picture under some light, taken by a camera.

    Args:
        picture: (H, W, 3) uint8.
        light: A key of ``LIGHTS``.
        blur: Standard deviation of the Gaussian blur, in pixels.
        noise: Standard deviation of the noise of the sensor, in grey levels.
        jpeg: Quality of the JPEG compression; none if None.
        rng: Random numbers.
    """
    h, w = picture.shape[:2]
    scale = max(1, max(h, w) // 1000)
    small = LIGHTS[light]((max(2, h // scale), max(2, w // scale)), rng)
    field = Image.fromarray(small).resize((w, h), Image.Resampling.BILINEAR)
    values = picture * np.asarray(field)[..., np.newaxis]
    values *= (1 + rng.uniform(-0.03, 0.03, 3)).astype(np.float32)  # the colour of the light
    image = Image.fromarray(values.clip(0, 255).astype(np.uint8))
    if blur > 0.2:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    if noise > 0:
        grain = noise * rng.standard_normal((h, w, 3), np.float32)
        image = Image.fromarray((np.asarray(image) + grain).clip(0, 255).astype(np.uint8))
    if jpeg is not None:
        stored = io.BytesIO()
        image.save(stored, "JPEG", quality=jpeg)
        image = Image.open(stored)
    return np.asarray(image.convert("RGB")).copy()

"""Working pictures: any picture file or array as RGB of limited size.

The working picture has at most 2 megapixels and a longer side of at most 20,000 pixels, so that
time and memory stay bounded, and a longer side of at least 160 pixels, so that small digits have
strokes of more than one pixel.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from tenfold.data.picture import Opened, PictureBytes, mnist_like, open_picture
from tenfold.data.picture_modes import to_rgb
from tenfold.nn.arguments import FilePath
from tenfold.nn.array import Array
from tenfold.nn.constraints import wrong_type

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

__all__ = ["WorkingPicture", "load_digit", "load_first", "load_picture"]

_MAX_PIXELS = 2_000_000
_FIRST_PIXELS = 500_000  # of a large JPEG that is first decoded at a reduced size
_GAP = 2  # pixels are averaged in squares while at least twice as wide a picture is left
_MIN_SIDE = 160
_MAX_SIDE = 20_000  # of a very narrow picture, in pixels
_MARGIN = 0.15  # of the longer side: paper added around a small picture
_EVEN = 0.5  # share of the border of a small picture that has the colour of its paper
_INNER = (0.06, 0.12)  # distances from the border, per shorter side, at which it is compared
_RARE = 0.3  # share of the inside of the picture that has the colour of a frame
_WHOLE = 0.9  # share of a side of the border that is all frame
_FRAME_SIDES = 3
_STEPS = 30  # of the fit of the light
_SAME = 40  # largest difference of that colour in any channel


@dataclass(frozen=True)
class WorkingPicture:
    """A picture as it is read.

    Attributes:
        rgb: (H, W, 3) uint8.
        scale: Working pixels per pixel of the picture.
        size: (width, height) of the picture, in its own pixels, upright.
        margin: Working pixels of paper that were added on each side.
        more_pages: Whether the file has further pages or frames, which are not read.
        mnist: The image (28, 28, 1) uint8 of a picture that has MNIST's form already, or None.
        larger: Loads the same picture with more pixels; None if this one has as many as are used.
    """

    rgb: Array
    scale: float
    size: tuple[int, int]
    margin: int = 0
    more_pages: bool = False
    mnist: Array | None = None
    larger: "Callable[[], WorkingPicture] | None" = None

    @property
    def pixels(self) -> int:
        """Number of pixels of this picture, or of the one that ``larger`` loads."""
        if self.larger is None:
            return int(self.rgb[..., 0].size)
        return min(_MAX_PIXELS, self.size[0] * self.size[1])

    def without_margin(self) -> Array:
        """Return the picture without the paper that was added around it: (H, W, 3) uint8."""
        height, width = self.rgb.shape[:2]
        return self.rgb[self.margin : height - self.margin, self.margin : width - self.margin]

    def reduced(self, pixels: int) -> "WorkingPicture":
        """Return the picture reduced to ``pixels``, or itself if it has no more than that."""
        from PIL import Image

        height, width = self.rgb.shape[:2]
        factor = (pixels / (width * height)) ** 0.5
        if factor >= 1:
            return self
        new = (max(1, round(width * factor)), max(1, round(height * factor)))
        small = Image.fromarray(self.rgb).resize(new, Image.Resampling.BOX)
        return WorkingPicture(np.asarray(small), max(new) / max(self.size), self.size)


def load_digit(source: "Path | PictureBytes") -> Array | WorkingPicture:
    """Return the image (28, 28, 1) uint8 of a file in MNIST's form; else as ``load_first`` does.

    Args:
        source: Path or content of a picture file.

    Raises:
        TenfoldError: If the file cannot be read as a picture.
    """
    return open_picture(source, partial(_digit_from_file, source), _FIRST_PIXELS)


def load_picture(source: "str | Path | PictureBytes | Array") -> WorkingPicture:
    """Return the working picture of a file or an array.

    Args:
        source: Path or content of a picture file, or an array of uint8, bool or floats
            from 0 to 1: (H, W), (H, W, 1), (H, W, 3) or (H, W, 4).

    Raises:
        TenfoldError: If the file cannot be read as a picture.
        ValueError: If the source is something else, or the array is not a picture.
    """
    if isinstance(source, np.ndarray):
        from PIL import Image

        given = Image.fromarray(_as_bytes(source))
        picture = to_rgb(given)
        return replace(_resize(picture, picture.size), mnist=mnist_like(given))
    if not isinstance(source, PictureBytes) and not FilePath().holds(source):
        raise wrong_type("source", _SOURCE, source, _advice(source))
    return open_picture(source, _from_file, _MAX_PIXELS)


def load_first(source: "str | Path | PictureBytes | Array") -> WorkingPicture:
    """Return the working picture, or of a large JPEG one of at least 0.5 megapixels.

    A JPEG is decoded at 1/2, 1/4 or 1/8 of its size in a fraction of the time, and most pictures
    are read at that size. Others are loaded again, with ``larger``.

    Args:
        source: As in ``load_picture``.

    Raises:
        TenfoldError, ValueError: As in ``load_picture``.
    """
    is_file = isinstance(source, PictureBytes) or FilePath().holds(source)
    if isinstance(source, np.ndarray) or not is_file:
        return load_picture(source)
    return open_picture(source, partial(_first_from_file, source), _FIRST_PIXELS)


_SOURCE = "the path of a picture file or a NumPy array"


def _advice(source: object) -> str:
    """Return how to get a source from another object; empty if that is unknown."""
    if hasattr(source, "convert"):  # a picture of Pillow
        return "use np.asarray(source.convert('RGB'))"
    if isinstance(source, (list, tuple)):
        return "read one picture at a time"
    if isinstance(source, bytes) or hasattr(source, "read"):
        return "open it with PIL.Image.open, and use np.asarray(image.convert('RGB'))"
    return ""


def _digit_from_file(source: "Path | PictureBytes", opened: Opened) -> Array | WorkingPicture:
    mnist = _mnist_like(opened)
    return _first_from_file(source, opened) if mnist is None else mnist


def _mnist_like(opened: Opened) -> Array | None:
    return mnist_like(opened.upright(opened.picture)) if opened.size == (28, 28) else None


def _from_file(opened: Opened) -> WorkingPicture:
    # Pillow's resize would average whole squares of pixels before the rest, too.
    rgb = opened.upright(to_rgb(opened.picture, _GAP**2 * _MAX_PIXELS))
    picture = _resize(rgb, opened.size)
    return replace(picture, more_pages=opened.has_more_pages(), mnist=_mnist_like(opened))


def _first_from_file(source: "str | Path | PictureBytes", opened: Opened) -> WorkingPicture:
    picture = _from_file(opened)
    larger = replace(picture, larger=partial(load_picture, source))
    decoded = opened.picture.width * opened.picture.height
    return larger if decoded < larger.pixels else picture


def _resize(picture: "Image", size: tuple[int, int]) -> WorkingPicture:
    """Return the working picture of a decoded one, and of its size in the file."""
    from PIL import Image

    picture = _without_blocks(picture)
    width, height = picture.size
    scale = min(1.0, (_MAX_PIXELS / (width * height)) ** 0.5, _MAX_SIDE / max(width, height))
    small = max(width, height) < _MIN_SIDE
    if small:
        scale = _MIN_SIDE / max(width, height)
    if scale != 1:
        new = (max(1, round(width * scale)), max(1, round(height * scale)))
        filter_ = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
        picture = picture.resize(new, filter_, reducing_gap=_GAP)
    working = WorkingPicture(np.asarray(picture), max(picture.size) / max(size), size)
    return _with_margin(working) if small else working


def _with_margin(picture: WorkingPicture) -> WorkingPicture:
    """Return a small picture with paper around it, so that no ink touches its border.

    Small pictures are often cropped at the ink. If less than half of the border has one colour, it
    is not known what paper looks like, and nothing is added. The same holds if that colour is rare
    further inside: the picture has a frame, such as the border of a box.
    """
    rgb = picture.rgb
    border = _ring(rgb, 0)
    paper = np.median(border, axis=0)
    if _share(border, paper) < _EVEN or _is_frame(rgb, paper):
        return picture
    margin = round(_MARGIN * max(rgb.shape[:2]))
    around = _light_around(rgb, paper, margin)
    around[margin:-margin, margin:-margin] = rgb
    return replace(picture, rgb=around, margin=margin)


def _share(pixels: Array, colour: Array) -> float:
    """Return the share of pixels (..., 3) int16 that have nearly a colour (3,)."""
    return float((np.abs(pixels - colour).max(axis=-1) <= _SAME).mean())


def _is_frame(rgb: Array, colour: Array) -> bool:
    """Return whether the colour of the border is that of a frame on at least three sides.

    The colour of a frame is rare inside. A thick digit may leave little paper inside, too, but at
    two sides it reaches the border.
    """
    depths = [round(each * min(rgb.shape[:2])) for each in _INNER]
    inner = [np.median(_ring(rgb, depth), axis=0) for depth in depths]
    if all(np.abs(ring - colour).max() <= _SAME for ring in inner):
        return False
    sides = [rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]]
    whole = sum(_share(side.astype(np.int16), colour) >= _WHOLE for side in sides)
    inside = rgb[depths[-1] : -depths[-1], depths[-1] : -depths[-1]].astype(np.int16)
    return whole >= _FRAME_SIDES and _share(inside, colour) < _RARE


def _light_around(rgb: Array, paper: Array, margin: int) -> Array:
    """Return paper, (H + 2 margin, W + 2 margin, 3) uint8, in the light of the border.

    The light is a + b x + c y for each channel, fitted to the border by least absolute deviations,
    which ink at the border hardly changes. In the margin it is that of the nearest border.
    """
    height, width = rgb.shape[:2]
    design = np.stack([np.ones((height, width)), *np.indices((height, width)) / _MIN_SIDE], axis=2)
    border = _ring(rgb, 0).astype(np.float64)
    fits = [
        _least_absolute(_ring(design, 0), values, start)
        for values, start in zip(border.T, paper, strict=True)
    ]
    light = (design @ np.array(fits).T).round().clip(0, 255).astype(np.uint8)
    return np.pad(light, [(margin, margin)] * 2 + [(0, 0)], mode="edge")


def _least_absolute(design: Array, values: Array, start: float) -> Array:
    """Return the coefficients (K,) with the least sum of |values - design @ coefficients|.

    They are found by least squares with weights 1 / |residual|, repeated.

    Args:
        design: (N, K), its first column 1.
        values: (N,).
        start: First estimate of all values.
    """
    estimate = np.full(len(values), start)
    for _ in range(_STEPS):
        weight = 1 / np.maximum(np.abs(values - estimate), 1.0)
        weighted = design * weight[:, np.newaxis]
        fit = np.linalg.solve(weighted.T @ design, weighted.T @ values)
        estimate = design @ fit
    return np.asarray(fit)


def _ring(rgb: Array, depth: int) -> Array:
    """Return the pixels at a distance from the border, (N, 3); those of uint8 as int16."""
    inside = rgb[depth : len(rgb) - depth, depth : rgb.shape[1] - depth]
    if inside.size == 0:
        inside = rgb
    sides = [inside[0], inside[-1], inside[:, 0], inside[:, -1]]
    ring = np.concatenate(sides)
    return ring.astype(np.int16) if ring.dtype == np.uint8 else ring


def _without_blocks(picture: "Image") -> "Image":
    """Return the picture, with one pixel for each square if it consists of squares of one colour.

    Such a picture was enlarged without smoothing. Its squares have corners that no pen draws, so
    the small picture is enlarged again with smoothing.
    """
    if picture.width * picture.height > _MAX_PIXELS:
        return picture
    rgb = np.asarray(picture)
    changes = [
        np.flatnonzero((np.diff(rgb, axis=axis) != 0).any(axis=(1 - axis, 2))) + 1
        for axis in (0, 1)
    ]
    block = int(np.gcd.reduce(np.concatenate([*changes, picture.size])))
    if block == 1 or not all(map(len, changes)):
        return picture
    from PIL import Image

    return Image.fromarray(rgb[::block, ::block])


def _as_bytes(array: Array) -> Array:
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise ValueError(
            "a picture must be an array (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), got "
            f"{array.shape}"
        )
    if array.size == 0:
        raise ValueError(f"a picture must have at least one pixel, got shape {array.shape}")
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * 255
    if array.dtype == np.uint8:
        return array
    if array.dtype.kind not in "iuf":
        raise ValueError(f"a picture must contain grey levels, got an array of {array.dtype}")
    values = array.astype(np.float64)
    low, high = values.min(), values.max()
    if not (np.isfinite(values).all() and low >= 0):
        raise ValueError(
            f"a picture must hold finite grey levels of at least 0, got {low} to {high}"
        )
    top = 1.0 if array.dtype.kind == "f" and high <= 1 else 255.0
    if high > 255:
        top = 65535.0
    return np.rint(np.minimum(values / top, 1) * 255).astype(np.uint8)

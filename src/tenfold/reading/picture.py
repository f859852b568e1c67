"""Working pictures: any picture file or array as RGB of limited size.

The working picture has at most 2 megapixels, and its longer side has at most 20,000 pixels. This
bounds time and memory. The longer side has at least 160 pixels, so that the strokes of small digits
are wider than one pixel.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from tenfold.data.picture import Opened, PictureBytes, open_picture
from tenfold.data.picture_modes import to_rgb
from tenfold.images import background_level
from tenfold.images.normalization import is_normalized
from tenfold.nn.arguments import FilePath
from tenfold.nn.array import Array
from tenfold.nn.constraints import wrong_type

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

__all__ = ["WorkingPicture", "load_digit", "load_first", "load_picture"]

_MAX_PIXELS = 2_000_000
_BAND = 8  # number of rows and of columns at the border that are examined for squares first
_FIRST_PIXELS = 500_000  # least number of pixels at which a large JPEG is first decoded
_GAP = 2  # before it is resized, a picture is averaged to at least this multiple of the new width
_LIGHT = 127  # in an MNIST-like picture, the lightest pixel is above this grey level
# Least and largest length of the longer side, in pixels. Only a very narrow picture could have a
# longer side.
_MIN_SIDE, _MAX_SIDE = 160, 20_000


@dataclass(frozen=True)
class WorkingPicture:
    """A picture as it is read.

    Attributes:
        rgb: (H, W, 3) uint8.
        scale: Working pixels per pixel of the picture.
        size: (width, height) of the picture itself, after it was rotated as its EXIF tag says.
        margin: Working pixels of paper that were added on each side.
        more_pages: Whether the file has further pages or frames, which are not read.
        mnist: The image (28, 28, 1) uint8 of an MNIST-like picture, else None.
        larger: Function that loads the same picture with more pixels; None if the picture has no
            more pixels, or more would not be used.
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
    """Return the image (28, 28, 1) uint8 of an MNIST-like file, else a working picture.

    The working picture is the one that ``load_first`` returns.

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
        return replace(_resize(picture, picture.size), mnist=_mnist_image(given))
    if not isinstance(source, PictureBytes) and not FilePath().holds(source):
        raise wrong_type("source", _SOURCE, source, _advice(source))
    return open_picture(source, _from_file, _MAX_PIXELS)


def load_first(source: "str | Path | PictureBytes | Array") -> WorkingPicture:
    """Return the working picture; that of a large JPEG may have only 0.5 megapixels.

    A JPEG can be decoded at 1/2, 1/4 or 1/8 of its size in a fraction of the time. Most pictures
    can be read at this size. Otherwise ``larger`` of the working picture loads the file again, with
    more pixels.

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
    mnist = _mnist_image_of(opened)
    return _first_from_file(source, opened) if mnist is None else mnist


def _mnist_image(picture: "Image") -> Array | None:
    """Return the image (28, 28, 1) uint8 of an MNIST-like picture; None for other pictures.

    Such a picture is grey and has 28 x 28 pixels. If it has light ink on a black border, the size
    and the position of the ink are not examined here, but in ``recognised_as_stored``. If it has
    dark ink on white, it is inverted, and counts only if its digit has the size and the position of
    MNIST's digits.
    """
    if picture.size != (28, 28) or picture.has_transparency_data:
        return None
    rgb = np.asarray(to_rgb(picture))
    grey = rgb[..., :1]
    if (rgb != grey).any():
        return None
    if _is_light_on_black(grey):
        return grey.copy()
    inverse = 255 - grey
    return inverse if _is_light_on_black(inverse) and is_normalized(inverse) else None


def _is_light_on_black(grey: Array) -> bool:
    return not background_level(grey[np.newaxis]).any() and bool(grey.max() > _LIGHT)


def _mnist_image_of(opened: Opened) -> Array | None:
    return _mnist_image(opened.upright(opened.picture)) if opened.size == (28, 28) else None


def _from_file(opened: Opened) -> WorkingPicture:
    # A large picture is reduced while it is converted, so that not all of it is in memory as RGB.
    rgb = opened.upright(to_rgb(opened.picture, _GAP**2 * _MAX_PIXELS))
    picture = _resize(rgb, opened.size)
    return replace(picture, more_pages=opened.has_more_pages(), mnist=_mnist_image_of(opened))


def _first_from_file(source: "str | Path | PictureBytes", opened: Opened) -> WorkingPicture:
    picture = _from_file(opened)
    reloadable = replace(picture, larger=partial(load_picture, source))
    decoded = opened.picture.width * opened.picture.height
    return reloadable if decoded < reloadable.pixels else picture


def _resize(picture: "Image | Array", size: tuple[int, int]) -> WorkingPicture:
    """Return the working picture.

    Args:
        picture: The decoded picture, RGB, or its pixels: (H, W, 3) uint8.
        size: (width, height) of the picture in the file. A decoded JPEG may be smaller.
    """
    from PIL import Image

    width, height = picture.size if isinstance(picture, Image.Image) else picture.shape[1::-1]
    if width * height <= _MAX_PIXELS:  # larger ones are not made from squares of one colour
        picture = _without_blocks(np.asarray(picture))
        height, width = picture.shape[:2]
    scale = min(1.0, (_MAX_PIXELS / (width * height)) ** 0.5, _MAX_SIDE / max(width, height))
    small = max(width, height) < _MIN_SIDE
    if small:
        scale = _MIN_SIDE / max(width, height)
    if scale != 1:
        new = (max(1, round(width * scale)), max(1, round(height * scale)))
        filter_ = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
        image = Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture
        picture = image.resize(new, filter_, reducing_gap=_GAP)
    rgb = np.asarray(picture)
    working = WorkingPicture(rgb, max(rgb.shape[:2]) / max(size), size)
    if not small:
        return working
    # Imported only here: ``tenfold predict`` does not need it for pictures in MNIST's form.
    from tenfold.reading.margin import with_margin

    rgb, margin = with_margin(working.rgb)
    return replace(working, rgb=rgb, margin=margin)


def _without_blocks(rgb: Array) -> Array:
    """Return a picture (H, W, 3) that consists of squares with one pixel for each square.

    Each square has one colour. Other pictures are returned as they are.

    Such a picture was enlarged without smoothing. Its squares have corners that no pen draws. So
    the small picture is returned, which ``_resize`` enlarges with smoothing.
    """
    size = (rgb.shape[1], rgb.shape[0])
    if _block(rgb[:_BAND, :], size) == 1 or _block(rgb[:, :_BAND], size) == 1:
        return rgb  # most pictures: if a part does not consist of squares, the whole does not
    block = _block(rgb, size)
    return rgb if block < 2 else rgb[::block, ::block]


def _block(rgb: Array, size: tuple[int, int]) -> int:
    """Return the side of the squares of one colour that a picture consists of.

    It is the greatest common divisor of the width and the height of the picture, and of all
    positions at which the colour changes along a row or a column. It is 1 if the picture does not
    consist of larger squares. Otherwise, it is 0 if the colour never changes along the rows, or
    along the columns.

    Args:
        rgb: (H, W, 3) uint8, the picture or a part of it that begins at its top left corner.
        size: (width, height) of the picture.
    """
    changes = [
        np.flatnonzero((np.diff(rgb, axis=axis) != 0).any(axis=(1 - axis, 2))) + 1
        for axis in (0, 1)
    ]
    block = int(np.gcd.reduce(np.concatenate([*changes, size])))
    return block if block == 1 or all(map(len, changes)) else 0


def _as_bytes(array: Array) -> Array:
    """Return uint8. Floats up to 1 are scaled by 255; above 255, values count as 16 bits."""
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

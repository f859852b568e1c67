"""Image files, each read as one grey 28 x 28 image with light ink on a dark background.

A picture must show one digit, cut out and centred. The digit is not located in the picture, and it
is not normalised as MNIST's digits are.
"""

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from traceback import clear_frames
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import numpy as np

from tenfold.data.input_files import PathLike, open_file
from tenfold.data.picture_modes import to_grey
from tenfold.errors import TenfoldError, reason
from tenfold.images import has_light_background, normalize_like_mnist
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image

__all__ = [
    "Opened",
    "Picture",
    "PictureBytes",
    "open_picture",
    "read_image",
    "read_picture",
]

T = TypeVar("T")

_ORIENTATION = 0x0112  # EXIF tag of the orientation
_TURNED = (5, 6, 7, 8)  # orientations in which width and height are swapped
_LOCK = threading.Lock()
_quiet_threads = 0  # number of threads that ignore warnings
_saved_filters: "warnings.catch_warnings[None] | None" = None

# Only these formats: for some others, Pillow starts external programs.
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
_SIDE = normalize_like_mnist.size
_MAX_PIXELS = 100_000_000  # of a picture


@dataclass(frozen=True)
class Picture:
    """An image that was read from an image file, and how it was changed.

    Attributes:
        image: (28, 28, 1) uint8.
        inverted: Whether the picture was inverted.
        resized: Whether the picture was not 28 x 28 and was resized.
    """

    image: Array
    inverted: bool
    resized: bool


@dataclass(frozen=True)
class PictureBytes:
    """The content of an image file that is not on the disk, such as one in an archive.

    Attributes:
        name: Name for messages.
        content: The bytes of the file.
    """

    name: str
    content: bytes = field(repr=False)

    def __str__(self) -> str:
        return self.name


@checked
def read_image(path: PathLike) -> Array:
    """Return the image (28, 28, 1) uint8 of an image file: PNG, JPEG, BMP, GIF, WebP, TIFF, PNM.

    The file must show one digit, cut out and centred. For photos, use ``tenfold.reading.prepare``.

    AVIF needs Pillow 11.3 or newer, and HEIC the package pillow-heif. Colours are converted to grey
    (ITU-R 601) and 16 bits to 8. A transparent background becomes black or white, whichever gives
    more contrast to the ink. A photo is rotated as its EXIF tag says. If most of the border is
    light, the picture is inverted. A picture of another size is resized with averaging, so that its
    longer side has 28 pixels, and centred on a square of its border's median grey level. A grey 28
    x 28 image with a dark border is not changed.

    Raises:
        TenfoldError: If the file cannot be read as an image; the message names the file.
    """
    return read_picture(path).image


def read_picture(source: PathLike | PictureBytes) -> Picture:
    """Return the image that ``read_image`` returns, together with the changes that were made."""
    grey = open_picture(source, lambda opened: to_grey(opened.upright(opened.picture)))
    inverted = bool(has_light_background(grey[np.newaxis, :, :, np.newaxis])[0])
    if inverted:
        grey = 255 - grey
    resized = grey.shape != (_SIDE, _SIDE)
    image = _fit(grey) if resized else grey
    return Picture(image[:, :, np.newaxis], inverted, resized)


@dataclass(frozen=True)
class Opened:
    """A picture that was decoded from a file.

    Attributes:
        picture: The picture as it is stored, in any mode.
        size: (width, height) of the picture in the file, upright.
        orientation: EXIF orientation of the file, 1 to 8.
    """

    picture: "Image"
    size: tuple[int, int]
    orientation: int

    def upright(self, image: "Image") -> "Image":
        """Return an image made from the picture, turned as the EXIF orientation says."""
        from PIL.Image import Transpose

        turns = {
            2: Transpose.FLIP_LEFT_RIGHT,
            3: Transpose.ROTATE_180,
            4: Transpose.FLIP_TOP_BOTTOM,
            5: Transpose.TRANSPOSE,
            6: Transpose.ROTATE_270,
            7: Transpose.TRANSVERSE,
            8: Transpose.ROTATE_90,
        }
        turn = turns.get(self.orientation)
        return image if turn is None else image.transpose(turn)

    def has_more_pages(self) -> bool:
        """Return whether the file has further pages or frames; call it after ``picture`` is used.

        The further images of a photo (MPO), such as its preview, do not count.
        """
        try:
            several = getattr(self.picture, "is_animated", False)
        except Exception:  # a damaged page after the first
            return True
        return bool(several) and self.picture.format != "MPO"


def open_picture(
    source: PathLike | PictureBytes,
    convert: "Callable[[Opened], T]",
    enough: int | None = None,
) -> T:
    """Return what ``convert`` makes of the picture in a file.

    Args:
        source: A picture, see ``read_image``; of an animation, the first frame.
        convert: Function of the opened picture. Whatever it raises counts as a damaged file.
        enough: Number of pixels that suffice. A larger JPEG is then decoded at 1/2, 1/4 or 1/8 of
            its size, which saves time and memory. Default: all pixels are decoded.

    Raises:
        TenfoldError: If the file cannot be read as a picture; the message names the file.
    """
    with _open_source(source) as file:
        try:
            if not file.read(1):
                raise ValueError("it is empty")
            file.seek(0)
            with _without_warnings():
                return _decode(file, convert, enough)
        except Exception as error:  # a damaged file can raise almost any exception
            _release(error)
            raise TenfoldError(f"{source} {_problem(error)}") from error


@contextmanager
def _open_source(source: PathLike | PictureBytes) -> Iterator[BinaryIO]:
    if isinstance(source, PictureBytes):
        yield io.BytesIO(source.content)
    else:
        with open_file(source) as file:
            yield file


def _decode(file: BinaryIO, convert: "Callable[[Opened], T]", enough: int | None) -> T:
    from PIL import Image

    with Image.open(file, formats=_formats(file)) as picture:
        stored_size = picture.size
        if enough is not None:
            _reduce_jpeg(picture, enough)
        if picture.width * picture.height > _MAX_PIXELS:
            raise _TooLargeError(f"{picture.width} x {picture.height} pixels")
        is_reduced = picture.size != stored_size
        picture.load()  # turns a TIFF upright, and removes its orientation
        width, height = stored_size if is_reduced else picture.size
        orientation = picture.getexif().get(_ORIENTATION, 1)
        size = (height, width) if orientation in _TURNED else (width, height)
        return convert(Opened(picture, size, orientation))


def _formats(file: BinaryIO) -> tuple[str, ...]:
    """Return the formats that a file may have; the file is at its start before and afterwards."""
    head = file.read(256)  # contains the brands of a HEIC or AVIF picture
    file.seek(0)
    if head[4:8] != b"ftyp":
        return _FORMATS
    from tenfold.data.picture_heif import heif_formats  # rare, and predict has to start quickly

    return heif_formats(head) or _FORMATS


def _release(error: BaseException | None) -> None:
    """Free the memory of the decoded picture, which the traceback of an error refers to."""
    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


class _TooLargeError(ValueError):
    """A picture has more than ``_MAX_PIXELS`` pixels."""


def _problem(error: Exception) -> str:
    """Return what is wrong with a file that cannot be read as a picture, and what to do."""
    kind = type(error).__name__
    if kind in ("_TooLargeError", "DecompressionBombError"):
        size = f" ({error})" if isinstance(error, _TooLargeError) else ""
        return f"is too large{size}: reduce it to at most {_MAX_PIXELS:,} pixels, or cut it."
    if kind == "MissingPackageError":
        return f"{error}, or save the picture as JPEG or PNG."
    # Pillow's message on an unknown format shows the Python object.
    why = "its format is unknown" if kind == "UnidentifiedImageError" else reason(error)
    return f"is not a readable image file ({why}). Save it again as PNG, or remove it."


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Ignore warnings, such as Pillow's on odd metadata, in any number of threads at once.

    ``warnings.catch_warnings`` restores the filters that it found. If two threads use it at
    overlapping times, one restores the filters of the other, and warnings stay ignored for ever.
    """
    global _quiet_threads, _saved_filters
    with _LOCK:
        if _quiet_threads == 0:
            _saved_filters = warnings.catch_warnings()
            _saved_filters.__enter__()
            warnings.simplefilter("ignore")
        _quiet_threads += 1
    try:
        yield
    finally:
        with _LOCK:
            _quiet_threads -= 1
            if _quiet_threads == 0 and _saved_filters is not None:
                _saved_filters.__exit__(None, None, None)


def _reduce_jpeg(picture: "Image", enough: int) -> None:
    """Let Pillow decode a JPEG at the smallest size that still has enough pixels."""
    factor = (enough / (picture.width * picture.height)) ** 0.5
    if picture.format in ("JPEG", "MPO") and factor < 1:
        picture.draft(None, (int(picture.width * factor), int(picture.height * factor)))


def _fit(grey: Array) -> Array:
    """Resize (H, W) to a longer side of 28, and centre it on a square of its border's grey."""
    from PIL import Image

    height, width = grey.shape
    scale = _SIDE / max(height, width)
    h, w = max(1, round(height * scale)), max(1, round(width * scale))
    # When Pillow shrinks an image, its bilinear filter becomes wider, so that each pixel counts.
    small = np.asarray(Image.fromarray(grey).resize((w, h), Image.Resampling.BILINEAR))
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    square = np.full((_SIDE, _SIDE), np.uint8(np.median(border)))
    top, left = (_SIDE - h) // 2, (_SIDE - w) // 2
    square[top : top + h, left : left + w] = small
    return square

"""Pictures of one digit."""

import zlib
from collections.abc import Iterator

import numpy as np

from benchmarks.reading.brush import Floats
from benchmarks.reading.compose.canvas import Truth
from benchmarks.reading.compose.conditions import Look, draw_look
from benchmarks.reading.compose.form_cells import write_neighbours
from benchmarks.reading.compose.scene import Picture, blank_canvas, photograph
from benchmarks.reading.sources import Half, Source, find_source

__all__ = ["balanced", "random_numbers", "singles"]


def random_numbers(*key: object) -> np.random.Generator:
    """Return the random numbers of a key: the same for equal keys, on every machine."""
    return np.random.default_rng([zlib.crc32(str(part).encode()) for part in key])


def singles(
    condition: str,
    seed: int,
    n: int,
    half: Half = "dev",
    source: str = "mnist",
    pen: float | None = None,
) -> Iterator[tuple[Picture, Truth]]:
    """Yield pictures of one digit each, all digits equally often as far as the source has them.

    Args:
        condition: A key of ``CONDITIONS``. ``one pixel`` needs a source with paths, such as "pen".
        seed: Random seed; picture i depends on nothing else but i and the other arguments.
        n: Number of pictures.
        half: Which half of the source.
        source: A name of ``SOURCES``.
        pen: Width of the pen as a share of the digit's height; as in the condition if None.

    Yields:
        The picture (H, W, 3) uint8, and what it contains.

    Raises:
        ValueError: If there is no such condition or source.
        FileNotFoundError: If the source has not been downloaded.
    """
    origin = find_source(source)
    order = balanced(origin, half, random_numbers("order", condition, seed, half, source))
    for i in range(n):
        rng = random_numbers("singles", condition, seed, half, source, pen, i)
        look = draw_look(condition, rng)
        index = int(order[i % len(order)])
        width = look.pen if pen is None else pen * look.unit
        canvas = blank_canvas(look)
        mask = fitting(origin.mask(index, look.unit, rng, width), look)
        x, y = _corner(mask, look, rng)
        canvas.write(mask, x, y, str(origin.labels[index]))
        if look.neighbours:
            others = rng.choice(origin.members(half), look.neighbours)
            write_neighbours(canvas, origin, others, rng, width)
        picture, marks = photograph(canvas, look, rng)
        yield picture, Truth((str(origin.labels[index]),), marks, condition, source, index)


def balanced(origin: Source, half: Half, rng: np.random.Generator) -> list[int]:
    """Return all members of a half: always one of each digit in turn, as long as there are some."""
    members = rng.permutation(origin.members(half))
    digits = [members[origin.labels[members] == digit] for digit in rng.permutation(10)]
    longest = max(map(len, digits))
    return [int(one[i]) for i in range(longest) for one in digits if i < len(one)]


def fitting(mask: Floats, look: Look) -> Floats:
    """Return a mask, cut off at the size of the picture; digits of a usual shape are smaller."""
    return mask[: look.height, : look.width]


def _corner(mask: Floats, look: Look, rng: np.random.Generator) -> tuple[int, int]:
    """Return the upper left corner of a digit."""
    room = np.array([look.width - mask.shape[1], look.height - mask.shape[0]])
    if look.place == "filling":
        return int(room[0] // 2), int(room[1] // 2)
    # Rotation and perspective move what is far from the middle.
    safe = 0.04 + abs(np.sin(np.radians(look.rotation))) * 0.35 + 0.3 * look.tilt
    x, y = (room * (safe + (1 - 2 * safe) * rng.uniform(0, 1, 2))).astype(int)
    if look.place == "edge":
        side = rng.integers(4)
        x = (0, room[0], x, x)[side]
        y = (y, y, 0, room[1])[side]
    return int(x), int(y)

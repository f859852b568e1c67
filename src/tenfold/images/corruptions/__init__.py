"""The fifteen corruptions of MNIST-C, after which a digit can still be read, by people.

Mu and Gilmer, "MNIST-C: a robustness benchmark for computer vision" (2019), chose them, and their
severities, so that networks fail on them that do very well on clean images. They are written anew
here, in NumPy; the random numbers are others than those of the published images.
"""

from tenfold.images.corruptions.blurs import glass_blur, motion_blur
from tenfold.images.corruptions.corruption import Corruption
from tenfold.images.corruptions.edges import canny_edges
from tenfold.images.corruptions.geometry import rotate, scale, shear, translate
from tenfold.images.corruptions.light import brightness, stripe
from tenfold.images.corruptions.noise import impulse_noise, shot_noise
from tenfold.images.corruptions.strokes import dotted_line, zigzag
from tenfold.images.corruptions.weather import fog, spatter

CORRUPTIONS: dict[str, Corruption] = {
    change.__name__: Corruption(change.__name__, words, change)
    for change, words in (
        (shot_noise, "few photons, 3 where it is white"),
        (impulse_noise, "17 % of the pixels black or white"),
        (glass_blur, "seen through rough glass"),
        (motion_blur, "smeared along a line"),
        (shear, "slanted by 23 degrees"),
        (scale, "0.7 of its size"),
        (rotate, "turned by 23 degrees"),
        (brightness, "half of full brightness added"),
        (translate, "3 pixels up or down, and aside"),
        (stripe, "inverted at the left and right"),
        (fog, "behind a cloud"),
        (spatter, "splashed with mud"),
        (dotted_line, "crossed by a dotted line"),
        (zigzag, "crossed by a zigzag"),
        (canny_edges, "only its outline"),
    )
}
"""The corruptions by name, in the order of the paper."""

__all__ = [
    "CORRUPTIONS",
    "Corruption",
    "brightness",
    "canny_edges",
    "dotted_line",
    "fog",
    "glass_blur",
    "impulse_noise",
    "motion_blur",
    "rotate",
    "scale",
    "shear",
    "shot_noise",
    "spatter",
    "stripe",
    "translate",
    "zigzag",
]

"""The fifteen corruptions of MNIST-C. People can still read the corrupted digits.

The authors of MNIST-C chose the corruptions and their severities so that networks with a high
accuracy on clean images fail. This is an implementation in NumPy. Its random numbers differ from
those of the published images.

References:
    Mu and Gilmer, "MNIST-C: a robustness benchmark for computer vision" (2019).
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
    change.__name__: Corruption(change.__name__, description, change)
    for change, description in (
        (shot_noise, "photon noise: 3 photons per white pixel"),
        (impulse_noise, "17% of pixels black or white"),
        (glass_blur, "seen through rough glass"),
        (motion_blur, "blurred along a line"),
        (shear, "sheared by 23 degrees"),
        (scale, "scaled to 0.7 of its size"),
        (rotate, "rotated by 23 degrees"),
        (brightness, "half of full brightness added"),
        (translate, "shifted by 3 pixels along both axes"),
        (stripe, "inverted at the left and right edge"),
        (fog, "covered by fog"),
        (spatter, "splashed with mud"),
        (dotted_line, "crossed by a dotted line"),
        (zigzag, "crossed by a zigzag"),
        (canny_edges, "edges only"),
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

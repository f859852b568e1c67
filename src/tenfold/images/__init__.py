"""From image to image: random augmentation, distortions by degree, the corruptions of MNIST-C."""

from tenfold.images.augment import Augment, sample
from tenfold.images.corruptions import CORRUPTIONS
from tenfold.images.corruptions.corruption import Corruption
from tenfold.images.distortions import DISTORTIONS, Distortion

__all__ = ["CORRUPTIONS", "DISTORTIONS", "Augment", "Corruption", "Distortion", "sample"]

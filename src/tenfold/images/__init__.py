"""Transformations of images: augmentation, distortions, corruptions of MNIST-C, normalisation.

In reading order: ``augment`` (random, for training), ``warp`` and ``blur`` (without randomness),
``per_image_random`` (random numbers that belong to an image), ``distortions`` and ``corruptions``
(tests of robustness), ``polarity`` (background and ink, images without ink), ``normalization``
(from ink of any size to an image like MNIST's).
"""

from typing import TYPE_CHECKING

from tenfold import lazy

if TYPE_CHECKING:
    from tenfold.images.augment import Augment, sample, sample_at
    from tenfold.images.corruptions import CORRUPTIONS
    from tenfold.images.corruptions.corruption import Corruption
    from tenfold.images.distortions import DISTORTIONS, Distortion
    from tenfold.images.normalization import Preprocessing, normalize, normalize_like_mnist
    from tenfold.images.polarity import (
        background_level,
        has_light_background,
        is_blank,
        to_light_on_black,
    )
else:
    __getattr__, __dir__ = lazy.lazy_names(
        __name__,
        {
            "augment": ["Augment", "sample", "sample_at"],
            "corruptions": ["CORRUPTIONS"],
            "corruptions.corruption": ["Corruption"],
            "distortions": ["DISTORTIONS", "Distortion"],
            "normalization": ["normalize_like_mnist", "Preprocessing", "normalize"],
            "polarity": [
                "background_level",
                "has_light_background",
                "is_blank",
                "to_light_on_black",
            ],
        },
    )

__all__ = [
    "CORRUPTIONS",
    "DISTORTIONS",
    "Augment",
    "Corruption",
    "Distortion",
    "Preprocessing",
    "background_level",
    "has_light_background",
    "is_blank",
    "normalize",
    "normalize_like_mnist",
    "sample",
    "sample_at",
    "to_light_on_black",
]

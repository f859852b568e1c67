"""Selective backpropagation: train less often on images that have become easy.

After one pass the network classifies most digits easily, and their gradients are small; the time is
better spent on the other digits. Whether an image is easy is decided by the latest prediction for
it. The training step has computed this prediction, so no extra forward pass is needed.
"""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn import Describable, softmax, stream
from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array
from tenfold.nn.constraints import Number

__all__ = ["Selective"]

# If all images are easy, a pass contains only the share ``chance`` of them. With a chance far below
# 0.01, one batch could need thousands of passes.
_Chance = Annotated[float, Number("[0.01, 1]")]
_Probability = Annotated[float, Number("[0, 1]")]


@dataclass(kw_only=True)
class Selective(Describable):
    r"""Chooses the images of the next batches; easy images are chosen less often.

    The images are visited in passes, each in a new random order. At the start of a pass, image i is
    put on the list of this pass with probability

    .. math:: P_i = 1 \text{ if } p_i \le \text{easy}, \text{ else chance}

    where p_i is the probability that the network gave to the correct digit when it last trained on
    the image, with distortion and dropout. At the start, all p_i are 0, so the first pass contains
    all images, in the same order as without selection. Batches are cut from the lists, and one
    batch may contain the end of a list and the start of the next. An epoch still has as many images
    as the data set, so it takes as long as without selection and contains more than one pass.

    The gradients are not divided by P_i to make up for the images that are left out: the aim is to
    train more on hard images. This also trains more on images with a wrong label.

    Args:
        easy: Probability above which an image is easy, 0 to 1; 0.85 by default.
        chance: Probability that an easy image is still part of a pass, 0.01 to 1; 0.3 by default.

    Attributes:
        passes: Number of passes begun so far.
        state: ``seen``, shape (N,), float32: all p_i, that is, not which images were seen, but the
            probability of the correct digit when the network last saw each of them; and
            ``waiting``, the rest of the current list, int64.

    Raises:
        ValueError: If a number is out of its range.

    References:
        Jiang et al., "Accelerating deep learning by focusing on the biggest losers" (2019). The
        main method of the paper evaluates every image again. Its variant StaleSB uses older
        predictions, as this class does.
    """

    state_names: ClassVar[tuple[str, ...]] = ("state", "passes")

    easy: _Probability = 0.85
    chance: _Chance = 0.3
    passes: int = field(default=0, init=False, repr=False, compare=False)
    state: dict[str, Array] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_fields(self)

    def sample(self, count: int, images: int, seed: int) -> Array:
        """Return the indices of the next images, shape (count,).

        Args:
            count: Number of images to return.
            images: Number of images in the data set; it must not change between calls.
            seed: Random seed of the run. The result depends on the seed and on the predictions
                stored so far.

        Raises:
            TenfoldError: If earlier calls were for another number of images.
        """
        if not self.state:
            self.state = {"seen": np.zeros(images, np.float32), "waiting": np.arange(0)}
        if len(self.state["seen"]) != images:
            raise TenfoldError(
                f"this Selective was used with {len(self.state['seen']):,} images, got "
                f"{images:,}: make a new one for other data"
            )
        while len(self.state["waiting"]) < count:
            more = self._next_pass(images, seed)
            self.state["waiting"] = np.concatenate([self.state["waiting"], more])
        chosen, self.state["waiting"] = np.split(self.state["waiting"], [count])
        return chosen

    def update(self, indices: Array, logits: Array, labels: Array) -> None:
        """Store the probabilities that the network gave to the correct digits.

        Args:
            indices: Indices of the images, (N,), from ``sample``.
            logits: Outputs of the network for these images, (N, classes).
            labels: Labels of these images, (N,).
        """
        self.state["seen"][indices] = softmax(logits)[np.arange(len(indices)), labels]

    record = update  # its name in version 0.2

    def _next_pass(self, images: int, seed: int) -> Array:
        """Begin a pass: return the indices of its images, in random order."""
        order = stream(seed, "shuffle", self.passes).permutation(images)
        kept = stream(seed, "selective", self.passes).random(images) < self.chance
        self.passes += 1
        return order[(self.state["seen"][order] <= self.easy) | kept]

"""Selective back-propagation: images that have become easy are met less often.

After one pass most digits are told apart with ease, and have little left to teach; the time is
better spent on the others. The network's answer to an image when it was last met, which costs
nothing more, says which they are.
"""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn import Describable, softmax, stream
from tenfold.nn.array import Array

__all__ = ["Selective"]

_RAREST = 0.01  # at a smaller chance, finding a batch among easy images could take for ever


@dataclass
class Selective(Describable):
    r"""Which images come next, if the easy ones come less often.

    Passes over the images follow one upon another, each in a new order. When one begins, image i
    is put on its list with probability

    .. math:: P_i = 1 \text{ if } p_i \le \text{easy}, \text{ else chance}

    where p_i is the probability that the network gave to its right digit when it was last met,
    distorted and with dropout as it then was; 0 before that, so that the first pass is one over
    all images, in the very order of a training without this. Batches are cut from the lists, and
    one may end a list and begin the next. An epoch still is as many images as there are, so
    that it takes as long; it holds more than one pass.

    Gradients are not weighted to make up for what is left out: that the network looks longer at
    what it finds hard is the purpose. It also looks longer at images with a wrong label.

    Args:
        easy: the probability above which an image counts as easy, 0 to 1.
        chance: of an easy image, to be met in a pass all the same, 0.01 to 1.

    Attributes:
        passes: how many have begun.
        state: ``seen``, every p, shape (N,), float32; ``waiting``, the rest of the list, int64.

    Raises:
        ValueError: if a number is out of its range.

    Jiang et al., "Accelerating deep learning by focusing on the biggest losers" (2019), which asks
    the network about every image anew, and in its variant StaleSB, as here, relies on an answer
    from before.
    """

    state_names: ClassVar[tuple[str, ...]] = ("state", "passes")  # what a checkpoint keeps

    easy: float = 0.85
    chance: float = 0.3
    passes: int = field(default=0, init=False, repr=False, compare=False)
    state: dict[str, Array] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.easy <= 1:
            raise ValueError(f"easy is a probability, from 0 to 1, not {self.easy}")
        if not _RAREST <= self.chance <= 1:
            raise ValueError(f"chance is from {_RAREST} to 1, not {self.chance}")

    def draw(self, count: int, images: int, seed: int) -> Array:
        """Return which images are met next.

        Args:
            count: how many. ``images``: of how many, the same number every time.
            seed: of the run; with the answers noted so far it decides everything.

        Raises:
            TenfoldError: if the answers noted so far are of another number of images.
        """
        if not self.state:
            self.state = {"seen": np.zeros(images, np.float32), "waiting": np.arange(0)}
        if len(self.state["seen"]) != images:
            raise TenfoldError(
                f"this selection has met {len(self.state['seen']):,} images, not {images:,}: "
                "make a new one for other data"
            )
        while len(self.state["waiting"]) < count:
            more = self._next_pass(images, seed)
            self.state["waiting"] = np.concatenate([self.state["waiting"], more])
        drawn, self.state["waiting"] = np.split(self.state["waiting"], [count])
        return drawn

    def note(self, drawn: Array, logits: Array, labels: Array) -> None:
        """Remember how sure the network was of the right digits of images.

        Args:
            drawn: which images, (N,), as ``draw`` returned them.
            logits: its answers, (N, classes). ``labels``: the right digits, (N,).
        """
        self.state["seen"][drawn] = softmax(logits)[np.arange(len(drawn)), labels]

    def _next_pass(self, images: int, seed: int) -> Array:
        order = stream(seed, "shuffle", self.passes).permutation(images)
        anyway = stream(seed, "selective", self.passes).random(images) < self.chance
        self.passes += 1
        return order[(self.state["seen"][order] <= self.easy) | anyway]

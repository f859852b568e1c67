"""What a convolution sees: one filter, all filters, deeper layers, and the gain in accuracy."""

from tenfold.studio.tours.tour import Condition, Step, Tour
from tenfold.studio.tours.training import learned, race_address, training_without

__all__ = ["CONVOLUTION"]

_EDGE = "/inside?model=standard&digit=4&layer=1&unit=16.11.4"
_DEEP = "/inside?model=standard&digit=4&layer=16&unit=0.0.219"
_ADDRESS = race_address("conv", epochs=1)

CONVOLUTION = Tour(
    name="convolution",
    title="What a convolution sees",
    question="The first layer has 40 filters of nine weights. What do they find?",
    minutes=8,
    steps=(
        Step(
            "Nine pixels times nine weights",
            _EDGE,
            ".inside .unit",
            (
                "A convolution computes each of its numbers from a window of 3 x 3 pixels: the sum "
                "of nine products. Here it is the window around row 16, column 11. Below the "
                "middle, ink meets positive weights; above it, background meets negative ones.",
            ),
            ("y[i, j] = Σ x[i + a, j + b] · w[a, b]", "a, b = −1, 0, 1"),
        ),
        Step(
            "The same weights everywhere",
            _EDGE,
            ".inside .mosaic",
            (
                "Choose other pixels of this channel, with the pointer or the arrow keys: the "
                "window x changes, the weights w stay. This filter finds upper edges: its output "
                "is orange where ink lies below background, and blue where ink lies above it.",
            ),
        ),
        Step(
            "All filters of the layer",
            _EDGE,
            ".filters",
            (
                "Each square is one filter; orange weights are positive, blue ones negative. An "
                "orange side beside a blue side finds edges of one direction. Nobody has designed "
                "them: they began at random, and were learned.",
            ),
        ),
        Step(
            "Deeper layers see more",
            _DEEP,
            ".exciting",
            (
                "Each pooling doubles what a window covers. In the layer called “12 ReLU”, a unit "
                "sees the whole image. Channel 219 answers most strongly to these nine of 3,000 "
                "training images: they are all 4s.",
            ),
            until=Condition(".nine li", "the nine images are found", 9),
        ),
        Step(
            "No unit is alone",
            _DEEP,
            ".inside .change",
            (
                "Press Switch off, beside the equations. Without this channel, the answer is still "
                "4, and all of the 500 validation digits are still read correctly. Many channels "
                "know what a 4 is.",
            ),
            until=Condition(".effect:not(:empty)", "the effect is shown"),
        ),
        Step(
            "What a convolution is good for",
            _ADDRESS,
            ".controls",
            (
                "Now a convolutional network and one of dense layers, with nearly the same number "
                "of weights, learn for one epoch. Press Start. (It takes about ten seconds.)",
            ),
            until=learned("Convolutional", index=0, epochs=1),
            impossible_if=training_without("Convolutional"),
        ),
        Step(
            "Fewer mistakes",
            _ADDRESS,
            ".charts > :last-child",
            (
                "The convolutional network reads 99.2% of the validation digits, the dense one "
                "96.7%. A convolution has knowledge about images built in: neighbouring pixels "
                "belong together, and an edge is an edge wherever it is.",
            ),
        ),
    ),
)
"""The tour."""

"""Why zero weights never learn: the gradient is a product, and one of its factors is zero."""

from tenfold.studio.tours.tour import Step, Tour
from tenfold.studio.tours.training import chosen, learned, race_address, training_without

__all__ = ["ZERO_WEIGHTS"]

_SIGMOID = (
    *("batch_norm=false", "dropout=0", "average=none", "label_smoothing=0", "schedule=Constant"),
    *("learning_rate=0.001", "activation=Sigmoid"),
)
_RELU_ADDRESS = race_address("zero", epochs=2)
_SIGMOID_ADDRESS = race_address(
    "zero",
    ("Random, sigmoid", _SIGMOID),
    ("Zero, sigmoid", (*_SIGMOID, "initializer=Zeros")),
    epochs=2,
)

ZERO_WEIGHTS = Tour(
    name="zero-weights",
    title="Why zero weights never learn",
    question="Weights must begin with some value. Why not with zero?",
    minutes=6,
    steps=(
        Step(
            "Two networks, one difference",
            _RELU_ADDRESS,
            ".setup",
            (
                "Both networks have the layers 784-128-64-10 with ReLU, and see the same images in "
                "the same order. The weights of one begin at random, those of the other at zero.",
                "What will the second one learn? Guess before you go on.",
            ),
        ),
        Step(
            "Let them learn",
            _RELU_ADDRESS,
            ".controls",
            (
                "Press Start. The networks make their steps in turn. After an epoch, one pass over "
                "55,000 training images, each is tested on 5,000 validation images.",
            ),
            until=learned("Random weights", index=0, epochs=1),
            impossible_if=training_without("Random weights"),
        ),
        Step(
            "The loss of a guess",
            _RELU_ADDRESS,
            ".charts > :first-child",
            (
                "The loss of the zero network stays at 2.30: each digit gets a probability of "
                "about 1/10, whatever the image shows. After one epoch the studio ends the "
                "training of this network, since its answer would never depend on the image.",
            ),
            ("L = −log p(correct digit) = −log(1/10) = 2.303",),
        ),
        Step(
            "One answer to everything",
            _RELU_ADDRESS,
            ".looks",
            (
                "Choose “Zero weights” above the curves. It gives the same answer to all 24 "
                "digits. Only the ten biases of its last layer learn. They do not depend on the "
                "image.",
            ),
            until=chosen("Zero weights", index=1),
        ),
        Step(
            "Where the gradient becomes zero",
            _RELU_ADDRESS,
            ".tablecard",
            (
                "In this table, the weights of “Zero weights” have the gradient 0 in all layers, "
                "and all ReLU units are dead. The gradient of a weight is a product. In the last "
                "layer, its factor h is 0. In the other layers, the factor W (the weights of the "
                "next layer) is 0.",
            ),
            (
                "h = max(0, x·0 + 0) = 0",
                "∂L/∂W₃ = hᵀ · ∂L/∂z = 0",
                "∂L/∂h = ∂L/∂z · W₃ᵀ = 0",
            ),
        ),
        Step(
            "Another activation",
            _SIGMOID_ADDRESS,
            ".controls",
            (
                "Now the same with sigmoid units. σ(0) = 1/2 is not zero. So the weights of the "
                "last layer get a gradient, and after some steps those of the other layers, too. "
                "Press Start: are zero weights good enough now?",
            ),
            until=learned("Random, sigmoid", index=0, epochs=2),
            impossible_if=training_without("Random, sigmoid"),
        ),
        Step(
            "All units of a layer are equal",
            _SIGMOID_ADDRESS,
            ".charts > :last-child",
            (
                "The network learns something, but only 22% of the answers are correct. The units "
                "of a layer begin with equal weights, get equal gradients, and stay equal: 128 "
                "units can do no more than one. Random weights make them different from the start: "
                "they break the symmetry.",
            ),
            ("w ~ N(0, 2/n)", "n: number of inputs (He et al., 2015)"),
        ),
    ),
)
"""The tour."""

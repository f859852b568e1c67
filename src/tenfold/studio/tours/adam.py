"""Adam against gradient descent: where they differ, and where they do not."""

from tenfold.studio.tours.tour import Step, Tour
from tenfold.studio.tours.training import chosen, learned, race_address, training_without

__all__ = ["ADAM"]

_DEEP = (
    *("batch_norm=false", "dropout=0", "average=none", "label_smoothing=0", "schedule=Constant"),
    *("hidden=64,64,64,64,64", "activation=Sigmoid"),
)
_ADDRESS = race_address("adam", epochs=3)
_DEEP_ADDRESS = race_address(
    "adam",
    ("Adam, rate 0.001", (*_DEEP, "optimizer=Adam", "learning_rate=0.001")),
    ("Descent, rate 0.05", (*_DEEP, "optimizer=SGD", "learning_rate=0.05")),
    ("Descent, rate 1", (*_DEEP, "optimizer=SGD", "learning_rate=1")),
    epochs=3,
)

ADAM = Tour(
    name="adam",
    title="Adam against gradient descent",
    question="Why is Adam used so often? Is it better?",
    minutes=8,
    steps=(
        Step(
            "Three rules for a step",
            _ADDRESS,
            ".setup",
            (
                "Three equal networks learn with the gradient g. Gradient descent goes along −g. "
                "Momentum also keeps 0.9 of its last step. Adam keeps two numbers for each weight: "
                "m, a running mean of g, and v, a running mean of g². It divides m by √v.",
            ),
            (
                "gradient descent: w ← w − η·g",
                "momentum: u ← 0.9·u + g,   w ← w − η·u",
                "Adam: w ← w − η·m / (√v + ε)",
            ),
        ),
        Step(
            "Let them learn",
            _ADDRESS,
            ".controls",
            ("Press Start. Which one is the fastest in the first 100 steps?",),
            until=learned("Adam", index=0, epochs=3),
            impossible_if=training_without("Adam"),
        ),
        Step(
            "No clear winner",
            _ADDRESS,
            ".charts > :last-child",
            (
                "After 3 epochs, Adam and momentum are ahead of gradient descent: 96.6%, 97.1% and "
                "95.4%. Momentum is at least as good as Adam here. All three learn well, since "
                "each has a learning rate that suits this network.",
            ),
        ),
        Step(
            "A harder network",
            _DEEP_ADDRESS,
            ".controls",
            (
                "These networks have five layers of sigmoid units. On the way back from the last "
                "layer to the first, the gradients become smaller with each layer. Adam and "
                "gradient descent have the same rates as before; a third network uses gradient "
                "descent with the rate 1. Press Start.",
            ),
            until=learned("Adam, rate 0.001", index=0, epochs=3),
            impossible_if=training_without("Adam, rate 0.001"),
        ),
        Step(
            "The old rate works for Adam only",
            _DEEP_ADDRESS,
            ".charts > :last-child",
            (
                "Adam reaches 94% with its old rate. Gradient descent with its old rate 0.05 is no "
                "better than a guess: 11%. With 20 times this rate it reaches 94%, too. So "
                "gradient descent can train this network, but you have to find the rate.",
            ),
        ),
        Step(
            "Unequal steps",
            _DEEP_ADDRESS,
            ".tablecard",
            (
                "Choose “Descent, rate 0.05”. The numbers of the layers also count the layers "
                "without weights: 2 Dense has the first weights, 12 Dense the last. The gradient "
                "of 2 Dense is about 200 times smaller than that of 12 Dense, and each step is "
                "proportional to the gradient. The column Update shows how much a step changes the "
                "weights, relative to their size.",
            ),
            until=chosen("Descent, rate 0.05", index=1),
        ),
        Step(
            "Equal steps",
            _DEEP_ADDRESS,
            ".tablecard",
            (
                "Choose “Adam, rate 0.001”. Now the updates of all layers are of a similar size, "
                "about 0.001. A steady gradient is divided by its own size, so each weight moves "
                "by about η, whether its gradient is large or small.",
            ),
            ("steady g: m = g, v = g²", "w ← w − η · g / |g|"),
            until=chosen("Adam, rate 0.001", index=0),
        ),
    ),
)
"""The tour."""

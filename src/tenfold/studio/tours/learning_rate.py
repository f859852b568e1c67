"""A learning rate that is too high: slow training, unstable training, and divergence."""

from tenfold.studio.tours.tour import Step, Tour
from tenfold.studio.tours.training import chosen, learned, learns, race_address, training_without

__all__ = ["LEARNING_RATE"]

_ADDRESS = race_address("rates", epochs=3)
_OWN = race_address(
    "rates",
    (
        "My rate",
        (
            *("batch_norm=false", "dropout=0", "average=none", "label_smoothing=0"),
            *("schedule=Constant", "optimizer=SGD", "learning_rate=0.03"),
        ),
    ),
    epochs=20,
)

LEARNING_RATE = Tour(
    name="learning-rate",
    title="A learning rate that is too high",
    question="Larger steps are faster. What if they are too large?",
    minutes=8,
    steps=(
        Step(
            "Four learning rates",
            _ADDRESS,
            ".setup",
            (
                "The same network learns four times by gradient descent, with the same first "
                "weights and the same images. Only the learning rate η differs: 0.001, 0.03, 0.5 "
                "and 5. Which one wins, and which one fails?",
            ),
            ("w ← w − η · ∂L/∂w",),
        ),
        Step(
            "Let them learn",
            _ADDRESS,
            ".controls",
            ("Press Start, and watch the training loss of the first steps.",),
            until=learned("rate 0.03", index=1, epochs=3),
            impossible_if=training_without("rate 0.03"),
        ),
        Step(
            "5: the loss explodes",
            _ADDRESS,
            ".doctor",
            (
                "The first losses of rate 5 are 3, 225 and 1,174,023, far above the chart. After "
                "10 steps the loss is no longer finite: the training has diverged. The first hint "
                "says so, and proposes a tenth of this rate.",
            ),
        ),
        Step(
            "0.5: most units are dead",
            _ADDRESS,
            ".tablecard",
            (
                "Choose “rate 0.5” above the curves. It learns, but its loss first rises. Such "
                "long steps push ReLU units so far that they are 0 for every image. Then their "
                "gradient is 0, too. In layer 3, a ReLU, most units are dead at the end.",
            ),
            ("y = max(0, z)", "∂y/∂z = 0 if z < 0"),
            until=chosen("rate 0.5", index=2),
        ),
        Step(
            "0.001: right, but slow",
            _ADDRESS,
            ".charts > :last-child",
            (
                "After 3 epochs, rate 0.001 has reached 82%, rate 0.03 has reached 95%. The small "
                "rate is not wrong, it needs more steps. With a rate that is too small, the "
                "loss falls steadily but slowly; with one that is too large, it jumps or explodes.",
            ),
        ),
        Step(
            "Why there is a limit",
            _ADDRESS,
            ".charts > :first-child",
            (
                "Near a minimum, the loss is like a parabola with a curvature a. Each step "
                "multiplies the distance from the minimum by 1 − ηa. If this factor is below −1, "
                "every step ends on the other side, and farther away than it began.",
            ),
            ("L = a·w²/2", "w ← w − η·a·w = (1 − ηa)·w", "converges if 0 < η < 2/a"),
        ),
        Step(
            "Find the limit yourself",
            _OWN,
            ".knobs",
            (
                "Press Start. Then move “Learning rate” to the right while the network learns, "
                "until the loss jumps, and back again. Does the network recover? Look at the dead "
                "units, too.",
            ),
            until=learns("My rate"),
            impossible_if=training_without("My rate"),
        ),
    ),
)
"""The tour."""

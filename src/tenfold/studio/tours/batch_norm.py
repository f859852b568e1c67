"""What batch normalisation does: it keeps the gradient from vanishing in deep sigmoid networks."""

from tenfold.studio.tours.tour import Step, Tour
from tenfold.studio.tours.training import chosen, learned, race_address, training_without

__all__ = ["BATCH_NORM"]

_ADDRESS = race_address("norm", epochs=3)

BATCH_NORM = Tour(
    name="batch-norm",
    title="What batch normalisation does",
    question="A deep network hardly learns. What can one layer type change?",
    minutes=7,
    steps=(
        Step(
            "Five sigmoid layers",
            _ADDRESS,
            ".setup",
            (
                "Both networks have five hidden layers of 64 sigmoid units, and learn by gradient "
                "descent with the rate 0.1. The second one normalises the inputs of each sigmoid. "
                "On its way back, the gradient is multiplied by σ′ in each layer.",
            ),
            ("σ′(z) = σ(z) · (1 − σ(z)) ≤ 1/4",),
        ),
        Step(
            "Let them learn",
            _ADDRESS,
            ".controls",
            ("Press Start. Can you tell the networks apart after the first 100 steps?",),
            until=learned("Normalised", index=1, epochs=2),
            impossible_if=training_without("Normalised"),
        ),
        Step(
            "The same network, normalised",
            _ADDRESS,
            ".charts > :last-child",
            (
                "After 2 epochs, the network without batch normalisation recognises 21% of the "
                "validation digits, the network with batch normalisation 93%. Both have the same "
                "layers of weights, the same learning rate and the same images.",
            ),
        ),
        Step(
            "Plain: the gradient vanishes",
            _ADDRESS,
            ".tablecard",
            (
                "Choose “Plain”, and read the column Gradient from the last row to the first: it "
                "becomes about a hundred times smaller. So the steps of the first layers are tiny, "
                "and these layers hardly learn.",
            ),
            until=chosen("Plain", index=0),
        ),
        Step(
            "Normalised: all layers learn",
            _ADDRESS,
            ".tablecard",
            (
                "Choose “Normalised”. Now the gradients of all layers have a similar size. The "
                "outputs of the BatchNorm rows have a mean of about 0 and a standard deviation of "
                "about 1: there the sigmoid is steep. γ and β are learned.",
            ),
            ("y = γ · (z − μ) / √(σ² + ε) + β", "μ, σ²: mean and variance over the batch"),
            until=chosen("Normalised", index=1),
        ),
        Step(
            "When the network answers",
            "/inside?model=standard&digit=4&layer=3&unit=7.9.1",
            ".inside .unit",
            (
                "An answer must not depend on which other images are in the batch. So a network "
                "that has been trained uses stored means of μ and σ² instead. The equation of "
                "layer 2, a BatchNorm, shows all five numbers of one channel: γ, μ, σ², ε and β.",
            ),
        ),
    ),
)
"""The tour."""

"""Presets: the races that the view Train offers. A race trains up to four networks side by side."""

from dataclasses import dataclass

from tenfold.recipes import CLASSICS, Classic

__all__ = ["PRESETS", "Preset"]


@dataclass(frozen=True)
class Preset:
    """The networks of one race, and what the race shows.

    Attributes:
        name: Its name in addresses.
        title: Its name on the page.
        question: What it shows, as a sentence.
        racers: For each network its name, its recipe and its settings.
        notes: What differs between the networks, a sentence each.
        group: Title of the group that it belongs to; empty for none.
    """

    name: str
    title: str
    question: str
    racers: tuple[tuple[str, str, tuple[str, ...]], ...]
    notes: tuple[str, ...] = ()
    group: str = ""


_PLAIN = ("batch_norm=false", "dropout=0", "average=none", "label_smoothing=0", "epochs=5")
_CONSTANT = (*_PLAIN, "schedule=Constant")
_BY_HAND = (
    "architecture=Sequential",
    'layout="8c5-ReLU-P-16c3-ReLU-P-F-32-ReLU"',
    "learning_rate=0.003",
    "label_smoothing=0",
    "epochs=3",
)
_DEEP = ("hidden=64,64,64,64,64", "activation=Sigmoid", "optimizer=SGD", "learning_rate=0.1")


def _mlp(*settings: str) -> tuple[str, tuple[str, ...]]:
    return "mlp", (*_CONSTANT, *settings)


def _classic(classic: Classic) -> Preset:
    """Return the race between a project as its author wrote it and its corrected form."""
    settings = ("log_every=10",) if classic.as_written.batch_size is None else ("log_every=1",)
    claims = "; ".join(f"{claim.value:.1%} {claim.description}" for claim in classic.claims)
    return Preset(
        classic.name,
        classic.as_written.summary,
        f"One of the projects that tenfold began with, {classic.project}, in float64 and with its "
        "faults, against the same experiment without them. The project reports "
        f"{claims or 'no result'}.",
        (
            ("As written", classic.as_written.name, settings),
            ("Corrected", classic.corrected.name, settings),
        ),
        classic.corrections,
        "The five projects: as written against corrected",
    )


PRESETS: tuple[Preset, ...] = (
    Preset(
        "one",
        "One network",
        "Watch one network learn, and change its settings while it does.",
        (("mlp", "mlp", ()),),
    ),
    Preset(
        "hand",
        "Layers put together by hand",
        "Choose the layers of a network, their order and their sizes, and then train it.",
        (("My network", "quick", _BY_HAND),),
    ),
    Preset(
        "adam",
        "Adam against gradient descent",
        "The same network with the same first weights: Adam adapts the size of the step to each "
        "weight, gradient descent uses the same learning rate for all.",
        (
            ("Adam", *_mlp("optimizer=Adam", "learning_rate=0.001")),
            ("Gradient descent", *_mlp("optimizer=SGD", "learning_rate=0.05")),
            ("With momentum", *_mlp("optimizer=Momentum", "learning_rate=0.05")),
        ),
    ),
    Preset(
        "rates",
        "Learning rates",
        "Too small a rate learns slowly, too large a rate does not learn at all.",
        tuple(
            (f"rate {rate}", *_mlp("optimizer=SGD", f"learning_rate={rate}"))
            for rate in ("0.001", "0.03", "0.5", "5")
        ),
    ),
    Preset(
        "norm",
        "Batch normalisation",
        "With five sigmoid layers, hardly any gradient reaches the first layers. With batch "
        "normalisation, the gradient reaches them.",
        (("Plain", *_mlp(*_DEEP)), ("Normalised", *_mlp(*_DEEP, "batch_norm=true"))),
    ),
    Preset(
        "zero",
        "Initial weights",
        "With ReLU units, weights that begin at zero get no gradient, and never change.",
        (
            ("Random weights", *_mlp("learning_rate=0.001")),
            ("Zero weights", *_mlp("learning_rate=0.001", "initializer=Zeros")),
        ),
    ),
    Preset(
        "conv",
        "Convolution against dense layers",
        "A convolutional network uses the fact that neighbouring pixels belong together.",
        (("Convolutional", "quick", ("epochs=2",)), ("Dense", "mlp", ("epochs=2",))),
    ),
    *map(_classic, CLASSICS.values()),
)
"""All presets, the default first."""

"""Checkups: all questions about data, about a recipe before it is trained, about a finished run.

One fault must not be told as three. So the images are mended before the next question is asked,
as far as what was found can be undone, and a recipe is only tried on data that is sound.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace

import numpy as np

from tenfold.data import Dataset, load_mnist
from tenfold.doctor.data.blanks import blank_images
from tenfold.doctor.data.classes import class_counts
from tenfold.doctor.data.copies import known_test_images, leaked_images, repeated_images
from tenfold.doctor.data.inverted import darkened, inverted_images
from tenfold.doctor.data.labels import false_labels
from tenfold.doctor.data.legibility import illegible_images
from tenfold.doctor.data.orientation import transposed_images, turned_images
from tenfold.doctor.data.reference_model import ask, understood
from tenfold.doctor.data.scale import pixel_scale, rescaled
from tenfold.doctor.dead_units import many_dead_units
from tenfold.doctor.finding import Checkup, Finding, in_order
from tenfold.doctor.recipe.initial_state import begin, dead_network, input_scale, start_loss
from tenfold.doctor.recipe.learning_rate import learning_rate
from tenfold.doctor.recipe.memorization import learns_one_batch
from tenfold.doctor.recipe.trial import one_batch, short_run
from tenfold.errors import TenfoldError
from tenfold.images.background import is_blank
from tenfold.nn import Network, stream
from tenfold.nn.array import Array
from tenfold.recipes import Recipe
from tenfold.training import dead_units

__all__ = ["Say", "examine_data", "examine_network", "examine_recipe", "silent"]

Say = Callable[[str], None]

_PROBE = 256  # images that a network is looked at with
_TURNED = 150  # images that are turned about

_SCALE = "pixel-scale"

_DATA = (
    *("pixel scale", "blank images", "inverted images", "transposed or turned images"),
    *(
        "copies",
        "test images in training",
        "missing and rare digits",
        "labels that belong to others",
    ),
    "images without digits",
)
_RECIPE = (
    *("input scale", "first loss", "dead units and gradients", "learning 32 images by heart"),
    "learning rate",
)


def silent(text: str) -> None:
    """Say nothing."""


def examine_data(
    train: Dataset, test: Dataset | None = None, own: bool = True, say: Say = silent
) -> Checkup:
    """Look for all that may be wrong with data; 60,000 images take some seconds.

    Args:
        train: to learn from, with labels or without.
        test: to test on, if there is such a part.
        own: whether they are somebody's own images, not the bundled ones; MNIST's test images
            among them are then worth a note.
        say: is told what is being looked at.

    Raises:
        TenfoldError: if a part holds no images.
    """
    for part in (train, test):
        if part is not None and not len(part):
            raise TenfoldError(f"{part.name} holds no images: there is nothing to examine.")
    findings = [*_part(train, "training images" if test else "images", say)]
    if test is not None:
        findings += _test_part(test, say)
    if not any(finding.name.endswith(_SCALE) for finding in findings):
        say("comparing training and test images")
        findings += _shared(train, test, own)
    size = f"{train.name}: {len(train):,} images"
    return Checkup(
        size if test is None else f"{size}, {len(test):,} to test", _DATA, in_order(findings)
    )


def _test_part(test: Dataset, say: Say) -> Iterator[Finding]:
    for finding in _part(test, "test images", say):
        yield replace(finding, name=f"test-{finding.name}")


def _shared(train: Dataset, test: Dataset | None, own: bool) -> Iterator[Finding]:
    """Yield what is wrong with training images that are test images, too."""
    finding = None if test is None else leaked_images(train.images, test.images)
    if finding is None and own:
        finding = known_test_images(train.images, load_mnist("test").images)
    if finding is not None:
        yield finding


def _part(dataset: Dataset, where: str, say: Say) -> Iterator[Finding]:
    """Yield what is wrong with the training or the test images."""
    say(f"looking at the {where}")
    images, labels = dataset.images, dataset.labels
    scale, inverted = pixel_scale(images, where), inverted_images(images, where)
    # On a wrong scale greys may be lost, and what is blank or alike then, need not be so.
    blank = blank_images(images, where) if scale is None else None
    copies = repeated_images(images, labels, where) if scale is None else None
    counts = None if labels is None else class_counts(labels, where)
    yield from (f for f in (scale, blank, inverted, copies, counts) if f is not None)
    if counts is not None and counts.name == "one-label":
        labels = None  # they say nothing, and need no second finding
    mended, kept = darkened(rescaled(images)), ~is_blank(images)
    for finding in _content(mended[kept], None if labels is None else labels[kept], where, say):
        if scale is None or finding.name != "no-digits":
            yield finding


def _content(images: Array, labels: Array | None, where: str, say: Say) -> Iterator[Finding]:
    """Yield what is wrong with the position, the digits or the labels of sound images."""
    if not len(images):
        return
    if (finding := transposed_images(images, labels, where)) is not None:
        yield finding
        images = images.swapaxes(1, 2)
    say(f"reading some of the {where}")
    opinion = ask(images)
    if opinion is None:
        return
    known = opinion.sure if labels is None else opinion.answers == labels[opinion.places]
    if known.mean() < 0.8:
        some = np.linspace(0, len(images) - 1, min(_TURNED, len(images))).astype(np.intp)
        theirs = None if labels is None else labels[some]
        turned = turned_images(images[some], lambda those: understood(those, theirs), where)
        if turned is not None:
            yield turned
            return
    finding = illegible_images(opinion, labels, where)
    if finding is None and labels is not None:
        finding = false_labels(opinion, labels, where)
    if finding is not None:
        yield finding


def examine_recipe(
    recipe: Recipe, train: Dataset, command: str, seed: int = 0, say: Say = silent
) -> Checkup:
    """Look whether a recipe can learn from data, by some dozens of steps.

    Args:
        recipe: not yet trained.
        train: labelled images.
        command: what trains it, such as ``"tenfold train mlp"``; remedies add settings to it.
        seed: of its network.
        say: is told what is being looked at.
    """
    network = recipe.network(seed, train.images)
    findings = list(examine_network(network, train, command, say).findings)
    if not any(finding.severity == "serious" for finding in findings):
        say("trying the learning rate")
        trial = short_run(recipe, train, seed)
        finding = learning_rate(
            trial, lambda factor: short_run(recipe, train, seed, factor), command
        )
        if finding is None:
            some = _probe(train)
            with np.errstate(all="ignore"):
                dead, units = dead_units(trial.network, some.images)
            finding = many_dead_units(dead, units, len(some), command)
        findings += [] if finding is None else [finding]
    return Checkup(f"recipe {recipe.name}", _RECIPE, in_order(findings))


def examine_network(
    network: Network, train: Dataset, command: str = "tenfold train", say: Say = silent
) -> Checkup:
    """Look whether a fresh network is in a state to learn; it is left as it is.

    Args:
        network: with its first weights.
        train: labelled images of its input shape.
        command: what trains it; remedies add settings to it.
        say: is told what is being looked at.
    """
    say("looking at the first weights")
    some = _probe(train)
    start = begin(network, some.images, some.require_labels())
    for check in (input_scale, dead_network):
        if (serious := check(start, command)) is not None:
            return Checkup("a network", _RECIPE[:-1], (serious,))
    say("learning 32 images by heart")
    found = (
        start_loss(start, command),
        learns_one_batch(one_batch(deepcopy(network), train), command),
    )
    findings = [finding for finding in found if finding is not None]
    return Checkup("a network", _RECIPE[:-1], in_order(findings))


def _probe(train: Dataset) -> Dataset:
    """Return some of the images, in mixed order."""
    return train.subset(stream(0, "doctor").permutation(len(train))[:_PROBE])

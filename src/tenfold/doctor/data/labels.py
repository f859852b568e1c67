"""Labels: whether they belong to the images, and what explains it if they do not.

Each question needs a witness's opinion and the labels of all images. They are asked in order: a
shift explains labels that agree with nothing else, and only what nothing explains is chance.
"""

import numpy as np

from tenfold.data import CLASSES
from tenfold.doctor.data.reference_model import Opinion
from tenfold.doctor.finding import Finding
from tenfold.evaluation import wilson_interval
from tenfold.nn.array import Array

__all__ = ["doubtful_labels", "exchanged_labels", "false_labels", "labels_out_of_step"]

_FEWEST = 30  # sure answers, below which nothing is claimed
_FURTHEST = 10  # places that labels may have slipped by
_EXPLAINS = 0.8  # agreement that an explanation must reach
_GAIN = 0.3  # and by how much more than the labels as they are
_EACH = 5  # sure answers on a label, below which its meaning is left open
_WARNING, _SERIOUS = 0.03, 0.1  # false labels, at the least


def false_labels(opinion: Opinion, labels: Array, where: str = "images") -> Finding | None:
    """Return what is wrong with the labels (N,), by the best explanation, or None."""
    if opinion.sure.sum() < _FEWEST:
        return None
    questions = (exchanged_labels, labels_out_of_step, doubtful_labels)
    findings = (question(opinion, labels, where) for question in questions)
    return next((finding for finding in findings if finding is not None), None)


def labels_out_of_step(opinion: Opinion, labels: Array, where: str = "images") -> Finding | None:
    """Return a finding if the label k places further on fits an image, for one k up to +-10."""
    now = _agreement(opinion, labels, 0)
    steps = [k for k in range(-_FURTHEST, _FURTHEST + 1) if k and abs(k) < len(labels)]
    fits = {k: _agreement(opinion, labels, k) for k in steps}
    k = max(fits, key=fits.__getitem__, default=0)
    if not k or fits[k] < max(_EXPLAINS, now + _GAIN):
        return None
    rest, head = f"{abs(k)}:", f":-{abs(k)}"
    first, second = (head, rest) if k > 0 else (rest, head)
    return Finding(
        "labels-out-of-step",
        "serious",
        f"images and labels of the {where} are out of step by {abs(k)}: image i bears the label of "
        f"image i {'-' if k > 0 else '+'} {abs(k)}",
        f"{now:.1%} of the labels are what the model that comes along reads; of those "
        f"{abs(k)} place{'s' if abs(k) > 1 else ''} {'further on' if k > 0 else 'before'}, "
        f"{fits[k]:.1%}",
        "a row was lost or added in one of the two files, such as a line of headings",
        f"images, labels = images[{first}], labels[{second}]",
    )


def exchanged_labels(opinion: Opinion, labels: Array, where: str = "images") -> Finding | None:
    """Return a finding if labels consistently stand for other digits: k + 1 for k, or 3 for 5."""
    given, read = labels[opinion.places][opinion.sure], opinion.answers[opinion.sure]
    table = np.zeros((CLASSES, CLASSES), int)
    np.add.at(table, (given, read), 1)
    known = table.sum(axis=1) >= _EACH
    clear = known & (2 * table.max(axis=1) > table.sum(axis=1))
    meaning = np.where(clear, table.argmax(axis=1), np.arange(CLASSES))
    wrong = np.flatnonzero(meaning != np.arange(CLASSES))
    if not len(wrong):
        return None
    offsets = (np.arange(CLASSES) - meaning)[known] % CLASSES
    shifted = len(set(offsets)) == 1
    now, then = float((given == read).mean()), float((meaning[given] == read).mean())
    if then < _EXPLAINS:  # a few majorities by chance, among labels that belong to other images
        return None
    rule = f"label k + {offsets[0]} stands for k (after 9 comes 0)"
    if not shifted:
        rule = ", ".join(f"{meaning[label]} bears the label {label}" for label in wrong)
    return Finding(
        "labels-shifted" if shifted else "labels-exchanged",
        "serious",
        f"the labels of the {where} are {'shifted' if shifted else 'exchanged'}: {rule}",
        f"{now:.1%} of {len(given):,} labels are what the model that comes along reads; so "
        f"understood, {then:.1%}",
        "digits were counted from 1 in place of 0, or the other way round"
        if shifted
        else "folders or names of classes were mixed up",
        f"labels = (labels - {offsets[0]}) % 10"
        if shifted
        else f"labels = np.array({meaning.tolist()})[labels]",
    )


def doubtful_labels(opinion: Opinion, labels: Array, where: str = "images") -> Finding | None:
    """Return a finding if surely more than 3 % of the labels are none that the witness reads.

    If a share s of all labels is shuffled, d = s * (1 - c) of them are wrong, where c is how often
    two labels agree by chance: a tenth, for equally many of each digit.
    """
    given, read = labels[opinion.places][opinion.sure], opinion.answers[opinion.sure]
    n, false = len(given), int((given != read).sum())
    low, high = wilson_interval(false, n)
    if low < _WARNING:
        return None
    chance = float(
        np.bincount(given, minlength=CLASSES) @ np.bincount(read, minlength=CLASSES) / n**2
    )
    shuffled = min(1.0, false / n / max(1 - chance, 0.1))
    much = shuffled > 0.9
    return Finding(
        "labels-shuffled",
        "serious" if low > _SERIOUS else "warning",
        f"the labels of the {where} have nothing to do with what they show"
        if much
        else f"about {false / n:.0%} of the labels of the {where} are wrong",
        f"{false:,} of {n:,} labels ({low:.1%} to {high:.1%}) are not what the model that comes "
        f"along surely reads (MNIST: below 0.1 %), as if {shuffled:.0%} of all were shuffled; no "
        "shift and no exchange of labels explains it",
        "images were put into another order than their labels"
        if much
        else "part of the labels was typed, joined or shuffled apart from the images",
        "from tenfold.doctor import agreeing; keep = agreeing(images, labels); "
        "images, labels = images[keep], labels[keep]",
    )


def _agreement(opinion: Opinion, labels: Array, step: int) -> float:
    """Return the share of sure answers that are the label ``step`` places further on."""
    places = opinion.places + step
    inside = opinion.sure & (places >= 0) & (places < len(labels))
    if inside.sum() < _FEWEST:
        return 0.0
    return float((labels[places[inside]] == opinion.answers[inside]).mean())

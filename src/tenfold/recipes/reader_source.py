"""The images for the network that reads digits in pictures: MNIST's and generated ones."""

from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np

from tenfold.data import CLASSES, Dataset
from tenfold.nn.arguments import PathLike
from tenfold.nn.constraints import Count, Size
from tenfold.nn.random_streams import Seed
from tenfold.recipes.background import Background
from tenfold.recipes.sources import Source, Split

__all__ = ["ReaderSource"]

_CLASSES = CLASSES + 1  # the last class is "not a digit"
_MIN_PARALLEL = 50  # number of pages; for fewer, starting another process takes too long


@dataclass(frozen=True)
class ReaderSource(Source):
    """Digits of a data set and generated ones, with an eleventh class: 10, "not a digit".

    The training images are the following, in numbers that the arguments give:

    1. the given digits, such as MNIST's, as they are;
    2. ``variants`` copies of them, changed and damaged as in real pictures
       (``augment_digits``);
    3. ``non_digits`` non-digits made from them: halves, pairs and crossed-out digits
       (``make_non_digits``);
    4. ``generated`` generated digits and non-digits (``generate_digits``);
    5. what ``tenfold read`` cuts out of ``pictures`` generated pictures of the given digits: the
       digits, and at most 32 non-digits of each picture (``cut_out_candidates``);
    6. what ``tenfold read`` cuts out of ``pages`` generated pages (``cut_out_pages``).

    Non-digits that are upright bars are left out: they look exactly like a 1 (``upright_bars``).
    The validation images are the given digits that were held out for validation, and the same
    number of generated images. None of them is used for training. The test images are given digits
    only, so the prediction "not a digit" is always wrong for them.

    Args:
        name: As in ``Source``.
        validation: As in ``Source``.
        test_share: As in ``Source``.
        variants: Number of changed copies of each training image.
        non_digits: Number of non-digits made from given digits.
        generated: Number of generated images.
        pictures: Number of generated pictures of given digits, from which digits are cut out.
        pages: Number of generated pages, from which digits are cut out.
        seed: Seed of the generated images. It is the same for all runs of a recipe, so that their
            results can be compared.

    Raises:
        ValueError: If a value is out of its range.
    """

    variants: Count = 2
    non_digits: Count = 40_000
    generated: Size = 150_000
    pictures: Count = 800
    pages: Count = 1200
    seed: Seed = 0

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the classes: the ten digits, and "not a digit"."""
        return (*super().class_names, "not a digit")

    def load(self, path: PathLike | None = None) -> Split:
        """Return the three splits. This takes several minutes, most of them for the pictures.

        Args:
            path: File or folder with other digits; None for the bundled ones.

        Raises:
            TenfoldError: If the data cannot be read, is too small for the split, or lacks a digit.
        """
        split = super().load(path)
        validation = split.validation
        if validation is not None:
            validation = _joined([validation, self._generated(len(validation), self.generated)])
        return Split(self._training(split.train), validation, split.test)

    def _training(self, given: Dataset) -> Dataset:
        """Return the training images: the six kinds that the class describes."""
        from tenfold.reading.cut_outs import cut_out_candidates, cut_out_pages
        from tenfold.reading.synthetic import augment_digits, make_non_digits

        labels = given.require_labels()
        parts = [given]
        parallel = self.pages >= _MIN_PARALLEL
        background = Background(cut_out_pages, self.pages, self.seed) if parallel else None
        with background or nullcontext():
            for variant in range(self.variants):
                varied = augment_digits(given.images, self.seed, variant)
                parts.append(Dataset(varied, labels, given.name))
            if self.non_digits:
                made = make_non_digits(given.images, labels, self.non_digits, self.seed)
                not_a_digit = np.full(self.non_digits, CLASSES)
                parts.append(Dataset(made, not_a_digit, given.name, classes=_CLASSES))
            cut = cut_out_candidates(given.images, labels, self.pictures, self.seed)
            generated = self._generated(self.generated, 0)
            pages = background.result() if background else cut_out_pages(self.pages, self.seed)
            for images, classes in (cut, pages):
                if len(images):
                    parts.append(Dataset(images, classes, given.name, classes=_CLASSES))
        return _without_bars(_joined([*parts, generated]))

    def _generated(self, count: int, first_index: int) -> Dataset:
        """Return generated images with the indices ``first_index``, ``first_index + 1``, ..."""
        from tenfold.reading.synthetic import generate_digits

        images, labels = generate_digits(self.seed, count, first_index)
        return Dataset(images, labels.astype(np.int64), "strokes", classes=_CLASSES)


def _without_bars(data: Dataset) -> Dataset:
    """Return a data set without the non-digits that look like a 1."""
    from tenfold.reading.cut_outs import upright_bars

    non_digits = np.flatnonzero(data.require_labels() == CLASSES)
    parts = np.array_split(non_digits, len(non_digits) // 10_000 + 1)  # to need less memory
    bars = np.concatenate([part[upright_bars(data.images[part])] for part in parts])
    return data.subset(np.delete(np.arange(len(data)), bars))


def _joined(parts: list[Dataset]) -> Dataset:
    """Return the images of several data sets as one data set."""
    images = np.concatenate([part.images for part in parts])
    labels = np.concatenate([part.require_labels() for part in parts])
    return Dataset(images, labels, f"{parts[0].name} and strokes", parts[0].notes, _CLASSES)

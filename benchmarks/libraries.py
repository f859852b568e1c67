"""The measured libraries, how each is run, and the names of the subjects."""

from dataclasses import dataclass

__all__ = ["LIBRARIES", "Library", "Subject", "modes"]


@dataclass(frozen=True)
class Library:
    """A library, and how it is run.

    Attributes:
        module: Name of its module in ``benchmarks.subjects``.
        how: Description for the page.
        package: Name of the package to import; empty if it needs none besides tenfold.
        distribution: Name of the package in the package index.
    """

    module: str
    how: str
    package: str = ""
    distribution: str = ""


LIBRARIES = {
    "tenfold": Library(
        "tenfold_",
        "as users call it. `fit` gets uint8 images and also computes the training accuracy. For "
        "the convolutional networks, each batch is cut into two shards, which two threads can "
        "compute at the same time; for the MLPs, it is not cut. The number of threads is the "
        "default of `fit`, that is, the number of cores, unless another number is given. For up to "
        "32 images, inference uses `Network.predict_probabilities`; for more, "
        "`tenfold.models.predict_probabilities`, which uses all cores.",
    ),
    "pytorch": Library(
        "pytorch",
        "in its fastest way: images as float32 in memory, no `DataLoader`, fused Adam, no metrics, "
        "inference in `inference_mode`; with one and with two threads, convolutional networks in "
        "the default memory layout and channels-last.",
        "torch",
        "torch",
    ),
    "jax": Library(
        "jax_",
        "`jax.numpy` with a hand-written Adam, images as float32 in memory, all cores; *per step* "
        "calls a jitted step without waiting for its result, *scan* compiles a whole epoch.",
        "jax",
        "jax",
    ),
    "scikit-learn": Library(
        "sklearn_",
        "`MLPClassifier` with its Adam and no weight decay, float32 images; one `partial_fit` of "
        "all images is an epoch of 469 steps; the time of a step is a 469th of it. Inference uses "
        "`predict_proba`.",
        "sklearn",
        "scikit-learn",
    ),
    "neuralnetlib": Library(
        "neuralnetlib_",
        "with its defaults, in float64: `train_on_batch` and `predict`, no metrics. Its "
        "convolutions always have a bias; in the other libraries, those before a batch "
        "normalisation have none.",
        "neuralnetlib",
        "neuralnetlib",
    ),
    "blas": Library(
        "blas",
        "BLAS alone: only the matrix products of the network are computed, with NumPy's BLAS. "
        "In training, these are the products of the forward pass, of the gradients of the "
        "weights, and, except in the first layer, of the gradients of the inputs. For a "
        "convolution, one matrix has the windows of 2 images as rows (im2col), so that the "
        "matrices stay in the cache; the time to copy the windows into it is not included. "
        "*2 halves* are two Python threads, each with half of the images and one BLAS thread; a "
        "single image is computed by one of them.",
    ),
    "python": Library(
        "start_up",
        "a new process that executes one statement or command, from start to end. The statement "
        "`pass` does nothing: its time is that of Python itself.",
    ),
}


@dataclass(frozen=True)
class Subject:
    """A measured library in one of its modes."""

    library: str
    mode: str = ""

    def __str__(self) -> str:
        return f"{self.library}, {self.mode}" if self.mode else self.library


def modes(library: str, *names: str) -> tuple[Subject, ...]:
    """Return a subject for each mode of a library."""
    return tuple(Subject(library, name) for name in names)

"""Who is measured: the libraries, how each is run, and what a subject is called."""

from dataclasses import dataclass

__all__ = ["LIBRARIES", "Library", "Subject", "modes"]


@dataclass(frozen=True)
class Library:
    """Where a library's subjects are, and how they are run.

    Attributes:
        module: the one under ``benchmarks.subjects``.
        how: for the page.
        package: what must be installed beside tenfold itself, as it is imported.
        distribution: what that is called where it is installed from.
    """

    module: str
    how: str
    package: str = ""
    distribution: str = ""


LIBRARIES = {
    "tenfold": Library(
        "tenfold_",
        "as its users call it: `fit` on the stored bytes, right answers counted as it goes; one "
        "shard for the MLPs, two for the convolutional nets, and as many threads as `fit` takes by "
        "itself. It answers by `predict_probabilities`: the network's own for up to 32 images, and "
        "the one of `tenfold.evaluation`, which uses all cores, for more.",
    ),
    "pytorch": Library(
        "pytorch",
        "at its best: images already float32 in memory, no `DataLoader`, fused Adam, nothing "
        "reported, `inference_mode` to answer; with one and with two threads, convolutional nets "
        "in the usual layout and channels-last.",
        "torch",
        "torch",
    ),
    "jax": Library(
        "jax_",
        "plain `jax.numpy` with Adam written by hand, images float32 in memory, all cores; *per "
        "step* calls a jitted step and waits for none of them, *scan* compiles a whole epoch.",
        "jax",
        "jax",
    ),
    "scikit-learn": Library(
        "sklearn_",
        "`MLPClassifier` with its own Adam and no weight decay, float32 images; a step is 1/469 of "
        "one `partial_fit` of all images, which is an epoch. It answers by `predict_proba`.",
        "sklearn",
        "scikit-learn",
    ),
    "neuralnetlib": Library(
        "neuralnetlib_",
        "as it comes, in float64: `train_on_batch` and `predict`, nothing reported. Its "
        "convolutions always have a bias.",
        "neuralnetlib",
        "neuralnetlib",
    ),
    "blas": Library(
        "blas",
        "the machine's own limit: nothing but the matrix products (forward, and in training for "
        "the gradients of weights and, but for the first layer, of inputs) by NumPy's BLAS; "
        "convolutions as im2col in blocks of 2 images, whose operands stay in the cache. *2 "
        "halves* are two Python threads, each with half of the images and one BLAS thread.",
    ),
    "python": Library(
        "start_up",
        "a fresh process that carries out one statement or command, from start to end.",
    ),
}


@dataclass(frozen=True)
class Subject:
    """Who is measured: a library in one of its modes."""

    library: str
    mode: str = ""

    def __str__(self) -> str:
        return f"{self.library}, {self.mode}" if self.mode else self.library


def modes(library: str, *names: str) -> tuple[Subject, ...]:
    """Return a library's subjects, one for each mode."""
    return tuple(Subject(library, name) for name in names)

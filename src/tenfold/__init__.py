"""tenfold: handwritten digits, read by a neural network written from scratch in NumPy.

The package consists of rooms, each of which imports only from those above it:

- ``tenfold.nn``: the network, from scratch, on NumPy alone
- ``tenfold.images``: from image to image: augmentation, distortions, corruptions, MNIST's
  normalisation
- ``tenfold.data``: files and arrays in: formats, splits, what is wrong with them
- ``tenfold.models``: a network with everything its answer needs: load, save, predict, ensembles
- ``tenfold.evaluation``: what answers are worth: metrics, intervals, calibration, significance
- ``tenfold.training``: `fit`, the loop: shards, checkpoints, early stopping
- ``tenfold.recipes``: what to train: plain, serialisable descriptions
- ``tenfold.inspection``: looking into networks and data: embeddings, landscape, robustness, label
  errors
- ``tenfold.runs``: carrying a recipe out, and what a run folder holds
- ``tenfold.doctor``: what is wrong with data, a recipe or a run, and the command that corrects it
- ``tenfold.plots``: results in, a figure out
- ``tenfold.report``: everything about a run on one page
- ``tenfold.cli``: the command line: parse, call, print

Importing ``tenfold`` alone imports none of them.
"""

TYPE_CHECKING = False  # as in ``typing``, which takes longer to import than everything here
if TYPE_CHECKING:
    from pathlib import Path

    from tenfold.models import Model

__all__ = ["__version__", "load"]

__version__ = "0.1.0"


def load(model: "str | Path" = "standard") -> "Model":
    """Return a trained model.

    Args:
        model: Name of a bundled model (see ``tenfold models``), a run folder or a model file.

    Raises:
        TenfoldError: if there is no such model, its file is damaged, or its run is not finished.

    Example:
        >>> import tenfold
        >>> tenfold.load("standard").predict(images).digit
        array([7, 2, 1])
    """
    from tenfold.models import find_model

    return find_model(model)

"""tenfold: handwritten digits, read by a neural network written from scratch in NumPy.

The package consists of subpackages. Each imports only from those above it
in this list:

- ``tenfold.nn``: the neural network from scratch, on NumPy alone: layers, losses, optimizers,
  schedules
- ``tenfold.images``: image transformations: distortions, corruptions, MNIST's normalisation
- ``tenfold.data``: data sets: file formats, splits, and faults in images and labels
- ``tenfold.models``: trained models with everything a prediction needs: load, save, predict,
  ensembles
- ``tenfold.reading``: digits in photos, scans and drawings; generated handwriting
- ``tenfold.evaluation``: metrics, confidence intervals, calibration, significance tests, baselines
- ``tenfold.training``: `fit`, the training loop: batches on several threads, checkpoints, early
  stopping
- ``tenfold.recipes``: descriptions of what to train, which can be stored as JSON
- ``tenfold.inspection``: analysis of networks and data: embeddings, loss landscape, robustness,
  label errors
- ``tenfold.runs``: execution of recipes, and the content of a run folder
- ``tenfold.doctor``: faults in data, recipes and runs, and how to fix them
- ``tenfold.plots``: figures of results
- ``tenfold.report``: an HTML page with everything about a run
- ``tenfold.adapters``: models in other programs: scikit-learn, ONNX, PyTorch, C, one HTML file
- ``tenfold.studio``: a page in the browser: draw digits, look inside networks, train and
  evaluate them, read photos
- ``tenfold.cluster``: many trainings or predictions at once, and one training over several
  processes or machines
- ``tenfold.cli``: the command line: parse arguments, call the library, print

Importing ``tenfold`` alone imports none of them.
"""

TYPE_CHECKING = False  # as in ``typing``, which takes longer to import than everything here
if TYPE_CHECKING:
    from pathlib import Path

    from tenfold.models import Model
    from tenfold.nn.array import Array
    from tenfold.reading import Reading

__all__ = ["__version__", "load", "read"]

__version__ = "0.3.0"


def load(model: "str | Path" = "standard") -> "Model":
    """Return a trained model.

    Args:
        model: Name of a bundled model (see ``tenfold models``), a run folder or a model file.

    Raises:
        TenfoldError: If there is no such model, its file is damaged, or its run is not finished.

    Example:
        >>> import tenfold
        >>> tenfold.load("standard").predict(images).digit
        array([7, 2, 1])
    """
    from tenfold.models import find_model

    return find_model(model)


def read(
    source: "str | Path | Array", *, single: bool = False, error_rate: float = 0.01
) -> "Reading":
    """Return the digits in a picture: a photo, scan, screenshot or drawing.

    Args:
        source: Path of a picture file, or an array (H, W), (H, W, 3) or (H, W, 4) of uint8, bool,
            or floats from 0 to 1. Ink and paper may have any colour.
        single: Whether the picture is known to show exactly one digit.
        error_rate: Target share of wrong digits among the accepted digits, above 0 and below 1.
            Digits that are not accepted are marked as unsure. With a rate below 0.005, all digits
            are unsure.

    Raises:
        TenfoldError: If the file cannot be read as a picture.
        ValueError: If the array is not a picture, or ``error_rate`` is out of its range.

    Example:
        >>> import tenfold
        >>> tenfold.read("page.jpg").lines
        ['0413', '27']
    """
    from tenfold.reading import read as read_picture

    return read_picture(source, single=single, error_rate=error_rate)

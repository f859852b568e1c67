"""A trained network with everything that its answer needs: load, predict, save, ensembles.

In reading order: ``model`` (the network and what turns its logits into an answer), ``predictions``
(answers, and the rule for "blank" and "unsure"), ``prediction`` (many images on all cores),
``views`` and ``temperature`` (what happens to the probabilities), ``ensemble``, ``loading`` and
``network_header`` (from a file), ``tensor_file`` (the format), ``bundled`` (what comes along).
"""

from tenfold.models.bundled import DEFAULT_MODEL, BundledModel, bundled_models
from tenfold.models.classifier import Classifier, predict_probabilities
from tenfold.models.ensemble import Ensemble
from tenfold.models.loading import find_model, load_model, refers_to_model
from tenfold.models.model import MODEL_FORMAT, Model
from tenfold.models.predictions import Predictions
from tenfold.models.temperature import apply_temperature

__all__ = [
    "DEFAULT_MODEL",
    "MODEL_FORMAT",
    "BundledModel",
    "Classifier",
    "Ensemble",
    "Model",
    "Predictions",
    "apply_temperature",
    "bundled_models",
    "find_model",
    "load_model",
    "predict_probabilities",
    "refers_to_model",
]

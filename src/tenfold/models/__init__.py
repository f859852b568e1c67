"""Trained models: a network with everything needed to predict, its file format, ensembles.

In reading order: ``model`` (a network, its preprocessing and its calibration), ``predictions``
(the results, and the rule for "blank" and "unsure"), ``classifier`` (predicting many images on all
cores), ``views`` and ``temperature`` (what is done to the probabilities), ``ensemble``,
``network_header`` and ``tensor_file`` (the file format), ``loading``, ``bundled`` (the models that
are part of the package).
"""

from typing import TYPE_CHECKING

from tenfold import lazy

if TYPE_CHECKING:
    from tenfold.models.bundled import DEFAULT_MODEL, BundledModel, bundled_models
    from tenfold.models.classifier import Classifier, predict_probabilities
    from tenfold.models.ensemble import Ensemble
    from tenfold.models.loading import find_model, load_model, refers_to_model
    from tenfold.models.model import MODEL_FORMAT, Model
    from tenfold.models.predictions import Predictions
    from tenfold.models.temperature import apply_temperature
else:
    __getattr__, __dir__ = lazy.lazy_names(
        __name__,
        {
            "bundled": ["DEFAULT_MODEL", "BundledModel", "bundled_models"],
            "classifier": ["Classifier", "predict_probabilities"],
            "ensemble": ["Ensemble"],
            "loading": ["find_model", "load_model", "refers_to_model"],
            "model": ["MODEL_FORMAT", "Model"],
            "predictions": ["Predictions"],
            "temperature": ["apply_temperature"],
        },
    )

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

"""Adapters: tenfold's models in other programs, each behind an extra.

In reading order: ``estimator_settings``, ``classifier`` and ``digit_classifier`` (scikit-learn).
"""

from typing import TYPE_CHECKING

from tenfold import lazy

if TYPE_CHECKING:
    from tenfold.adapters.classifier import TenfoldClassifier
    from tenfold.adapters.digit_classifier import DigitClassifier
else:
    __getattr__, __dir__ = lazy.lazy_names(
        __name__,
        {
            "classifier": ["TenfoldClassifier"],
            "digit_classifier": ["DigitClassifier"],
        },
    )

__all__ = ["DigitClassifier", "TenfoldClassifier"]

"""Adapters: tenfold's models in other programs. scikit-learn and ONNX each need an extra.

The modules in reading order: ``estimator_settings``, ``classifier`` and ``digit_classifier``
(scikit-learn); ``interface`` (what every exported file says about its model), ``onnx``; ``plan``
(the steps of a forward pass, for generated code), ``html``, ``c``, ``torch``, ``card`` (model
cards).
"""

from typing import TYPE_CHECKING

from tenfold import lazy

if TYPE_CHECKING:
    from tenfold.adapters.c.export import c_header, export_c
    from tenfold.adapters.card import export_card, model_card
    from tenfold.adapters.classifier import TenfoldClassifier
    from tenfold.adapters.digit_classifier import DigitClassifier
    from tenfold.adapters.html.export import export_html, html_page
    from tenfold.adapters.onnx.export import export_onnx, onnx_bytes
    from tenfold.adapters.torch.export import export_torch, load_torch, state_dict
else:
    __getattr__, __dir__ = lazy.lazy_names(
        __name__,
        {
            "c.export": ["c_header", "export_c"],
            "card": ["export_card", "model_card"],
            "classifier": ["TenfoldClassifier"],
            "digit_classifier": ["DigitClassifier"],
            "html.export": ["export_html", "html_page"],
            "onnx.export": ["export_onnx", "onnx_bytes"],
            "torch.export": ["export_torch", "load_torch", "state_dict"],
        },
    )

__all__ = [
    "DigitClassifier",
    "TenfoldClassifier",
    "c_header",
    "export_c",
    "export_card",
    "export_html",
    "export_onnx",
    "export_torch",
    "html_page",
    "load_torch",
    "model_card",
    "onnx_bytes",
    "state_dict",
]

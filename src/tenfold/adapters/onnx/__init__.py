"""ONNX: ``export`` (the whole model), ``layers`` and ``deskew`` (its layers), ``graph`` (nodes)."""

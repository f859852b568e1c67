"""Models as ONNX files.

The module ``export`` writes a whole model, ``layers`` and ``deskew`` convert single layers, and
``graph`` collects the nodes (operations) of the file.
"""

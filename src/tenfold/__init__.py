"""tenfold: ten digits, from first principles.

A handwritten-digit system on a neural network written from scratch in NumPy. The package is a
house whose rooms stand in the order that data walks through them:

``tenfold.nn`` (the network), ``tenfold.data`` (images and labels in), ``tenfold.evaluation``
(what the answers are worth), ``tenfold.training`` (the loop), ``tenfold.recipes`` (named
experiments), ``tenfold.plots`` (pictures of results) and ``tenfold.cli`` (the command line).

Nothing is imported here, so that ``import tenfold`` costs nothing: import from the rooms.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"

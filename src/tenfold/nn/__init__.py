"""The network, from scratch, on NumPy alone.

In reading order: ``parameter`` (what training changes), ``layers`` (the parts of a network),
``losses`` (how wrong predictions are), ``network`` (layers in a row), ``optimizers``, ``adam``
and ``schedules`` (how the parameters change), ``gradient_check`` (whether gradients are right).
"""

import importlib
from typing import TYPE_CHECKING

from tenfold.nn import layers
from tenfold.nn.array import Array
from tenfold.nn.description import Describable, build, describe
from tenfold.nn.initializers import (
    GlorotUniform,
    HeNormal,
    Initializer,
    LeCunNormal,
    Ones,
    Orthogonal,
    Uniform,
    UniformFanIn,
    Zeros,
)
from tenfold.nn.layers import *
from tenfold.nn.losses import (
    Loss,
    MeanSquaredError,
    SoftmaxCrossEntropy,
    log_softmax,
    one_hot,
    softmax,
)
from tenfold.nn.network import Network
from tenfold.nn.parameter import Parameter, ParameterVector
from tenfold.nn.random_streams import stream

if TYPE_CHECKING:
    from tenfold.nn.adam import Adam, AdamW
    from tenfold.nn.averaging import ExponentialAverage
    from tenfold.nn.clipping import clip_norm
    from tenfold.nn.gradient_check import GradientCheck, check_gradient, check_layer, check_network
    from tenfold.nn.muon import Muon
    from tenfold.nn.optimizers import (
        SGD,
        AdaGrad,
        DampedMomentum,
        Momentum,
        Nesterov,
        Optimizer,
        RMSprop,
    )
    from tenfold.nn.registry import register
    from tenfold.nn.schedules import (
        Constant,
        Cosine,
        Exponential,
        OneCycle,
        Schedule,
        StepDecay,
        Triangular,
    )
else:
    # Only training needs these modules. They are imported when one of their names is first
    # used, so that a program that only predicts starts faster.
    _TRAINING = (
        "adam",
        "averaging",
        "clipping",
        "gradient_check",
        "muon",
        "optimizers",
        "registry",
        "schedules",
    )

    def __getattr__(name: str) -> object:
        for module in _TRAINING if name in __all__ else ():
            names = vars(importlib.import_module(f"{__name__}.{module}"))
            if name in names:
                return globals().setdefault(name, names[name])
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Array",
    "Constant",
    "Cosine",
    "DampedMomentum",
    "Describable",
    "Exponential",
    "ExponentialAverage",
    "GlorotUniform",
    "GradientCheck",
    "HeNormal",
    "Initializer",
    "LeCunNormal",
    "Loss",
    "MeanSquaredError",
    "Momentum",
    "Muon",
    "Nesterov",
    "Network",
    "OneCycle",
    "Ones",
    "Optimizer",
    "Orthogonal",
    "Parameter",
    "ParameterVector",
    "RMSprop",
    "Schedule",
    "SoftmaxCrossEntropy",
    "StepDecay",
    "Triangular",
    "Uniform",
    "UniformFanIn",
    "Zeros",
    "build",
    "check_gradient",
    "check_layer",
    "check_network",
    "clip_norm",
    "describe",
    "log_softmax",
    "one_hot",
    "register",
    "softmax",
    "stream",
]
__all__ += layers.__all__

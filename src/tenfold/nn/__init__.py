"""The network, from scratch, on NumPy alone.

In reading order: ``parameter`` (what training changes), ``layers`` (the parts of a network),
``losses`` (how wrong the predictions are), ``network`` (layers in a row), ``optimizers``, ``adam``
and ``schedules`` (how the parameters move), ``gradient_check`` (whether gradients are right).
"""

from tenfold.nn import layers
from tenfold.nn.adam import Adam, AdamW
from tenfold.nn.array import Array
from tenfold.nn.averaging import ExponentialAverage
from tenfold.nn.clipping import clip_norm
from tenfold.nn.description import Describable, build, describe
from tenfold.nn.gradient_check import GradientCheck, check_gradient, check_layer, check_network
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
from tenfold.nn.muon import Muon
from tenfold.nn.network import Network
from tenfold.nn.optimizers import (
    SGD,
    AdaGrad,
    DampedMomentum,
    Momentum,
    Nesterov,
    Optimizer,
    RMSprop,
)
from tenfold.nn.parameter import Parameter, ParameterVector
from tenfold.nn.random_streams import stream
from tenfold.nn.schedules import (
    Constant,
    Cosine,
    Exponential,
    OneCycle,
    Schedule,
    StepDecay,
    Triangular,
)

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
    "softmax",
    "stream",
]
__all__ += layers.__all__

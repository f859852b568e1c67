"""The layers, one concept a file, forward and backward side by side."""

from tenfold.nn.layers.activations import GELU, LeakyReLU, ReLU, Sigmoid, Tanh
from tenfold.nn.layers.base import Layer
from tenfold.nn.layers.batchnorm import BatchNorm
from tenfold.nn.layers.dense import Dense
from tenfold.nn.layers.dropout import Dropout
from tenfold.nn.layers.flatten import Flatten
from tenfold.nn.layers.normalize import Normalize

__all__ = [
    "GELU",
    "BatchNorm",
    "Dense",
    "Dropout",
    "Flatten",
    "Layer",
    "LeakyReLU",
    "Normalize",
    "ReLU",
    "Sigmoid",
    "Tanh",
]

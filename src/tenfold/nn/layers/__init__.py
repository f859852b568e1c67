"""The layers, one concept per file, with forward and backward next to each other."""

from tenfold.nn.layers.activations import GELU, LeakyReLU, ReLU, Sigmoid, Tanh
from tenfold.nn.layers.base import Layer
from tenfold.nn.layers.batchnorm import BatchNorm
from tenfold.nn.layers.conv import Conv2D
from tenfold.nn.layers.convpool import ConvMaxPool
from tenfold.nn.layers.dense import Dense
from tenfold.nn.layers.deskew import Deskew
from tenfold.nn.layers.dropout import Dropout
from tenfold.nn.layers.flatten import Flatten
from tenfold.nn.layers.normalize import Normalize
from tenfold.nn.layers.pooling import AveragePool, GlobalAveragePool, GlobalMaxPool, MaxPool
from tenfold.nn.layers.residual import Residual

__all__ = [
    "GELU",
    "AveragePool",
    "BatchNorm",
    "Conv2D",
    "ConvMaxPool",
    "Dense",
    "Deskew",
    "Dropout",
    "Flatten",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "Layer",
    "LeakyReLU",
    "MaxPool",
    "Normalize",
    "ReLU",
    "Residual",
    "Sigmoid",
    "Tanh",
]

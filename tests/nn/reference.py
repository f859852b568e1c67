"""The formulas of layers and losses in plain loops over plain numbers.

Nothing here is fast and nothing is shared with the library: no NumPy expression, no protection
against overflow, gradients by the chain rule step by step. The tests compare these references with
the layers and losses. Matrices are lists of rows.
"""

import math
from collections.abc import Callable

__all__ = [
    "ACTIVATIONS",
    "batchnorm_backward",
    "batchnorm_forward",
    "cross_entropy",
    "dense_backward",
    "dense_forward",
    "softmax",
]

Row = list[float]
Matrix = list[Row]


def dense_forward(x: Matrix, weight: Matrix, bias: Row) -> Matrix:
    """y[n][j] = sum over i of x[n][i] * weight[i][j], plus bias[j]."""
    y = []
    for row in x:
        out = []
        for j in range(len(bias)):
            total = bias[j]
            for i in range(len(row)):
                total += row[i] * weight[i][j]
            out.append(total)
        y.append(out)
    return y


def dense_backward(x: Matrix, weight: Matrix, dy: Matrix) -> tuple[Matrix, Matrix, Row]:
    """Return (dx, dweight, dbias), one product of the chain rule at a time."""
    dx = [[0.0] * len(weight) for _ in x]
    dweight = [[0.0] * len(weight[0]) for _ in weight]
    dbias = [0.0] * len(weight[0])
    for n in range(len(x)):
        for j in range(len(dbias)):
            dbias[j] += dy[n][j]
            for i in range(len(weight)):
                dx[n][i] += dy[n][j] * weight[i][j]
                dweight[i][j] += dy[n][j] * x[n][i]
    return dx, dweight, dbias


def softmax(row: Row) -> Row:
    """exp(z) / sum(exp(z)), as in textbooks."""
    total = 0.0
    for z in row:
        total += math.exp(z)
    return [math.exp(z) / total for z in row]


def cross_entropy(
    logits: Matrix, labels: list[int], smoothing: float = 0.0
) -> tuple[float, Matrix]:
    """Return (mean loss, dlogits) against the smoothed targets."""
    loss, dlogits = 0.0, []
    for row, label in zip(logits, labels, strict=True):
        p = softmax(row)
        drow = []
        for c in range(len(row)):
            target = smoothing / len(row)
            if c == label:
                target += 1 - smoothing
            loss -= target * math.log(p[c]) / len(logits)
            drow.append((p[c] - target) / len(logits))
        dlogits.append(drow)
    return loss, dlogits


def batchnorm_forward(x: Matrix, scale: Row, shift: Row, epsilon: float) -> tuple[Matrix, Row, Row]:
    """Return (y, mean, variance) with the batch's own statistics, variance divided by M."""
    m, features = len(x), len(scale)
    mean, variance = [0.0] * features, [0.0] * features
    y = [[0.0] * features for _ in x]
    for f in range(features):
        for row in x:
            mean[f] += row[f] / m
        for row in x:
            variance[f] += (row[f] - mean[f]) ** 2 / m
        for n, row in enumerate(x):
            xhat = (row[f] - mean[f]) / math.sqrt(variance[f] + epsilon)
            y[n][f] = scale[f] * xhat + shift[f]
    return y, mean, variance


def batchnorm_backward(
    x: Matrix, scale: Row, epsilon: float, dy: Matrix
) -> tuple[Matrix, Row, Row]:
    """Return (dx, dscale, dshift) by the chain rule through the mean and the variance."""
    m, features = len(x), len(scale)
    _, mean, variance = batchnorm_forward(x, scale, [0.0] * features, epsilon)
    dx = [[0.0] * features for _ in x]
    dscale, dshift = [0.0] * features, [0.0] * features
    for f in range(features):
        deviation = math.sqrt(variance[f] + epsilon)
        dvariance = dmean = 0.0
        for row, drow in zip(x, dy, strict=True):
            centred = row[f] - mean[f]
            dscale[f] += drow[f] * centred / deviation
            dshift[f] += drow[f]
            dvariance -= drow[f] * scale[f] * centred / (2 * deviation**3)
            dmean -= drow[f] * scale[f] / deviation
        for n in range(m):
            through_variance = dvariance * 2 * (x[n][f] - mean[f]) / m
            dx[n][f] = dy[n][f] * scale[f] / deviation + through_variance + dmean / m
    return dx, dscale, dshift


def _gelu(x: float) -> float:
    return x / (1 + math.exp(-2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def _gelu_slope(x: float) -> float:
    # y = x * s(u) with the logistic s and u = 2 sqrt(2/pi) (x + 0.044715 x^3).
    u = 2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    du = 2 * math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * x**2)
    s = 1 / (1 + math.exp(-u))
    return s + x * s * (1 - s) * du


Scalar = Callable[[float], float]

ACTIVATIONS: dict[str, tuple[Scalar, Scalar]] = {
    "ReLU": (lambda x: x if x > 0 else 0.0, lambda x: 1.0 if x > 0 else 0.0),
    "LeakyReLU": (lambda x: x if x > 0 else 0.01 * x, lambda x: 1.0 if x > 0 else 0.01),
    "Tanh": (
        lambda x: (math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x)),
        lambda x: 4 / (math.exp(x) + math.exp(-x)) ** 2,
    ),
    "Sigmoid": (
        lambda x: 1 / (1 + math.exp(-x)),
        lambda x: math.exp(-x) / (1 + math.exp(-x)) ** 2,
    ),
    "GELU": (_gelu, _gelu_slope),
}
"""Name -> (f, f'), each of one number."""

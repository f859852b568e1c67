"""Statistics of every layer of a network: of its outputs, weights, gradients and updates.

``measure_layers`` measures a network as it is now, ``LayerMonitor`` during training. ``fit`` does
not use either of them: the code that iterates over ``fit`` calls ``LayerMonitor.after_step``.
Measuring changes no weights and no running statistics, and does not affect random numbers.
"""

import math
from typing import Any

import numpy as np

from tenfold.nn import GELU, LeakyReLU, Network, Parameter, ReLU, layers, stream
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.layers import Layer
from tenfold.training.batches import Batches

__all__ = ["LayerMonitor", "LayerRow", "measure_layers", "monitored_steps"]

LayerRow = dict[str, Any]
"""Statistics of one layer, as plain data."""

_STEPS = 40  # maximum number of steps that are measured in a run
_MAX_PROBE = 256  # maximum number of images on which outputs are measured
_MIN_PROBE = 16  # minimum number of these images
# Least number of images that are trained on for each image that is measured. A probe of the minimum
# size is measured even if there are fewer.
_TRAINED_PER_MEASURED = 40
_EARLY = 0.1  # share of a run, at its start, in which the statistics change most
_BINS = 40  # bins of a histogram
_RECTIFIERS = (ReLU, LeakyReLU, GELU)


@checked
def monitored_steps(total: int) -> tuple[int, ...]:
    """Return the indices of the steps to measure, with the first and the last of ``total`` steps.

    In a run of at most forty steps, these are all steps. In other runs, about a third of them are
    in the first tenth of the run, at logarithmic distances; the others have equal distances. The
    indices depend only on ``total``, so a resumed run measures the same steps.

    Args:
        total: Number of steps in the run, at least 1.
    """
    if total <= _STEPS:
        return tuple(range(total))
    edge = max(1.0, _EARLY * total)
    early = np.geomspace(1, edge, _STEPS // 3) - 1
    even = np.linspace(edge, total - 1, _STEPS - _STEPS // 3 + 1)[1:]
    return tuple(sorted({int(step) for step in np.rint([*early, *even])}))


@checked
def measure_layers(network: Network, images: Array) -> list[LayerRow]:
    """Measure every layer that has parameters or is an activation, as the network is now.

    The outputs are from an inference forward pass: batch normalisation uses its running
    statistics.

    Args:
        network: Network to measure.
        images: Images (N, H, W, C) for which the outputs are computed, at least one.

    Returns:
        One row per layer. Each contains

        - ``layer`` (its index), ``name`` (such as ``"2 Dense"``) and ``images`` (N);
        - ``mean`` and ``deviation``, the mean and standard deviation of the outputs;
        - for ReLU, LeakyReLU and GELU, ``dead``: the share of units whose output is 0 for every
          image. All positions of a feature map together are one unit;
        - for layers with parameters, ``weight_rms``: the root mean square of the weights (of the
          scales and shifts if the layer has no weights).

        Non-finite values become None.
    """
    rows = []
    with np.errstate(all="ignore"):  # a network that diverged is measured too
        for index, layer in enumerate(network.layers):
            images = layer.forward(images)
            name = type(layer).__name__
            if layer.parameters or name in layers.activations.__all__:
                row: LayerRow = {"layer": index, "name": f"{index} {name}", "images": len(images)}
                row |= _output_statistics(layer, images)
                if layer.parameters:
                    row["weight_rms"] = _number(_rms([p.value for p in _weights(layer)]))
                rows.append(row)
    return rows


class LayerMonitor:
    """Measures the layers of a network that is being trained, at ``monitored_steps``.

    The outputs are measured on a probe: a fixed choice of at most 256 training images, without
    augmentation. In a short run the probe is smaller, because measuring would take a noticeable
    share of the time. In the first steps the running statistics of batch normalisation, which the
    measurement uses, are not yet accurate.

    Args:
        network: Network that is being trained.
        batches: Batches that it is trained on.
        epochs: Number of epochs of the whole run.
        step: Index of the next step; above 0 if the run is resumed.

    Attributes:
        steps: Indices of the steps at which the layers are measured.
        probe: Images on which the outputs are measured.
    """

    def __init__(self, network: Network, batches: Batches, epochs: int, step: int = 0) -> None:
        total = epochs * len(batches)
        self.network = network
        self.steps = monitored_steps(total)
        self.probe = _probe(network.seed, batches, epochs * len(batches.data))
        middle = min(self.steps, key=lambda step: abs(step - (total - 1) / 2))
        self._detailed = {self.steps[0], middle, self.steps[-1]}
        self._before: dict[str, Array] = {}
        self._prepare(step)

    def after_step(self, step: int) -> list[LayerRow]:
        """Measure the network after a training step. Call it after every step, before the next.

        Args:
            step: Index of the step that was just taken.

        Returns:
            The rows of ``measure_layers``, or an empty list if this step is not one of ``steps``.
            Each row also contains ``step``, and for a layer with parameters

            - ``gradient_rms``: the root mean square of the gradient before the update, as the
              optimizer received it, with l2 and clipping;
            - ``update_ratio``: the root mean square of the update, divided by the root mean square
              of the weights before the update. About 1e-3 is usual;
            - at the first, the middle and the last of ``steps``, ``histograms``: for each parameter
              by name, the histogram of its ``values`` and that of its ``updates``, each as ``low``,
              ``high`` and 40 ``counts``.
        """
        rows = []
        if self._before:
            rows = [{"step": step, **row} for row in measure_layers(self.network, self.probe)]
            with np.errstate(all="ignore"):
                for row in rows:
                    self._add_updates(row)
        self._prepare(step + 1)
        return rows

    def measure_next(self) -> None:
        """Let ``after_step`` measure the next step, whatever its index. Call this between steps."""
        self._before = {p.name: p.value.copy() for p in self.network.parameters}

    def _prepare(self, step: int) -> None:
        """Copy the weights if the next step, with the given index, is to be measured."""
        self._before = {}
        if step in self.steps:
            self.measure_next()

    def _add_updates(self, row: LayerRow) -> None:
        """Add the gradient and the update of the step to the row of a layer with parameters."""
        layer = self.network.layers[row["layer"]]
        if not layer.parameters:
            return
        weights = _weights(layer)
        before = _rms([self._before[p.name] for p in weights])
        update = _rms([p.value - self._before[p.name] for p in weights])
        row["gradient_rms"] = _number(_rms([p.grad for p in weights]))
        row["update_ratio"] = _number(update / before) if before else None
        if row["step"] in self._detailed:
            row["histograms"] = {
                p.name.partition(".")[2]: {
                    "values": _histogram(p.value),
                    "updates": _histogram(p.value - self._before[p.name]),
                }
                for p in layer.parameters
            }


def _probe(seed: int, batches: Batches, trained: int) -> Array:
    """Return the probe of a run that trains on ``trained`` images, counted once in each epoch."""
    count = min(_MAX_PROBE, max(_MIN_PROBE, trained // (_TRAINED_PER_MEASURED * _STEPS)))
    order = stream(seed, "watch").permutation(len(batches.data))
    return batches.data.take(np.sort(order[:count]))


def _weights(layer: Layer) -> list[Parameter]:
    """Return the weights of a layer: the parameters that decay, or all if none does."""
    return [p for p in layer.parameters if p.decay] or layer.parameters


def _output_statistics(layer: Layer, y: Array) -> LayerRow:
    """Return the statistics of the outputs y of a layer, for the row of the layer."""
    mean = y.mean()
    centred = (y - mean).ravel()
    row = {"mean": _number(mean), "deviation": _number(math.sqrt(centred @ centred / y.size))}
    if isinstance(layer, _RECTIFIERS):
        row["dead"] = _number(np.mean((y == 0).reshape(-1, y.shape[-1]).all(axis=0)))
    return row


def _rms(arrays: list[Array]) -> float:
    """Return the root mean square of all entries, in float64: in float32 small squares are 0."""
    flat = [array.ravel().astype(np.float64) for array in arrays]
    return math.sqrt(sum(float(x @ x) for x in flat) / sum(x.size for x in flat))


def _histogram(array: Array) -> LayerRow | None:
    """Return the histogram of the entries of an array; None if an entry is not finite."""
    values = array.ravel().astype(np.float64)
    low, high = float(values.min()), float(values.max())
    if not math.isfinite(high - low):
        return None
    least = max(1e-30, 1e-9 * max(abs(low), abs(high)))  # the width of a bin must not be 0
    if high - low < least:
        low, high = low - least, high + least
    counts, _ = np.histogram(values, _BINS, (low, high))
    return {"low": low, "high": high, "counts": counts.tolist()}


def _number(value: float) -> float | None:
    """Return a number with six significant digits; None if it is not finite."""
    return float(f"{value:.6g}") if math.isfinite(value) else None

"""Statistics of every layer of a network: its outputs, weights, gradients and updates.

``fit`` does not know about them. The code that iterates over ``fit`` calls
``LayerMonitor.after_step`` after each step. A monitor only reads: it changes no weight, no running
statistic and no random number.
"""

import math
from typing import Any

import numpy as np

from tenfold.nn import GELU, LeakyReLU, Network, Parameter, ReLU, layers, stream
from tenfold.nn.array import Array
from tenfold.nn.layers import Layer
from tenfold.training.batches import Batches

__all__ = ["LayerMonitor", "LayerRow", "monitored_steps"]

LayerRow = dict[str, Any]
"""One layer at one step, as plain data."""

_STEPS = 40  # watched in a run, about
_PROBE = 256  # images that outputs are measured on ...
_FEWEST = 16
_SHARE = 40  # ... fewer where all probes together would be more than 1/40 of the images trained on
_EARLY = 0.1  # the first tenth of a run changes most, and is watched on a logarithmic scale
_BINS = 40
_RECTIFIERS = (ReLU, LeakyReLU, GELU)


def monitored_steps(total: int) -> tuple[int, ...]:
    """Return at which of ``total`` steps to watch, the first and the last among them.

    A third of them lies in the first tenth of the run, denser towards its start (logarithmically);
    the others lie evenly. It depends on the total alone, so that a resumed run watches the same.
    """
    if total <= _STEPS:
        return tuple(range(total))
    edge = max(1.0, _EARLY * total)
    early = np.geomspace(1, edge, _STEPS // 3) - 1
    even = np.linspace(edge, total - 1, _STEPS - _STEPS // 3 + 1)[1:]
    return tuple(sorted({int(step) for step in np.rint([*early, *even])}))


class LayerMonitor:
    """Measures every layer that has parameters or is an activation, at ``monitored_steps``.

    The outputs are those of an inference forward on a probe: a fixed choice of at most 256 training
    images, undistorted, and fewer in a short run, where they would take a noticeable part of the
    time. Batch normalisations use their running statistics, which in the first steps are young.

    Args:
        network: that is trained.
        batches: that it is trained on.
        epochs: how often, in all.
        step: which comes next, if the run has been going on for a while.

    Attributes:
        steps: that are watched.
        probe: the images.
    """

    def __init__(self, network: Network, batches: Batches, epochs: int, step: int = 0) -> None:
        total = epochs * len(batches)
        self.network = network
        self.steps = monitored_steps(total)
        self.probe = _probe(network.seed, batches, epochs * len(batches.data))
        middle = min(self.steps, key=lambda step: abs(step - (total - 1) / 2))
        self._detailed = {self.steps[0], middle, self.steps[-1]}
        self._before: dict[str, Array] = {}
        self._expect(step)

    def after_step(self, step: int) -> list[LayerRow]:
        """Measure the network that has just taken a step; empty if that step is not watched.

        To be called after every step, before the next begins. Each row holds

        - ``step``, ``layer`` (its index), ``name`` (such as ``"2 Dense"``), ``images`` (the probe);
        - ``mean`` and ``deviation`` of the outputs;
        - for ReLU, LeakyReLU and GELU ``dead``: the share of units that are 0 for every image of
          the probe. In a feature map, all places together are one unit.
        - with parameters ``weight_rms`` and ``gradient_rms``, the root mean squares after and
          before the update, of the weights alone if there are some (of scales and shifts, if these
          are all there is). The gradient is the one that the optimizer was given, l2 and clipping
          included.
        - with parameters ``update_ratio``: the root mean square of the update, as a share of that
          of the weights before it. About 1e-3 is usual.
        - at the first, the middle and the last watched step ``histograms``: of each parameter by
          name, its ``values`` and its ``updates``, each as ``low``, ``high`` and 40 ``counts``.

        What is not finite is None.
        """
        rows = []
        if self._before:
            with np.errstate(all="ignore"):  # a run that bursts is fit's business
                rows = self._measure(step)
        self._expect(step + 1)
        return rows

    def _expect(self, step: int) -> None:
        """Keep the weights, if the next step is watched: its update is what changes them."""
        parameters = self.network.parameters if step in self.steps else []
        self._before = {p.name: p.value.copy() for p in parameters}

    def _measure(self, step: int) -> list[LayerRow]:
        rows, x = [], self.probe
        for index, layer in enumerate(self.network.layers):
            x = layer.forward(x)
            name = type(layer).__name__
            if layer.parameters or name in layers.activations.__all__:
                row: LayerRow = {"step": step, "layer": index, "name": f"{index} {name}"}
                row |= {"images": len(x), **_outputs(layer, x)}
                if layer.parameters:
                    row |= self._weights(layer.parameters)
                    if step in self._detailed:
                        row["histograms"] = self._histograms(layer.parameters)
                rows.append(row)
        return rows

    def _weights(self, parameters: list[Parameter]) -> LayerRow:
        chosen = [p for p in parameters if p.decay] or parameters
        before = _rms([self._before[p.name] for p in chosen])
        update = _rms([p.value - self._before[p.name] for p in chosen])
        return {
            "weight_rms": _number(_rms([p.value for p in chosen])),
            "gradient_rms": _number(_rms([p.grad for p in chosen])),
            "update_ratio": _number(update / before) if before else None,
        }

    def _histograms(self, parameters: list[Parameter]) -> LayerRow:
        return {
            p.name.partition(".")[2]: {
                "values": _histogram(p.value),
                "updates": _histogram(p.value - self._before[p.name]),
            }
            for p in parameters
        }


def _probe(seed: int, batches: Batches, trained: int) -> Array:
    count = min(_PROBE, max(_FEWEST, trained // (_SHARE * _STEPS)))
    order = stream(seed, "watch").permutation(len(batches.data))
    return batches.data.take(np.sort(order[:count]))


def _outputs(layer: Layer, y: Array) -> LayerRow:
    mean = y.mean()
    centred = (y - mean).ravel()
    row = {"mean": _number(mean), "deviation": _number(math.sqrt(centred @ centred / y.size))}
    if isinstance(layer, _RECTIFIERS):
        row["dead"] = _number(np.mean((y == 0).reshape(-1, y.shape[-1]).all(axis=0)))
    return row


def _rms(arrays: list[Array]) -> float:
    """Return the root mean square of all entries; in float64, where small squares are not lost."""
    flat = [array.ravel().astype(np.float64) for array in arrays]
    return math.sqrt(sum(float(x @ x) for x in flat) / sum(x.size for x in flat))


def _histogram(array: Array) -> LayerRow | None:
    values = array.ravel().astype(np.float64)
    low, high = float(values.min()), float(values.max())
    if not math.isfinite(high - low):
        return None
    least = max(1e-30, 1e-9 * max(abs(low), abs(high)))  # bins need some width
    if high - low < least:
        low, high = low - least, high + least
    counts, _ = np.histogram(values, _BINS, (low, high))
    return {"low": low, "high": high, "counts": counts.tolist()}


def _number(value: float) -> float | None:
    """Return six digits of a number, which is what it is good for; None if it is not finite."""
    return float(f"{value:.6g}") if math.isfinite(value) else None

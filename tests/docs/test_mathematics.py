"""The links, tables and examples of docs/mathematics.md agree with the library."""

import doctest
import inspect
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold import nn
from tenfold.nn import (
    Adam,
    Dense,
    Flatten,
    Network,
    Normalize,
    Optimizer,
    Parameter,
    ParameterVector,
    ReLU,
    SoftmaxCrossEntropy,
    Zeros,
    stream,
)
from tenfold.nn.array import Array
from tenfold.nn.patches import Window
from tenfold.recipes.classics.faults import AdamWithoutCorrection
from tenfold.training import Shards
from tests.docs.page import PAGE, PROSE, TEXT, blocks, inline_formulas, section, table

# The methods that contain the formulas of each kind of class.
FORMULAS: dict[type[Any], tuple[str, ...]] = {
    nn.Layer: ("forward", "backward"),
    nn.Loss: ("__call__",),
    nn.Initializer: ("__call__",),
    nn.Optimizer: ("update",),
    nn.Schedule: ("factor",),
}
OTHERS = {
    "ExponentialAverage.update": nn.ExponentialAverage,
    "Network.recompute_statistics": nn.Network,
    "Shards.gradient": Shards,
    "Window.patches": Window,
    "check_gradient": nn.check_gradient,
    "clip_norm": nn.clip_norm,
    "log_softmax": nn.log_softmax,
    "softmax": nn.softmax,
}


# An elementwise function needs no derivation of its own: dx = dy * f'(x) holds for each, its
# docstring gives f and f', and the gradient check proves them. The page derives these.
ACTIVATIONS = (nn.GELU, nn.LeakyReLU, nn.ReLU, nn.Sigmoid, nn.Tanh)


def exported(kind: type[Any]) -> list[type[Any]]:
    things = (getattr(nn, name) for name in nn.__all__)
    return [t for t in things if isinstance(t, type) and issubclass(t, kind) and t is not kind]


def formulas() -> dict[str, Any]:
    """Return what the page must derive, by the text of its link."""
    return OTHERS | {
        f"{thing.__name__}.{method}": thing
        for kind, methods in FORMULAS.items()
        for thing in exported(kind)
        if thing in ACTIVATIONS or thing.__module__ != nn.ReLU.__module__
        for method in methods
    }


# Completeness and formatting


@pytest.mark.parametrize("name", formulas())
def test_every_formula_of_the_library_is_linked(name: str) -> None:
    links = re.findall(rf"\[`{re.escape(name)}`\]\(([^)#]+)#L\d+-L\d+\)", TEXT)
    source = inspect.getsourcefile(inspect.unwrap(formulas()[name]))
    assert source is not None
    assert links, f"docs/mathematics.md must derive {name} and link its lines"
    assert {(PAGE.parent / link).resolve() for link in links} == {Path(source).resolve()}


def test_lines_have_at_most_120_characters() -> None:
    assert [n for n, line in enumerate(TEXT.splitlines(), 1) if len(line) > 120] == []


def test_formulas_are_rendered_by_github() -> None:
    # In inline formulas, Markdown interprets a backslash before punctuation, an asterisk, an
    # underscore after a bracket, a pipe in a table and a < before a letter; a dollar sign must not
    # be next to a letter or digit outside the formula. Formulas in blocks have no such limits.
    for line in PROSE.splitlines():
        assert line.count("$") % 2 == 0, line
        for before, formula, after in re.findall(r"(.?)\$([^$]*)\$(?=(.?))", line):
            assert formula == formula.strip() != "", line
            assert not re.search(r"\\[^A-Za-z]|[*|<]|\W_|\\operatorname", formula), line
            assert before in ("", " ", "("), line
            assert after == "" or not (after.isalnum() or after in "-_$"), line


def test_brackets_in_formulas_are_balanced() -> None:
    pairs = ((r"\{", r"\}"), (r"\(", r"\)"), (r"\[", r"\]"), (r"\\left\b", r"\\right\b"))
    for formula in blocks("math") + inline_formulas():
        for opening, closing in pairs:
            assert len(re.findall(opening, formula)) == len(re.findall(closing, formula)), formula


def test_examples_print_the_shown_output() -> None:
    shown = "\n".join(blocks("pycon"))
    test = doctest.DocTestParser().get_doctest(shown, {}, PAGE.name, str(PAGE), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    report: list[str] = []
    runner.run(test, out=report.append)
    assert runner.summarize(verbose=False).attempted > 15
    assert not report, "".join(report)


# Tables


def test_standard_deviations_of_the_initializers() -> None:
    rows = table(section("2.3 Initializers"), "initializer")
    assert len(rows) == len(exported(nn.Initializer))
    for link, row in rows.items():
        name = re.match(r"\[`(\w+)\.", link)
        assert name is not None
        drawn = getattr(nn, name[1])()((784, 128), stream(0, "test"))
        shown = float(row["standard deviation"])
        assert float(np.std(drawn)) == pytest.approx(shown, rel=0.01), link


@pytest.mark.parametrize(
    ("kind", "variance"),
    [(nn.LeCunNormal, 1 / 400), (nn.HeNormal, 2 / 400), (nn.GlorotUniform, 2 / (400 + 800))],
)
def test_fan_in_of_a_convolution_is_its_patch(kind: type[nn.Initializer], variance: float) -> None:
    drawn = kind()((5, 5, 16, 32), stream(0, "test"))
    assert float(np.var(drawn)) == pytest.approx(variance, rel=0.05)


def walk(optimizer: Optimizer, steps: int) -> list[float]:
    """Return the sizes of the steps for a gradient of 1 and a learning rate of 1."""
    parameter = Parameter("weight", (1,), Zeros())
    parameter.initialize(stream(0, "test"), np.float64)
    theta, lengths = ParameterVector([parameter]), []
    for _ in range(steps):
        theta.value[:], theta.grad[:] = 0, 1
        optimizer.step(theta, 1.0)
        lengths.append(-float(theta.value[0]))
    return lengths


def test_steps_of_the_optimizers_for_a_constant_gradient() -> None:
    rows = table(section("2.4 Optimizers"), "optimizer")
    # Muon updates matrices; a single number is updated by its Adam.
    assert set(rows) == {kind.__name__ for kind in exported(Optimizer) if kind.elementwise}
    for name, row in rows.items():
        lengths = walk(getattr(nn, name)(), 100)
        for time, shown in row.items():
            step = lengths[int(time.removeprefix("t = ")) - 1]
            assert f"{step:.3f}" == shown, (name, time)


def test_factors_of_the_schedules() -> None:
    rows = table(section("2.5 The other parts of a step"), "schedule")
    assert set(rows) == {kind.__name__ for kind in exported(nn.Schedule)}
    for name, row in rows.items():
        schedule = getattr(nn, name)(learning_rate=1.0)
        for progress, shown in row.items():
            factor = schedule.factor(float(progress.removeprefix("u = ")))
            assert f"{factor:.4f}" == shown, (name, progress)


def test_steps_of_adam_without_its_correction() -> None:
    rows = table(section("5.1 Adam without its bias correction"), "t")
    written = walk(AdamWithoutCorrection(beta1=0.9, beta2=0.99), 200)
    corrected = walk(Adam(beta1=0.9, beta2=0.99), 200)
    for time, row in rows.items():
        t = int(time)
        assert f"{written[t - 1]:.2f}" == row["as written"]
        assert f"{corrected[t - 1]:.2f}" == row["corrected"]
        derived = (1 - 0.9**t) / (1 - 0.99**t) ** 0.5
        assert written[t - 1] == pytest.approx(derived, rel=1e-6)
    assert np.argmax(written) + 1 == 13
    assert f"{walk(AdamWithoutCorrection(beta1=0.9, beta2=0.999), 20_000)[-1]:.2f}" == "0.32"


# One batch through 784-128-64-10


def batch_arrays() -> tuple[dict[str, Any], dict[str, Array]]:
    """Run one training step; return its initial and its computed arrays by name."""
    rng = stream(0, "test")
    dense = {"1": Dense(784, 128), "2": Dense(128, 64), "3": Dense(64, 10)}
    layers = [Normalize(), Flatten(), dense["1"], ReLU(), dense["2"], ReLU(), dense["3"]]
    network, optimizer = Network(layers), Adam()
    given: dict[str, Any] = {f"W{n}": layer.weight.value.copy() for n, layer in dense.items()}
    given |= {f"b{n}": layer.bias.value.copy() for n, layer in dense.items()}
    given |= {"theta": network.theta.value.copy(), "m": 0.0, "v": 0.0}

    images, labels = rng.integers(0, 256, (128, 28, 28, 1), np.uint8), rng.integers(0, 10, 128)
    made: dict[str, Array] = {"images": images, "labels": labels}
    x = images
    for name, layer in zip(("x", "a0", "z1", "a1", "z2", "a2", "z3"), layers, strict=True):
        x = made[name] = layer.forward(x, training=True)
    _, dy = SoftmaxCrossEntropy()(x, labels)
    for name, layer in zip(("dz3", "da2", "dz2", "da1", "dz1"), layers[:1:-1], strict=True):
        made[name], dy = dy, layer.backward(dy)
    made |= {f"dW{n}": layer.weight.grad for n, layer in dense.items()}
    made |= {f"db{n}": layer.bias.grad for n, layer in dense.items()}
    optimizer.step(network.theta, 1e-3)
    made |= {"m": optimizer.state["gradients"], "v": optimizer.state["squares"]}
    return given, made | {"g": network.theta.grad, "theta": network.theta.value}


def test_arrays_of_one_batch() -> None:
    rows = table(section("3 One batch through 784-128-64-10"), "array")
    rows = {name.strip("`"): row for name, row in rows.items() if name.startswith("`")}
    given, made = batch_arrays()
    assert set(rows) == set(made)
    names = rows["g"]["computed as"].removesuffix(" in one row").split(", ")
    gradients = [made[name].ravel() for name in names]
    np.testing.assert_array_equal(made["g"], np.concatenate(gradients))
    room = {**vars(np), "softmax": nn.softmax, "one_hot": nn.one_hot, **given}
    for name, row in rows.items():
        assert str(made[name].shape).replace("109386", "109,386") == row["shape"], name
        assert str(made[name].dtype) == row["dtype"], name
        if (formula := row["computed as"]).startswith("`"):
            result = eval(formula.strip("`"), room)
            np.testing.assert_allclose(made[name], result, rtol=1e-4, atol=1e-6, err_msg=name)
        room[name] = made[name]


def test_the_work_of_one_batch() -> None:
    text = section("3 One batch through 784-128-64-10")
    given, made = batch_arrays()
    totals = {"forward": 0, "backward": 0}
    for name, row in table(text, "array").items():
        product = re.match(r"`(\w+)(\.T)? @ ", row["computed as"])
        assert (product is not None) == bool(row["multiply-adds"]), name
        if product is not None:
            left = (given | made)[product[1]]
            summed = left.shape[0 if product[2] else 1]
            count = made[name.strip("`")].size * summed
            assert f"{count:,}" == row["multiply-adds"], name
            totals["backward" if name.startswith("`d") else "forward"] += count
    assert f"{totals['forward']:,} multiply-adds forward" in text
    assert f"{totals['backward']:,} backward, {sum(totals.values()):,} together" in text
    for layer in "123":
        assert f"{given[f'W{layer}'].size + given[f'b{layer}'].size:,}" in text
    assert f"together {made['theta'].size:,}" in text
    assert f"{-(-60_000 // 128)} batches, the last of them with {60_000 % 128} images" in text

"""docs/mathematics.md, executed: its links, tables and examples against the library."""

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
from tenfold.recipes.classics.faults import AdamWithoutCorrection
from tests.docs.page import PAGE, PROSE, TEXT, blocks, inline_formulas, section, table

# What each kind of thing must show: the methods that hold its formulas.
FORMULAS: dict[type[Any], tuple[str, ...]] = {
    nn.Layer: ("forward", "backward"),
    nn.Loss: ("__call__",),
    nn.Initializer: ("__call__",),
    nn.Optimizer: ("update",),
    nn.Schedule: ("factor",),
}
OTHERS = {
    "ExponentialAverage.update": nn.ExponentialAverage,
    "check_gradient": nn.check_gradient,
    "clip_norm": nn.clip_norm,
    "log_softmax": nn.log_softmax,
    "softmax": nn.softmax,
}


def exported(kind: type[Any]) -> list[type[Any]]:
    things = (getattr(nn, name) for name in nn.__all__)
    return [t for t in things if isinstance(t, type) and issubclass(t, kind) and t is not kind]


def formulas() -> dict[str, Any]:
    """What the page must derive, by the name that its link must show."""
    return OTHERS | {
        f"{thing.__name__}.{method}": thing
        for kind, methods in FORMULAS.items()
        for thing in exported(kind)
        for method in methods
    }


# Completeness and form


@pytest.mark.parametrize("name", formulas())
def test_every_formula_of_the_library_is_linked(name: str) -> None:
    links = re.findall(rf"\[`{re.escape(name)}`\]\(([^)#]+)#L\d+-L\d+\)", TEXT)
    source = inspect.getsourcefile(formulas()[name])
    assert source is not None
    assert links, f"docs/mathematics.md says nothing about {name}: derive it and link its lines"
    assert {(PAGE.parent / link).resolve() for link in links} == {Path(source).resolve()}


def test_lines_are_short_enough_to_read_as_plain_text() -> None:
    assert [n for n, line in enumerate(TEXT.splitlines(), 1) if len(line) > 120] == []


def test_formulas_are_written_so_that_github_shows_them() -> None:
    # Inline, Markdown takes a backslash before punctuation, an asterisk, an underscore after a
    # bracket, a pipe in a table and a < before a letter for its own; a dollar sign must not touch
    # a letter or digit outside. In blocks all is well.
    for line in PROSE.splitlines():
        assert line.count("$") % 2 == 0, line
        for before, formula, after in re.findall(r"(.?)\$([^$]*)\$(?=(.?))", line):
            assert formula == formula.strip() != "", line
            assert not re.search(r"\\[^A-Za-z]|[*|<]|\W_|\\operatorname", formula), line
            assert before in ("", " ", "("), line
            assert after == "" or not (after.isalnum() or after in "-_$"), line


def test_brackets_of_formulas_are_balanced() -> None:
    pairs = ((r"\{", r"\}"), (r"\(", r"\)"), (r"\[", r"\]"), (r"\\left\b", r"\\right\b"))
    for formula in blocks("math") + inline_formulas():
        for opening, closing in pairs:
            assert len(re.findall(opening, formula)) == len(re.findall(closing, formula)), formula


def test_the_examples_run_and_print_what_they_show() -> None:
    shown = "\n".join(blocks("pycon"))
    test = doctest.DocTestParser().get_doctest(shown, {}, PAGE.name, str(PAGE), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    report: list[str] = []
    runner.run(test, out=report.append)
    assert runner.summarize(verbose=False).attempted > 15
    assert not report, "".join(report)


# Tables


def test_deviations_of_the_initializers() -> None:
    rows = table(section("2.3 Initializers"), "initializer")
    assert len(rows) == len(exported(nn.Initializer))
    for link, row in rows.items():
        name = re.match(r"\[`(\w+)\.", link)
        assert name is not None
        drawn = getattr(nn, name[1])()((784, 128), stream(0, "test"))
        assert float(np.std(drawn)) == pytest.approx(float(row["deviation"]), rel=0.01), link


def walk(optimizer: Optimizer, steps: int) -> list[float]:
    """The lengths of the steps that a constant gradient of 1 gives at a learning rate of 1."""
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
    assert set(rows) == {kind.__name__ for kind in exported(Optimizer)}
    for name, row in rows.items():
        lengths = walk(getattr(nn, name)(), 100)
        for time, shown in row.items():
            step = lengths[int(time.removeprefix("t = ")) - 1]
            assert f"{step:.3f}" == shown, (name, time)


def test_factors_of_the_schedules() -> None:
    rows = table(section("2.5 Around the optimizer"), "schedule")
    assert set(rows) == {kind.__name__ for kind in exported(nn.Schedule)}
    for name, row in rows.items():
        schedule = getattr(nn, name)(learning_rate=1.0)
        for progress, shown in row.items():
            factor = schedule.factor(float(progress.removeprefix("u = ")))
            assert f"{factor:.4f}" == shown, (name, progress)


def test_steps_of_adam_without_its_correction() -> None:
    rows = table(section("5.1 Adam without its bias correction"), "t")
    written = walk(AdamWithoutCorrection(0.9, 0.99), 200)
    corrected = walk(Adam(0.9, 0.99), 200)
    for time, row in rows.items():
        t = int(time)
        assert f"{written[t - 1]:.2f}" == row["as written"]
        assert f"{corrected[t - 1]:.2f}" == row["corrected"]
        derived = (1 - 0.9**t) / (1 - 0.99**t) ** 0.5
        assert written[t - 1] == pytest.approx(derived, rel=1e-6)
    assert np.argmax(written) + 1 == 13
    assert f"{walk(AdamWithoutCorrection(0.9, 0.999), 20_000)[-1]:.2f}" == "0.32"


# One batch through 784-128-64-10


def batch_arrays() -> dict[str, Array]:
    """Every array of one training step, by its name in section 3."""
    rng = stream(0, "test")
    images = rng.integers(0, 256, (128, 28, 28, 1), np.uint8)
    dense = [Dense(784, 128), Dense(128, 64), Dense(64, 10)]
    layers = [Normalize(), Flatten(), dense[0], ReLU(), dense[1], ReLU(), dense[2]]
    network, optimizer = Network(layers), Adam()
    arrays: dict[str, Array] = {"images": images, "labels": rng.integers(0, 10, 128)}
    x = images
    for name, layer in zip(("x", "a0", "z1", "a1", "z2", "a2", "z3"), layers, strict=True):
        x = arrays[name] = layer.forward(x, training=True)
    _, dy = SoftmaxCrossEntropy()(x, arrays["labels"])
    names = ("dz3", "da2", "dz2", "da1", "dz1")
    for name, layer in zip(names, layers[:1:-1], strict=True):
        arrays[name] = dy
        dy = layer.backward(dy)
    for number, layer in enumerate(dense, 1):
        arrays |= {f"dW{number}": layer.weight.grad, f"db{number}": layer.bias.grad}
    optimizer.step(network.theta, 1e-3)
    state = {"m": optimizer.state["mean"], "v": optimizer.state["squares"]}
    return arrays | {"theta": network.theta.value, "g": network.theta.grad} | state


def multiply_adds(formula: str, arrays: dict[str, Array]) -> int:
    """Rows times columns of the result, times the length of the sums, for ``a @ b``."""
    left, _, right = formula.partition(" @ ")
    shapes = {name: array.shape for name, array in arrays.items()}
    shapes |= {f"W{number}": shapes[f"dW{number}"] for number in (1, 2, 3)}
    rows, inner = shapes[left.removesuffix(".T")][:: -1 if left.endswith(".T") else 1]
    right = right.partition(" + ")[0]
    again, columns = shapes[right.removesuffix(".T")][:: -1 if right.endswith(".T") else 1]
    assert inner == again
    return rows * inner * columns


def test_every_array_of_one_batch() -> None:
    text = section("3 One batch through 784-128-64-10")
    rows = {k.strip("`"): v for k, v in table(text, "array").items() if k.startswith("`")}
    arrays = batch_arrays()
    assert set(rows) == set(arrays)
    totals = {"forward": 0, "backward": 0}
    for name, row in rows.items():
        assert str(arrays[name].shape) == row["shape"].replace("109,386", "109386"), name
        assert str(arrays[name].dtype) == row["dtype"], name
        formula = row["computed as"]
        assert ("@" in formula) == bool(row["multiply-adds"]), name
        if "@" in formula:
            count = multiply_adds(formula, arrays)
            assert f"{count:,}" == row["multiply-adds"], name
            totals["backward" if name.startswith("d") else "forward"] += count
    assert f"{totals['forward']:,} multiply-adds forward" in text
    assert f"{totals['backward']:,} backward, {sum(totals.values()):,} together" in text
    for size in (100_480, 8_256, 650, arrays["theta"].size):
        assert f"{size:,}" in text
    assert f"{-(-60_000 // 128)} batches, the last of them with {60_000 % 128} images" in text

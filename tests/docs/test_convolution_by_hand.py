"""The numbers of the convolution example in docs/mathematics.md agree with the library."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from tenfold.nn import Conv2D, stream
from tenfold.nn.array import Array
from tests.docs.page import blocks, numbers, section, table

TITLE = "A convolution computed by hand"
# The names end in the number of the example, which has this stride and padding.
EXAMPLES = {"": (1, 0), "2": (2, 0), "3": (2, 1)}

Place = tuple[int, int]


def example() -> dict[str, Array]:
    """Return every number of the section."""
    return {name: array.astype(np.float64) for name, array in numbers(TITLE).items()}


def image(array: Array) -> Array:
    return array[None, :, :, None]


def worked_out(given: dict[str, Array], suffix: str) -> dict[str, Array]:
    """Return y, dw, db and dx of one example, computed by the library."""
    stride, padding = EXAMPLES[suffix]
    conv = Conv2D(1, 1, kernel=2, stride=stride, padding=padding)
    conv.initialize(stream(0, "test"), np.float64)
    conv.weight.value[..., 0, 0], conv.bias.value[...] = given["w"], given["b"]
    y = conv.forward(image(given["x"]), training=True)
    dx = conv.backward(image(given[f"dy{suffix}"]))
    found = {"y": y[0, ..., 0], "dx": dx[0, ..., 0]}
    found |= {"dw": conv.weight.grad[..., 0, 0], "db": conv.bias.grad[0]}
    return {name + suffix: array for name, array in found.items()}


def convolved(x: Array, w: Array) -> Array:
    """Return a convolution without bias and padding, by its definition."""
    height, width = (size - k + 1 for size, k in zip(x.shape, w.shape, strict=True))
    places = np.ndindex(height, width)
    entries = [(x[i : i + w.shape[0], j : j + w.shape[1]] * w).sum() for i, j in places]
    return np.reshape(entries, (height, width))


def test_all_numbers_of_the_example() -> None:
    shown = example()
    found: dict[str, Array] = {}
    for suffix in EXAMPLES:
        found |= worked_out(shown, suffix)
    found["dy_padded"] = np.pad(shown["dy"], 1)
    found["w_flipped"] = shown["w"][::-1, ::-1]
    for row, column in np.ndindex(2, 2):
        found[f"phase_{row}{column}"] = found["dx2"][row::2, column::2]
    given = {"x", "w", "b", *(f"dy{suffix}" for suffix in EXAMPLES)}
    assert set(shown) == given | set(found)
    for name in set(shown) - given:
        np.testing.assert_allclose(found[name], shown[name], rtol=0, atol=1e-12, err_msg=name)


def test_dx_is_the_convolution_of_the_page() -> None:
    shown = example()
    np.testing.assert_array_equal(convolved(shown["dy_padded"], shown["w_flipped"]), shown["dx"])
    for row, column in np.ndindex(2, 2):
        times_weight = shown["dy2"] * shown["w"][row, column]
        np.testing.assert_array_equal(shown[f"phase_{row}{column}"], times_weight)


def pairs(given: dict[str, Array], suffix: str) -> Iterator[tuple[Place, Place, Place]]:
    """Yield the indices (in y, in w, in x) of each product, in the order of the formula."""
    stride, padding = EXAMPLES[suffix]
    for i, j, k, m in np.ndindex(*given[f"y{suffix}"].shape, *given["w"].shape):
        u, v = stride * i + k - padding, stride * j + m - padding
        if 0 <= u < 4 and 0 <= v < 4:
            yield (i, j), (k, m), (u, v)


def as_written(products: list[tuple[float, float]]) -> str:
    """Return a sum of products as the page writes it: ``1 * 2 - 1 * (-1)``."""
    parts = [f"{a:+.0f} * " + (f"({b:.0f})" if b < 0 else f"{b:.0f}") for a, b in products]
    return " ".join(part[0] + " " + part[1:] for part in parts)


def products_of(shown: dict[str, Array], name: str) -> dict[Place, list[tuple[float, float]]]:
    """Return the products that are summed in each entry of an array of the example."""
    found: dict[Place, list[tuple[float, float]]] = defaultdict(list)
    kind, suffix = re.sub(r"\d", "", name), re.sub(r"\D", "", name)
    x, w, dy = shown["x"], shown["w"], shown[f"dy{suffix}"]
    if name == "dx":  # with a stride of 1 the page slides the flipped kernel
        for i, j, k, m in np.ndindex(4, 4, 2, 2):
            weight, gradient = shown["w_flipped"][k, m], shown["dy_padded"][i + k, j + m]
            found[i, j].append((float(weight), float(gradient)))
        return found
    for in_y, in_w, in_x in pairs(shown, suffix):
        if kind == "y":
            found[in_y].append((w[in_w], x[in_x]))
        elif kind == "dx":
            found[in_x].append((w[in_w], dy[in_y]))
        elif dy[in_y] != 0:
            found[in_w].append((dy[in_y], x[in_x]))
    return found


def test_sums_in_the_comments_are_those_of_the_entries() -> None:
    shown, checked = example(), 0
    name, row = "", 0
    for line in "".join(blocks("text", section(TITLE))).splitlines():
        code, _, comment = line.partition("# ")
        start = re.match(r"(\w+) = ", line)
        name, row = (start[1], 0) if start else (name, row + 1)
        place = re.match(r"row (\d), column (\d): +", comment)
        assert place is None or int(place[1]) == row + 1
        first = int(place[2]) - 1 if place else 0
        written = re.split(r" {3,}", comment[place.end() :] if place else comment)
        written = [part.strip() for part in written if re.fullmatch(r"[-+*() \d]+", part)]
        for column, part in enumerate(written if "*" in comment and code else [], first):
            products = as_written(products_of(shown, name)[row, column]).removeprefix("+ ")
            products = re.sub("^- ", "-", products) + " + 1" * (name[0] == "y")
            assert part == products, (name, row, column)
            checked += 1
    assert checked == 36


def test_phases_of_the_examples() -> None:
    shown, part = example(), section(TITLE)
    headings = re.findall(r"^\*\*Stride (\d)(?:, padding (\d))?\.\*\*", part, re.M)
    assert [(int(s), int(p or 0)) for s, p in headings] == list(EXAMPLES.values())
    for name, written in re.findall(r"^(phase_\d\d) = .*# (.*)$", part, re.M):
        np.testing.assert_array_equal(eval(written, {"dy2": shown["dy2"]}), shown[name])
    rows = re.findall(r"\[[- \d,]+\].*(?:# |  )phases (\d)(\d) and (\d)(\d)", part)
    places = [(0, 0), (1, 0), *((row, 1) for row in range(4))]  # two rows of dx2, all of dx3
    assert len(rows) == len(places)
    for phases, (row, padding) in zip(rows, places, strict=True):
        down, first, second = (row + padding) % 2, padding % 2, (1 + padding) % 2
        assert tuple(map(int, phases)) == (down, first, down, second)


def test_bias_gradient_is_the_sum_of_dy() -> None:
    text = "".join(blocks("text", section(TITLE)))
    written = re.search(r"^db = \d+ +# (.*)$", text, re.M)
    assert written is not None
    terms = [entry for entry in example()["dy"].ravel() if entry]
    assert [float(term) for term in re.sub(r"([-+]) ", r"\1", written[1]).split()] == terms


def test_output_sizes() -> None:
    text = section("Conv2D")
    size = re.search(r"for (\d+) rows and a kernel of (\d+):", text)
    assert size is not None
    rows, kernel = int(size[1]), int(size[2])
    checked = 0
    for name, row in table(text, "padding").items():
        if not name.startswith("`"):
            continue
        for column in ("s = 1", "s = 2"):
            conv = Conv2D(1, 1, kernel, int(column[-1]), ast.literal_eval(name.strip("`")))
            assert conv.output_shape((rows, rows, 1))[0] == int(row[column]), (name, column)
            if row["$p_0$"].isdigit():
                above, below = int(row["$p_0$"]), int(row["$p_1$"])
                assert conv.zeros_around == (above, above + below)
            checked += 1
    assert checked == 6


def test_kernel_sizes_of_the_phases() -> None:
    weight = np.zeros((3, 3))
    shapes = [weight[row::2, column::2].shape for row, column in np.ndindex(2, 2)]
    written = [f"{height} x {width}" for height, width in shapes]
    assert f"{', '.join(written[:3])} and {written[3]} weights." in section("Conv2D")

import numpy as np
import pytest

from tenfold.nn import (
    BatchNorm,
    Conv2D,
    ConvMaxPool,
    Dense,
    Flatten,
    GlobalAveragePool,
    Network,
    Normalize,
    ReLU,
    Residual,
)
from tenfold.nn.summary import LayerCost, as_text
from tests.nn.small_network import network


def test_summary_worked_by_hand() -> None:
    assert network().summary().splitlines() == [
        "layer            output   parameters   multiply-adds",
        "input         4 x 3 x 1",
        "0 Normalize   4 x 3 x 1",
        "1 Flatten            12",
        "2 Dense               8          104              96",  # 12 * 8 + 8
        "3 BatchNorm           8           16",
        "4 ReLU                8",
        "5 Dense               5           45              40",
        "total                            165             136",
    ]


def test_repr_shows_the_size_of_the_network() -> None:
    assert repr(network()) == "<Network: 6 layers, 165 parameters>"


def test_summary_of_convolutions_and_blocks_worked_by_hand() -> None:
    net = Network(
        [
            Normalize(),
            ConvMaxPool(1, 4, 5),
            Residual([Conv2D(4, 4, 3, padding="same"), BatchNorm(4), ReLU()]),
            GlobalAveragePool(),
            Dense(4, 10),
        ]
    )
    cells = [line.split("  ") for line in net.summary().splitlines()]
    rows = [[cell.strip() for cell in line if cell.strip()] for line in cells]
    assert rows[3] == ["1 ConvMaxPool", "12 x 12 x 4", "104", "57,600"]  # 24 * 24 * 25 * 4
    assert rows[4] == ["2 Residual", "12 x 12 x 4", "156", "20,736"]  # 12 * 12 * 9 * 4 * 4
    assert rows[5] == ["3 GlobalAveragePool", "4"]
    assert rows[6] == ["4 Dense", "10", "50", "40"]
    assert rows[7] == ["total", "310", "78,376"]


def test_totals_equal_the_numbers_of_the_network() -> None:
    net = Network([Normalize(), Conv2D(1, 3, 3), ReLU(), Flatten(), Dense(26 * 26 * 3, 10)])
    last = net.summary().splitlines()[-1].split()
    assert last == ["total", f"{net.theta.value.size:,}", f"{net.multiply_adds:,}"]


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    costs = [LayerCost("0 A layer with a long name", (1000, 1000, 1000), 3, 0)]
    assert as_text(costs, (4,)).splitlines() == [
        "layer                                    output   parameters   multiply-adds",
        "input                                         4",
        "0 A layer with a long name   1000 x 1000 x 1000            3",
        "total                                                      3               0",
    ]


def test_html_shows_the_same_numbers_and_escapes_names() -> None:
    net = network()
    html = net._repr_html_()
    for cell in ("layer", "4 x 3 x 1", "2 Dense", "104", "165", "136"):
        assert f">{cell}</" in html
    assert html.count("<tr") == len(net.summary().splitlines())
    strange = type("<script>alert(1)</script>", (ReLU,), {})()
    html = Network([Flatten(), Dense(4, 2), strange], input_shape=(2, 2, 1))._repr_html_()
    assert "<script" not in html
    assert "2 &lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_summary_depends_on_neither_dtype_nor_training(dtype: type) -> None:
    net = network(dtype)
    before = net.summary()
    net.theta.value[...] += 1
    assert net.summary() == before == network().summary()

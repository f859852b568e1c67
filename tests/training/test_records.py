"""Records of a training run, and the table that a notebook shows."""

import re
from dataclasses import replace

from tenfold.data import Dataset
from tenfold.nn import Adam, Constant, Dense, Flatten, Network, Normalize
from tenfold.training import EpochRecord, Records, fit

ONE = EpochRecord(1, 430, 0.51234, 0.8765, 0.005)
TWO = EpochRecord(2, 860, 0.25, 0.9, 0.00123456, 0.3, 0.95125)


def rows(html: str) -> list[list[str]]:
    return [re.findall(r"<t[hd][^>]*>([^<]*)<", row) for row in re.findall(r"<tr.*?</tr>", html)]


def test_table_counts_epochs_from_1() -> None:
    head, one, two = rows(Records([ONE, TWO])._repr_html_())
    assert head == [
        *("epoch", "steps", "training loss", "training accuracy"),
        *("validation loss", "validation accuracy", "learning rate"),
    ]
    assert one == ["1", "430", "0.5123", "87.65%", "", "", "0.005"]
    assert two == ["2", "860", "0.2500", "90.00%", "0.3000", "95.12%", "0.00123"]


def test_table_of_one_record_leaves_out_empty_columns() -> None:
    head, row = rows(ONE._repr_html_())
    assert head == ["epoch", "steps", "training loss", "training accuracy", "learning rate"]
    assert row == ["1", "430", "0.5123", "87.65%", "0.005"]
    assert "0.00%" in replace(ONE, train_accuracy=0.0)._repr_html_()


def test_records_keep_only_epoch_records(digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    records = Records(
        fit(network, digits, optimizer=Adam(), schedule=Constant(0.001), epochs=3, batch_size=200)
    )
    assert [(record.epoch, record.step) for record in records] == [(1, 3), (2, 6), (3, 9)]
    assert len(rows(records._repr_html_())) == 4


def test_table_without_records_is_empty() -> None:
    assert rows(Records()._repr_html_()) == [["epoch"]]

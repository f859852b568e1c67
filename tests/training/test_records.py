import re
from dataclasses import replace

from tenfold.data import Dataset
from tenfold.nn import Adam, Constant, Dense, Flatten, Network, Normalize
from tenfold.training import EpochRecord, Records, fit

ONE = EpochRecord(0, 430, 0.51234, 0.8765, 0.005)
TWO = EpochRecord(1, 860, 0.25, 0.9, 0.00123456, 0.3, 0.95125)


def rows(html: str) -> list[list[str]]:
    return [re.findall(r"<t[hd][^>]*>([^<]*)<", row) for row in re.findall(r"<tr.*?</tr>", html)]


def test_records_are_a_table_counted_from_1() -> None:
    head, one, two = rows(Records([ONE, TWO])._repr_html_())
    assert head == [
        *("epoch", "updates", "training loss", "training accuracy"),
        *("validation loss", "validation accuracy", "learning rate"),
    ]
    assert one == ["1", "430", "0.5123", "87.65%", "", "", "0.005"]
    assert two == ["2", "860", "0.2500", "90.00%", "0.3000", "95.12%", "0.00123"]


def test_a_record_alone_shows_no_column_for_what_it_lacks() -> None:
    head, row = rows(ONE._repr_html_())
    assert head == ["epoch", "updates", "training loss", "training accuracy", "learning rate"]
    assert row == ["1", "430", "0.5123", "87.65%", "0.005"]
    assert "0.00%" in replace(ONE, train_accuracy=0.0)._repr_html_()


def test_records_of_a_training_are_those_of_its_epochs(digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    records = Records(
        fit(network, digits, optimizer=Adam(), schedule=Constant(0.001), epochs=3, batch_size=200)
    )
    assert [(record.epoch, record.step) for record in records] == [(0, 3), (1, 6), (2, 9)]
    assert len(rows(records._repr_html_())) == 4


def test_no_record_is_an_empty_table() -> None:
    assert rows(Records()._repr_html_()) == [["epoch"]]

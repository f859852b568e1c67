"""A small network learns MNIST in a few seconds."""

from tenfold.nn import Adam, Dense, Flatten, Network, Normalize, OneCycle, ReLU
from tenfold.recipes import Source
from tenfold.training import EpochRecord, fit


def test_small_network_reaches_96_percent_on_validation() -> None:
    split = Source().load()
    layers = [Normalize(), Flatten(), Dense(784, 48), ReLU(), Dense(48, 10)]
    records = [
        record
        for record in fit(
            Network(layers, seed=0),
            split.train,
            optimizer=Adam(),
            schedule=OneCycle(0.01),
            epochs=2,
            validation=split.validation,
        )
        if isinstance(record, EpochRecord)
    ]
    assert records[-1].validation_accuracy is not None
    assert records[-1].validation_accuracy > 0.96

"""Early stopping keeps the best epoch and stops after ``patience`` epochs."""

import numpy as np
import pytest

from tenfold.nn import Dense, Network
from tenfold.training import EarlyStopping, EpochRecord


def record(epoch: int, accuracy: float | None, loss: float | None = 1.0) -> EpochRecord:
    return EpochRecord(epoch, epoch, 0.0, 0.0, 0.1, loss, accuracy)


def test_stops_after_patience_and_restores_the_best_epoch() -> None:
    network = Network([Dense(2, 2)], input_shape=(2,))
    stopping = EarlyStopping(patience=2)
    stops = []
    for epoch, accuracy in enumerate([0.5, 0.9, 0.8, 0.7]):
        network.theta.value[...] = epoch
        stops.append(stopping.update(record(epoch, accuracy), network))
    assert stops == [False, False, False, True]
    assert (stopping.epoch, stopping.accuracy) == (1, 0.9)
    stopping.restore(network)
    np.testing.assert_array_equal(network.theta.value, 1)


def test_equal_accuracy_is_better_if_the_loss_is_lower() -> None:
    network = Network([Dense(2, 2)], input_shape=(2,))
    stopping = EarlyStopping(patience=5)
    for epoch, loss in enumerate([0.5, 0.4, 0.45]):
        stopping.update(record(epoch, 0.9, loss), network)
    assert stopping.epoch == 1


def test_missing_validation_and_invalid_patience_raise() -> None:
    network = Network([Dense(2, 2)], input_shape=(2,))
    with pytest.raises(ValueError, match="validation"):
        EarlyStopping(1).update(record(0, None, None), network)
    with pytest.raises(ValueError, match=r"patience must be .*at least 1, got 0"):
        EarlyStopping(0)

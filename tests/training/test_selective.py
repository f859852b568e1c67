"""Easy images are used less often, hard ones in every pass; the seed alone decides which."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.images import Augment
from tenfold.nn import Adam, Constant, Dense, Flatten, Network, Normalize, ReLU, stream
from tenfold.nn.array import Array
from tenfold.training import Selective, StepRecord, fit

RIGHT = np.array([[9.0, 0.0]])  # of two classes, the label being 0
WRONG = np.array([[0.0, 9.0]])


def first_pass(selective: Selective, right: Array, seed: int = 0) -> None:
    """Run the first pass; the network is right about the images marked True."""
    drawn = selective.sample(len(right), len(right), seed)
    logits = np.where(right[drawn, None], RIGHT, WRONG)
    selective.update(drawn, logits, np.zeros(len(right), np.uint8))


def trained(data: Dataset, **settings: Any) -> tuple[Array, list[Array]]:
    layers = [Normalize(), Flatten(), Dense(784, 8), ReLU(), Dense(8, 10)]
    network = Network(layers, seed=3)
    labels = [
        record.labels
        for record in fit(network, data, optimizer=Adam(), schedule=Constant(0.02), **settings)
        if isinstance(record, StepRecord)
    ]
    return network.theta.value, labels


@pytest.fixture
def few(digits: Dataset) -> Dataset:
    return digits.subset(np.arange(70))


def test_pass_contains_all_hard_images_and_some_easy_ones() -> None:
    right = np.arange(10_000) % 5 != 0
    selective = Selective(easy=0.85, chance=0.3)
    first_pass(selective, right)
    assert len(selective.state["waiting"]) == 0
    drawn = selective._next_pass(10_000, 0)
    assert len(set(drawn)) == len(drawn)
    assert set(np.flatnonzero(~right)) <= set(drawn)
    # 8,000 easy images with a chance of 0.3: 2,400 expected, five standard deviations are 205.
    assert abs(len(drawn) - 2_000 - 2_400) < 205


def test_easy_images_are_drawn_independently_in_each_pass() -> None:
    """In 200 passes each is expected 60 times; five standard deviations are 32."""
    selective = Selective(chance=0.3)
    first_pass(selective, np.ones(50, bool))
    met = Counter(int(i) for _ in range(200) for i in selective._next_pass(50, 0))
    assert len(met) == 50
    assert all(abs(count - 60) < 32 for count in met.values())


def test_note_stores_the_probability_of_the_correct_digit() -> None:
    selective = Selective()
    drawn = selective.sample(2, 3, seed=0)
    selective.update(drawn, np.log([[0.2, 0.8], [0.9, 0.1]]), np.array([1, 1]))
    left = ({0, 1, 2} - set(drawn)).pop()
    assert selective.state["seen"][drawn] == pytest.approx([0.8, 0.1])
    assert selective.state["seen"][left] == 0


def test_image_at_the_threshold_is_not_easy() -> None:
    selective = Selective(easy=0.5, chance=0.01)
    drawn = selective.sample(2, 2, seed=0)
    selective.update(drawn, np.zeros((2, 2)), np.array([0, 1]))  # 0.5 each
    for _ in range(20):
        assert set(selective._next_pass(2, 0)) == {0, 1}


@given(
    images=st.integers(1, 40),
    counts=st.lists(st.integers(1, 60), max_size=6),
    easy=st.floats(0, 1),
    chance=st.floats(0.01, 1),
    seed=st.integers(0, 2**64 - 1),
)
def test_draws_equal_the_rule_applied_image_by_image(
    images: int, counts: list[int], easy: float, chance: float, seed: int
) -> None:
    selective = Selective(easy=easy, chance=chance)
    seen, waiting, number = [0.0] * images, list[int](), 0
    for turn, count in enumerate(counts):
        while len(waiting) < count:
            order = stream(seed, "shuffle", number).permutation(images)
            coins = stream(seed, "selective", number).random(images)
            for image, coin in zip(order, coins, strict=True):
                if seen[image] <= easy or coin < chance:
                    waiting.append(int(image))
            number += 1
        expected, waiting = waiting[:count], waiting[count:]
        drawn = selective.sample(count, images, seed)
        assert drawn.tolist() == expected
        share = (turn % 3 + 1) / 4  # probability of the correct digit: 1/4, 1/2 or 3/4
        logits = np.log(np.full((count, 2), [share, 1 - share], np.float32))
        selective.update(drawn, logits, np.zeros(count, np.uint8))
        for image in expected:
            seen[image] = float(selective.state["seen"][image])
            assert seen[image] == pytest.approx(share)
    assert selective.passes == number


@pytest.mark.filterwarnings("ignore:batch_size is 100")
@pytest.mark.parametrize("size", [16, 70, 100, None])
def test_chance_of_1_changes_nothing(few: Dataset, size: int | None) -> None:
    settings: dict[str, Any] = {"batch_size": size, "epochs": 3, "augment": Augment(shift=1)}
    plain, _ = trained(few, **settings)
    assert np.array_equal(plain, trained(few, selective=Selective(chance=1), **settings)[0])


def test_only_passes_after_the_first_are_shorter(few: Dataset) -> None:
    _, plain = trained(few, batch_size=16, epochs=8)
    selective = Selective(easy=0.5, chance=0.1)
    _, chosen = trained(few, batch_size=16, epochs=8, selective=selective)
    assert [len(labels) for labels in chosen] == [len(labels) for labels in plain]
    assert all(map(np.array_equal, chosen[:5], plain[:5]))
    assert not all(map(np.array_equal, chosen, plain))
    assert selective.passes > 8


def test_full_batches_are_selected_too(few: Dataset) -> None:
    _, labels = trained(few, batch_size=None, epochs=30, selective=Selective(easy=0.3, chance=0.2))
    assert all(len(batch) == 70 for batch in labels)
    assert any(Counter(batch.tolist()) != Counter(labels[0].tolist()) for batch in labels)


@pytest.mark.parametrize("shards", [1, 2])
def test_result_does_not_depend_on_threads(few: Dataset, shards: int) -> None:
    settings: dict[str, Any] = {"batch_size": 16, "epochs": 12, "shards": shards}
    one, two = (
        trained(few, threads=threads, selective=Selective(easy=0.5), **settings)[0]
        for threads in (1, 2)
    )
    assert np.array_equal(one, two)
    assert not np.array_equal(one, trained(few, **settings)[0])


def test_state_of_another_data_set_raises(few: Dataset) -> None:
    selective = Selective()
    trained(few, selective=selective)
    with pytest.raises(TenfoldError, match="used with 70 images, got 69: make a new one"):
        trained(few.subset(np.arange(69)), selective=selective)


@pytest.mark.parametrize(
    ("easy", "chance", "what"),
    [
        (-0.1, 0.3, "easy must be a number from 0 to 1, got -0.1"),
        (1.1, 0.3, "easy"),
        (np.nan, 0.3, "easy"),
        (0.9, 0, "chance must be a number from 0.01 to 1, got 0"),
        (0.9, 0.009, "chance"),
        (0.9, 1.1, "chance"),
        (0.9, np.nan, "chance"),
    ],
)
def test_invalid_setting_raises(easy: float, chance: float, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Selective(easy=easy, chance=chance)

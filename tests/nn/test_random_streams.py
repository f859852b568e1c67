import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tenfold.nn import stream

seeds = st.integers(0, 2**64 - 1)
purposes = st.text(max_size=12)
steps = st.integers(0, 2**63 - 1)
addresses = st.tuples(seeds, purposes, steps, steps)


def raw(*address: object) -> list[int]:
    # The bit generator's own numbers: NumPy promises never to change them, unlike those of the
    # distributions drawn from it.
    return [int(word) for word in stream(*address).bit_generator.random_raw(3)]  # type: ignore[arg-type]


def test_numbers_are_the_recorded_ones() -> None:
    assert raw(0, "shuffle") == [
        2197238785763357564,
        14354895127486671189,
        15090502988253265705,
    ]
    assert raw(7, "dropout", 1234, 3) == [
        3910920730588578763,
        13653973577033159437,
        12521616636500301785,
    ]
    assert raw(2**64 - 1, "shuffle", 2**63 - 1, 5) == [
        676888623794934250,
        2080832653434701905,
        12454757076389255005,
    ]


@given(addresses)
def test_same_address_gives_the_same_numbers(address: tuple[int, str, int, int]) -> None:
    first = raw(*address)
    stream(1, "in between").random(100)
    assert raw(*address) == first


@given(addresses, addresses)
def test_different_addresses_give_different_numbers(
    one: tuple[int, str, int, int], other: tuple[int, str, int, int]
) -> None:
    if one != other:
        assert not set(raw(*one)) & set(raw(*other))


def test_changing_one_part_of_the_address_changes_all_numbers() -> None:
    neighbours = [(0, "a", 0, 0), (1, "a", 0, 0), (0, "b", 0, 0), (0, "a", 1, 0), (0, "a", 0, 1)]
    numbers = [word for address in neighbours for word in raw(*address)]
    assert len(set(numbers)) == len(numbers)


def test_lane_and_step_are_the_high_words_of_the_counter() -> None:
    # Lane and step are the two high words of a counter of four: a stream would have to draw
    # 2**128 blocks to reach its neighbour's first.
    counter = stream(0, "a", step=5, index=3).bit_generator.state["state"]["counter"]
    assert counter.tolist() == [0, 0, 3, 5]


def test_neighbouring_steps_are_uncorrelated() -> None:
    draws = np.array([stream(0, "noise", step).standard_normal(2000) for step in range(20)])
    correlations = np.corrcoef(draws)[~np.eye(20, dtype=bool)]
    assert np.abs(correlations).max() < 5 / np.sqrt(2000)

"""The lattice against the enumeration of all paths."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.nn.array import Array
from tenfold.reading.lattice import Arc, Span, Step, best_path, digit_scores, leave_out_score


def _random_lattice(seed: int, elements: int) -> tuple[list[Span], Array, list[Step]]:
    rng = np.random.default_rng(seed)
    spans = [
        Span(i, j, float(rng.uniform(0.5, 2)))
        for i in range(elements)
        for j in range(i + 1, min(i + 3, elements) + 1)
        if rng.random() < 0.8  # not all elements are candidates on their own
    ]
    probabilities = rng.dirichlet(np.full(11, 0.3), len(spans))
    return spans, probabilities, _random_steps(rng, elements)


def _random_steps(rng: np.random.Generator, count: int) -> list[Step]:
    sizes, weights, cuts = rng.uniform(0.05, 1, (3, count)).tolist()
    return [
        Step(size, weight, cut, is_part=True)
        if rng.random() < 0.5
        else Step(size, among_digits=rng.random() < 0.5)
        for size, weight, cut in zip(sizes, weights, cuts, strict=True)
    ]


def _all_paths(
    spans: list[Span], probabilities: Array, steps: list[Step]
) -> dict[tuple[tuple[int, int], ...], float]:
    """Return the score of each path, a tuple of (candidate or -1, digit or -1)."""
    arcs: list[tuple[int, int, float, tuple[int, int]]] = []
    for index, (start, stop, width) in enumerate(spans):
        row = probabilities[index, :10].tolist()
        for digit, score in enumerate(digit_scores(row, steps[start:stop], width)):
            arcs.append((start, stop, score, (index, digit)))
        if stop - start == 1:
            score = leave_out_score(float(probabilities[index, 10]), steps[start])
            arcs.append((start, stop, score, (-1, start)))
    alone = {start for start, stop, _ in spans if stop - start == 1}
    arcs += [
        (each, each + 1, leave_out_score(1.0, step), (-1, each))
        for each, step in enumerate(steps)
        if each not in alone
    ]
    paths: dict[tuple[tuple[int, int], ...], float] = {}

    def extend(node: int, path: tuple[tuple[int, int], ...], score: float) -> None:
        if node == len(steps):
            paths[path] = score
            return
        for start, stop, gain, name in arcs:
            if start == node:
                extend(stop, (*path, name), score + gain)

    extend(0, (), 0.0)
    return paths


def _probability(
    paths: dict[tuple[tuple[int, int], ...], float],
    spans: list[Span],
    steps: list[Step],
    arc: Arc,
) -> float:
    """Return the probability of a digit: of its main element, unless another may be a digit."""

    def is_other(candidate: int, main: int) -> bool:
        start, stop, _ = spans[candidate]
        covered = steps[start:stop]
        large = sum(step.size for step in covered) >= 0.35
        return large and not start <= main < stop and not any(step.is_part for step in covered)

    def share(element: int, digit: int | None = None, without: int | None = None) -> float:
        """Return the share of the paths on which a digit covers one element, but not another."""
        scores = [
            score
            for path, score in paths.items()
            if any(
                c >= 0
                and digit in (None, d)
                and spans[c][0] <= element < spans[c][1]
                and (without is None or is_other(c, without))
                for c, d in path
            )
        ]
        total = np.logaddexp.reduce(list(paths.values()))
        return float(np.exp(np.logaddexp.reduce(scores) - total)) if scores else 0.0

    elements = range(*spans[arc.candidate][:2])
    main = max(elements, key=lambda element: share(element, arc.digit))
    other = max(share(element, without=main) for element in elements)
    return min(share(main, arc.digit), 1 - other)


@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_best_path_and_marginals_agree_with_all_paths(seed: int, elements: int) -> None:
    lattice = _random_lattice(seed, elements)
    paths = _all_paths(*lattice)
    best = max(paths, key=lambda path: paths[path])
    arcs, score = best_path(*lattice)
    assert [(a.candidate, a.digit) for a in arcs] == [arc for arc in best if arc[0] >= 0]
    assert score * elements == pytest.approx(paths[best])
    for arc in arcs:
        assert arc.probability == pytest.approx(
            _probability(paths, lattice[0], lattice[2], arc), rel=1e-6
        )


def test_two_clear_digits_are_read_one_after_the_other() -> None:
    probabilities = np.full((3, 11), 0.001)
    probabilities[0, 4], probabilities[1, 10], probabilities[2, 7] = 0.99, 0.99, 0.99
    arcs, _ = best_path([Span(0, 1), Span(0, 2), Span(1, 2)], probabilities, [Step(1.0), Step(1.0)])
    assert [(a.candidate, a.digit) for a in arcs] == [(0, 4), (2, 7)]
    assert all(a.probability > 0.98 for a in arcs)


def test_two_pieces_that_make_a_digit_only_together_are_joined() -> None:
    probabilities = np.full((3, 11), 0.001)
    probabilities[0, 10], probabilities[1, 5], probabilities[2, 10] = 0.99, 0.99, 0.99
    arcs, _ = best_path([Span(0, 1), Span(0, 2), Span(1, 2)], probabilities, [Step(1.0), Step(0.6)])
    assert [(a.candidate, a.digit) for a in arcs] == [(1, 5)]


def test_a_digit_of_two_pieces_is_improbable_if_they_may_be_two_digits() -> None:
    probabilities = np.full((3, 11), 0.001)
    probabilities[0, 4], probabilities[1, 4], probabilities[2, 1] = 0.94, 0.99, 0.99
    spans = [Span(0, 1), Span(0, 2), Span(1, 2)]
    (arc,), _ = best_path(spans, probabilities, [Step(1.0), Step(1.0)])
    assert arc.digit == 4
    assert arc.probability == pytest.approx(0.5, abs=0.05)
    (arc,), _ = best_path(spans, probabilities, [Step(1.0), Step(0.1)])  # a loose end, no 1
    assert arc.probability > 0.95


def test_a_line_without_digits_gives_none() -> None:
    probabilities = np.full((1, 11), 0.001)
    probabilities[0, 10] = 0.99
    assert best_path([Span(0, 1)], probabilities, [Step(1.0)])[0] == []


@pytest.mark.parametrize(("size", "left_out"), [(0.05, True), (1.0, False)])
def test_only_small_pieces_may_be_left_out_as_specks(size: float, left_out: bool) -> None:
    probabilities = np.full((1, 11), 0.02)
    probabilities[0, 1] = 0.3  # a speck may look a little like a 1
    assert (best_path([Span(0, 1)], probabilities, [Step(size)])[0] == []) is left_out


def test_the_score_of_a_digit_weighs_its_elements() -> None:
    whole, part = Step(1.0), Step(1.0, weight=0.5, cut=0.2, is_part=True)
    assert digit_scores([np.exp(-1)], [whole]) == pytest.approx([-1.0])
    assert digit_scores([np.exp(-1)], [whole, whole]) == pytest.approx([-1.7])
    assert digit_scores([np.exp(-1)], [part]) == pytest.approx([-0.65 - 1.8 * 0.2 - 1.5])
    assert digit_scores([1.0], [whole, part]) == [0]  # the cut is not at the left
    assert digit_scores([0.0], [whole]) == pytest.approx([np.log(1e-6)])


def test_a_digit_that_contains_a_cut_is_hardly_wider_than_the_line_is_high() -> None:
    whole, first, last = Step(1.0), Step(1.0, is_part=True), Step(1.0, cut=0.2, is_part=True)
    assert digit_scores([1.0], [first, last], 0.9) == [0]
    assert digit_scores([1.0], [first, last], 1.4) == pytest.approx([-2.0])
    assert digit_scores([1.0], [whole], 1.4) == [0]


def test_touching_digits_are_separated_even_if_they_look_a_little_like_one_digit() -> None:
    first, last = Step(1.0, is_part=True), Step(1.0, cut=0.1, is_part=True)
    probabilities = np.full((3, 11), 0.001)
    probabilities[0, 5] = probabilities[2, 2] = 0.99
    probabilities[1, 2], probabilities[1, 10] = 0.5, 0.49
    spans = [Span(0, 1, 0.7), Span(0, 2, 1.4), Span(1, 2, 0.7)]
    arcs, _ = best_path(spans, probabilities, [first, last])
    assert [arc.digit for arc in arcs] == [5, 2]


def test_a_part_of_a_cut_piece_is_left_out_less_readily_than_a_piece() -> None:
    probabilities = np.full((2, 11), 0.001)
    probabilities[0, 4] = probabilities[1, 10] = 0.98
    probabilities[1, 7] = 0.01
    kept = best_path([Span(0, 1), Span(1, 2)], probabilities, [Step(1.0), Step(1.0)])[0]
    assert [arc.digit for arc in kept] == [4]
    parts = [Step(1.0, is_part=True), Step(1.0, cut=0.1, is_part=True)]
    read = best_path([Span(0, 1), Span(1, 2)], probabilities, parts)[0]
    assert [arc.digit for arc in read] == [4]
    probabilities[1, 7] = 0.5
    read = best_path([Span(0, 1), Span(1, 2)], probabilities, parts)[0]
    assert [arc.digit for arc in read] == [4, 7]


def test_a_piece_stays_whole_unless_its_parts_are_much_better_digits() -> None:
    parts = [Step(1.0, weight=0.8, is_part=True), Step(1.0, weight=0.8, cut=0.3, is_part=True)]
    spans = [Span(0, 1), Span(0, 2), Span(1, 2)]
    probabilities = np.full((3, 11), 0.001)
    probabilities[0, 8] = probabilities[2, 7] = 0.95
    for probability, digits in ((0.5, [7]), (0.01, [8, 7])):
        probabilities[1, 7] = probability
        assert [arc.digit for arc in best_path(spans, probabilities, parts)[0]] == digits


def test_an_element_among_digits_is_left_out_less_readily() -> None:
    alone, among = Step(1.0), Step(1.0, among_digits=True)
    assert leave_out_score(0.5, alone) == pytest.approx(np.log(0.5 * 0.3))
    assert leave_out_score(0.5, among) == pytest.approx(np.log(0.5 * 0.3 * 0.03))


def test_a_fragment_is_seldom_a_digit_of_its_own() -> None:
    assert digit_scores([1.0], [Step(0.6)]) == [0]
    assert digit_scores([1.0], [Step(0.3)]) == pytest.approx([-1.0])
    assert digit_scores([1.0], [Step(0.3), Step(0.3)]) == [0]  # two pieces of a broken digit
    probabilities = np.full((3, 11), 0.001)
    probabilities[0, 9] = probabilities[2, 9] = 0.99
    probabilities[1, 1] = 0.999  # a fragment of the 9 looks like a 1
    arcs, _ = best_path([Span(0, 1), Span(1, 2), Span(0, 2)], probabilities, [Step(1.0), Step(0.3)])
    assert [arc.digit for arc in arcs] == [9]

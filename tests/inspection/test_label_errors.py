import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.inspection import LabelErrors
from tenfold.nn import stream
from tenfold.nn.array import Array

# Six images of three classes. Thresholds are the means of the given labels' columns: class 0
# (0.9 + 0.7 + 0.2) / 3 = 0.6, class 1 (0.8 + 0.4) / 2 = 0.6, class 2 0.5.
LABELS = np.array([0, 0, 0, 1, 1, 2])
PROBABILITIES = np.array(
    [
        [0.9, 0.1, 0.0],  # confidently a 0
        [0.7, 0.2, 0.1],  # confidently a 0
        [0.2, 0.7, 0.1],  # confidently a 1, labelled 0
        [0.1, 0.8, 0.1],  # confidently a 1
        [0.1, 0.4, 0.5],  # confidently a 2, labelled 1
        [0.2, 0.3, 0.5],  # confidently a 2, just so
    ]
)


def test_example_by_hand() -> None:
    found = LabelErrors(LABELS, PROBABILITIES)
    np.testing.assert_allclose(found.thresholds, [0.6, 0.6, 0.5])
    assert found.self_confidence.tolist() == [0.9, 0.7, 0.2, 0.8, 0.4, 0.5]
    assert found.confident.tolist() == [0, 0, 1, 1, 2, 2]
    assert found.joint.tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 1]]
    assert found.suspects.tolist() == [2, 4]
    assert found.hardest.tolist() == [2, 4, 5, 1, 3, 0]
    assert found.suggested.tolist() == [1, 1, 1, 0, 2, 1]
    assert found.accuracy == pytest.approx(4 / 6)


def test_unconfident_prediction_is_not_a_likely_label_error() -> None:
    probabilities = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.05, 0.95], [0.2, 0.8]])
    found = LabelErrors(np.array([0, 0, 1, 1, 0]), probabilities)
    # The last is predicted as 1, but images of class 1 have 0.975 on average.
    np.testing.assert_allclose(found.thresholds, [0.7, 0.975])
    assert found.confident.tolist() == [0, 0, 1, -1, -1]
    assert found.suspects.tolist() == []
    assert found.joint.sum() == 3
    assert found.ranked(2).tolist() == [4, 1]


def test_ranked_has_likely_errors_first_and_then_the_hardest() -> None:
    probabilities = np.array([[0.3, 0.7, 0.0], [0.2, 0.4, 0.4], [0.8, 0.2, 0.0], [0.3, 0.6, 0.1]])
    found = LabelErrors(np.array([0, 0, 0, 1]), probabilities)
    np.testing.assert_allclose(found.thresholds, [1.3 / 3, 0.6, np.inf])
    assert found.hardest.tolist() == [1, 0, 3, 2]  # 0.2 is hard, but no class is confident
    assert found.suspects.tolist() == [0]
    assert found.ranked(9).tolist() == [0, 1, 3, 2]
    assert found.ranked(2, np.array([False, False, True, True])).tolist() == [3, 2]
    assert found.suggested[1] == 1  # of two that are equally probable the smaller


def test_class_without_images_is_never_confident() -> None:
    found = LabelErrors(np.array([0, 1]), np.array([[0.1, 0.1, 0.8], [0.0, 1.0, 0.0]]))
    assert found.confident.tolist() == [0, 1]
    assert found.to_dict()["thresholds"] == [pytest.approx(0.1), 1.0, None]


def by_loop(labels: Array, probabilities: Array) -> list[list[int]]:
    """Return the confident joint, computed image by image as in the paper."""
    classes = probabilities.shape[1]
    joint = [[0] * classes for _ in range(classes)]
    for given_label, p in zip(labels, probabilities, strict=True):
        over = []
        for j in range(classes):
            own = [q[j] for q, label in zip(probabilities, labels, strict=True) if label == j]
            if own and p[j] >= sum(own) / len(own):
                over.append((-p[j], j))
        if over:
            joint[given_label][min(over)[1]] += 1
    return joint


@given(st.integers(1, 40), st.integers(2, 6), st.integers(0, 1000))
def test_joint_agrees_with_a_plain_loop(n: int, classes: int, seed: int) -> None:
    rng = stream(seed, "test joint")
    labels, probabilities = rng.integers(0, classes, n), rng.dirichlet(np.ones(classes), n)
    found = LabelErrors(labels, probabilities)
    assert found.joint.tolist() == by_loop(labels, probabilities)
    assert len(found.suspects) == found.joint.sum() - np.trace(found.joint)
    assert sorted(found.ranked(n).tolist()) == list(range(n))
    assert (found.suggested != labels).all()


def test_results_as_plain_data() -> None:
    data = LabelErrors(LABELS, PROBABILITIES).to_dict(3)
    assert (data["n"], data["likely_errors"], data["joint"][0]) == (6, 2, [2, 1, 0])
    assert [row["index"] for row in data["suspects"]] == [2, 4, 5]
    assert data["suspects"][1] == {
        "index": 4,
        "given": 1,
        "suggested": 2,
        "p_given": 0.4,
        "p_suggested": 0.5,
        "likely_error": True,
    }


@pytest.mark.parametrize(
    ("labels", "shape"), [([0, 1], (3, 2)), ([0, 2], (2, 2)), ([-1, 0], (2, 2)), ([0], (1,))]
)
def test_labels_and_probabilities_that_do_not_fit_raise(
    labels: list[int], shape: tuple[int]
) -> None:
    with pytest.raises(ValueError, match="labels"):
        LabelErrors(np.array(labels), np.ones(shape))

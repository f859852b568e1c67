import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neighbors import KNeighborsClassifier

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.evaluation import NearestNeighbours
from tenfold.evaluation.baselines import neighbours
from tenfold.nn import stream
from tenfold.nn.array import Array


def noise(count: int, side: int = 5, top: int = 256, index: int = 0) -> Dataset:
    """Return random images; with a small ``top`` many distances between them are equal."""
    rng = stream(0, "test neighbours", count, index)
    images = rng.integers(0, top, (count, side, side, 1), dtype=np.uint8)
    return Dataset(images, rng.integers(0, 10, count))


def rows(images: Array) -> Array:
    return images.reshape(len(images), -1).astype(np.float64)


def by_hand(train: Dataset, image: Array, k: int) -> int:
    """Return the prediction for one image, in plain Python."""
    distances = ((rows(train.images) - rows(image[np.newaxis])) ** 2).sum(axis=1)
    near = sorted(range(len(train)), key=lambda place: (distances[place], place))[:k]
    votes = [int(train.require_labels()[place]) for place in near]
    return max(votes, key=votes.count)  # the first of those with the most, thus the nearest


@pytest.mark.parametrize("k", [1, 3, 10])
def test_nearest_images_agree_with_scikit_learn(digits: Dataset, k: int) -> None:
    for train, test in (
        (digits.subset(slice(450)), digits.subset(slice(450, 600))),
        (noise(200), noise(90, index=1)),
    ):
        ours = NearestNeighbours(k).fit(train)
        theirs = KNeighborsClassifier(k, algorithm="brute").fit(
            rows(train.images), train.require_labels()
        )
        places, squares = ours.nearest(test.images)
        distances, expected = theirs.kneighbors(rows(test.images))
        np.testing.assert_allclose(np.sqrt(squares), distances, rtol=1e-12)
        np.testing.assert_array_equal(places, expected)  # no two distances are equal here
        if k == 1:  # with more, scikit-learn breaks equal votes by the smaller label
            np.testing.assert_array_equal(
                ours.predict(test.images), theirs.predict(rows(test.images))
            )


@given(st.integers(1, 30), st.integers(1, 6), st.sampled_from([2, 3, 256]))
def test_predictions_agree_with_a_plain_loop_also_for_ties(n: int, k: int, top: int) -> None:
    train, test = noise(max(n, k), 2, top), noise(9, 2, top, index=1)
    found = NearestNeighbours(k).fit(train).predict(test.images)
    assert found.tolist() == [by_hand(train, image, k) for image in test.images]
    assert found.dtype == np.int64


def test_result_does_not_depend_on_the_block_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    train, test = noise(100, 3, 4), noise(40, 3, 4, index=1)  # with many equal distances
    whole = NearestNeighbours(5).fit(train).nearest(test.images)
    monkeypatch.setattr(neighbours, "_QUERY_BLOCK", 7)
    monkeypatch.setattr(neighbours, "_TRAIN_BLOCK", 3)  # fewer than k at a time
    for one, other in zip(NearestNeighbours(5).fit(train).nearest(test.images), whole, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("side", [28, 32, 33])
def test_squared_distances_are_exact_whole_numbers(side: int) -> None:
    train, test = noise(40, side), noise(20, side, index=1)
    images = train.images.copy()
    images[0], images[1] = 255, 0  # the largest possible sums
    train = Dataset(images, train.labels)
    places, squares = NearestNeighbours(40).fit(train).nearest(test.images)
    differences = rows(test.images)[:, np.newaxis] - rows(train.images)
    expected = (differences**2).sum(axis=2)
    assert (squares == np.take_along_axis(expected, places, axis=1)).all()
    assert (squares == np.sort(expected, axis=1)).all()


def test_nearest_of_a_training_image_is_the_earlier_of_its_copies() -> None:
    data = noise(50)
    twice = Dataset(
        np.concatenate([data.images, data.images]),
        np.concatenate([data.require_labels(), (data.require_labels() + 1) % 10]),
    )
    near = NearestNeighbours(1).fit(twice)
    places, squares = near.nearest(data.images)
    assert places[:, 0].tolist() == list(range(50))
    assert not squares.any()
    assert (near.predict(data.images) == data.labels).all()


def test_of_equal_votes_the_nearest_wins() -> None:
    images = np.array([0, 10, 20, 30], np.uint8).reshape(4, 1, 1, 1)
    train = Dataset(images, np.array([7, 2, 2, 7]))
    image = np.array([[[[2]]]], np.uint8)
    predicted = [int(NearestNeighbours(k).fit(train).predict(image)[0]) for k in (1, 2, 3, 4)]
    assert predicted == [7, 7, 2, 7]  # 7; 7 and 2; 7, 2 and 2; all four: 7 is nearest


def test_empty_input_and_invalid_arguments() -> None:
    near = NearestNeighbours(3).fit(noise(10))
    assert near.predict(noise(1).images[:0]).shape == (0,)
    with pytest.raises(
        ValueError, match="images must have 25 pixels, as the training images do, got 9"
    ):
        near.predict(noise(4, side=3).images)
    with pytest.raises(ValueError, match="k must be a whole number of at least 1, got 0"):
        NearestNeighbours(0)
    with pytest.raises(TenfoldError, match="must contain at least 3 training images, got 2"):
        NearestNeighbours(3).fit(noise(2))
    with pytest.raises(TenfoldError, match="no labels"):
        NearestNeighbours(1).fit(Dataset(noise(2).images))

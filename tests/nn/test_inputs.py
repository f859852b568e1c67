"""Inputs of a wrong kind, shape or scale are refused with the step that helps."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tenfold.data import Dataset, Examples
from tenfold.errors import TenfoldError
from tenfold.evaluation import score
from tenfold.images import normalize_like_mnist
from tenfold.models import Ensemble, Model
from tenfold.nn import SGD, BatchNorm, Dense, Flatten, Network, Normalize, stream
from tenfold.nn.array import Array
from tenfold.training import fit

RAW = stream(0, "test pixels").integers(0, 256, (4, 28, 28, 1)).astype(np.uint8)


def network(first: Normalize | None = None) -> Network:
    layers = [Normalize() if first is None else first, Flatten(), Dense(784, 10)]
    return Network(layers, seed=0)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (RAW / 255, r"raw pixels from 0 to 255, got values from 0 to 1: multiply them by 255"),
        ((RAW / 255).astype(np.float32), "multiply them by 255"),
        ((RAW / 255 - 0.1307) / 0.3081, r"got values from -0\.42.* to 2\.8.*: do not standardise"),
        (RAW / 127.5 - 1, "do not standardise"),
        (RAW.astype(np.uint16) * 257, r"got values up to 65535: multiply them by 255 / 65535"),
        ((RAW // 2).astype(np.int8), "got int8"),
        (RAW > 127, "got bool"),
        (RAW.astype(complex), "got complex128"),
        (np.where(RAW > 200, np.nan, RAW), "must be finite, got NaN or infinity"),
        (RAW.tolist(), r"must be a NumPy array, got list: use np\.asarray\(images\)"),
        (RAW[0], r"single image add the batch axis with images\[np\.newaxis\]"),
        (RAW[0, ..., 0], "add both axes"),
        (RAW[..., 0], "add the channel axis"),
        (RAW.transpose(0, 3, 1, 2), r"images\.transpose\(0, 2, 3, 1\)"),
        (RAW.reshape(4, 784), r"images\.reshape\(-1, 28, 28, 1\)"),
    ],
)
def test_wrong_images_are_refused_by_every_way_to_predict(images: Array, message: str) -> None:
    plain = network()
    model = Model(plain)
    for predict in (
        *(plain.forward, plain.predict, plain.predict_probabilities),
        *(model.predict, model.predict_probabilities),
    ):
        with pytest.raises(ValueError, match=message):
            predict(images)


def test_the_advice_helps() -> None:
    plain = network()
    expected = plain.predict_probabilities(RAW)
    for images in (RAW / 255 * 255, RAW.astype(np.uint16) * 257 * (255 / 65535), RAW.astype(float)):
        np.testing.assert_allclose(plain.predict_probabilities(images), expected, atol=1e-5)


PATHS = ["a.png", Path("b.jpg")]


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (
            "d.png",
            r"got 'd\.png': read the picture with tenfold\.data\.read_image\(path\)\[np",
        ),
        (Path("d.png"), r"read the picture with tenfold\.data\.read_image\(path\)"),
        (
            "train.csv",
            r"got 'train\.csv': read it with tenfold\.data\.load_dataset\(path\)\.im",
        ),
        ("tests", r"read it with tenfold\.data\.load_dataset\(path\)\.im"),
        (PATHS, r"got list: read the pictures with np\.stack\(\[tenfold\.data\.read_image\(path\)"),
        (None, r"must be a NumPy array, got None$"),
        (3, r"must be a NumPy array, got int$"),
        ([], r"use np\.empty\(\(0, 28, 28, 1\), np\.uint8\) for no images"),
        ([RAW[0], RAW[0, :5]], "all images must have the same shape: resize them first"),
        (["a", 1], r"got list$"),
        (np.array(None), r"got object$"),
        (np.array([["a"]]), r"got <U1$"),
    ],
)
def test_what_is_no_array_is_refused_with_the_function_that_reads_it(
    images: Any, message: str
) -> None:
    for predict in (network().predict, Model(network()).predict):
        with pytest.raises(ValueError, match=message):
            predict(images)


class Tensor:
    """A stand-in for a tensor of PyTorch."""

    def detach(self) -> Any:
        return self

    def cpu(self) -> Any:
        return self

    def numpy(self) -> Array:
        return RAW


class Table:
    """A stand-in for a table of pandas."""

    def to_numpy(self) -> Array:
        return RAW.reshape(len(RAW), -1)


def objects(items: list[Array]) -> Array:
    array = np.empty(len(items), object)
    array[:] = items
    return array


@pytest.mark.parametrize(
    "images",
    [
        *(RAW.tolist(), list(RAW), list(RAW[..., 0]), tuple(RAW.astype(float))),
        *(Dataset(RAW), Examples(RAW, np.zeros(4, int)), Tensor(), Table()),
        *(RAW.astype(complex), RAW.astype(object), RAW.astype(str), objects(list(RAW))),
        *(RAW[..., 0], RAW.reshape(4, 784), RAW.reshape(4, 784, 1), RAW.transpose(0, 3, 1, 2)),
        *(np.moveaxis(RAW, 0, -1), np.moveaxis(RAW[..., 0], 0, -1), RAW.view(np.int8)),
    ],
)
def test_following_the_advice_gives_the_images(images: Any) -> None:
    np.testing.assert_array_equal(follow(images), RAW)


def test_following_the_advice_for_one_image() -> None:
    for image in (RAW[0], RAW[0, ..., 0], RAW[0].ravel(), Image.fromarray(RAW[0, ..., 0])):
        np.testing.assert_array_equal(follow(image), RAW[:1])


@pytest.mark.parametrize(
    "colours",
    [
        np.repeat(RAW, 3, axis=3),
        np.repeat(RAW, 4, axis=3),
        np.repeat(RAW, 3, axis=3).transpose(0, 3, 1, 2),
        np.repeat(RAW[0], 3, axis=2),
    ],
)
def test_following_the_advice_converts_colours_to_grey(colours: Array) -> None:
    expected = RAW if colours.ndim == 4 else RAW[:1]
    np.testing.assert_allclose(follow(colours), expected, atol=0.5)


def test_following_the_advice_scales_black_and_white() -> None:
    np.testing.assert_array_equal(follow(RAW > 127), np.where(RAW > 127, 255, 0))


@pytest.mark.parametrize("side", [16, 20, 32, 64])
def test_following_the_advice_fits_digits_of_other_sizes(side: int) -> None:
    ink = np.zeros((3, side, side), np.uint8)
    ink[:, 2:-2, side // 2 - 1 : side // 2 + 1] = 200
    for images in (ink, ink[..., np.newaxis], ink.reshape(3, -1)):
        fitted = follow(images)
        assert fitted.shape == (3, 28, 28, 1)
        assert fitted.max() == 255
        assert fitted[:, 5:22].any(axis=(2, 3)).all()  # 20 pixels high


def follow(images: Any) -> Array:
    """Convert as each message says, until the images are accepted."""
    for _ in range(5):
        try:
            network().predict(images)
        except ValueError as error:
            message = str(error)
        else:
            return np.asarray(images)
        found = re.search(
            r"use its array, (\.\w+)$|(?:use|with) ((?:np|images?)[.\[ ].*)$", message
        )
        assert found, message
        attribute, expression = found.groups()
        names = {
            "np": np,
            "images": images,
            "image": images,
            "normalize_like_mnist": normalize_like_mnist,
        }
        images = eval(f"images{attribute}" if attribute else expression, names)
    raise AssertionError("the advice does not help")


def test_bytes_are_refused_by_a_network_for_pixels_from_0_to_1() -> None:
    scaled = network(Normalize(mean=0.1307, deviation=0.3081))
    with pytest.raises(ValueError, match=r"from 0 to 1, .* up to 255: begin the network with Norm"):
        scaled.predict(RAW)
    with pytest.raises(TenfoldError, match="begin the network with Normalize"):
        fit(scaled, Dataset(RAW, np.zeros(4, int)), optimizer=SGD(), schedule=0.1)
    assert scaled.predict(RAW // 255).shape == (4,)
    identity = network(Normalize(mean=0, deviation=1))
    assert identity.predict(RAW).shape == (4,)


def test_values_that_are_not_finite_are_refused_by_every_network() -> None:
    features = Network([Dense(3, 2)], input_shape=(3,))
    for value in (np.nan, np.inf):
        with pytest.raises(ValueError, match=r"must be finite, got NaN or infinity: use np\.nan"):
            features.predict(np.array([[0.5, 1.0, value]]))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (np.nan, r"its 2\.weight contains NaN or infinity, as after a training that diverged"),
        (np.inf, r"its 2\.weight contains NaN"),
        (1e38, r"the values overflow, because the weights are too large"),
    ],
)
def test_a_network_that_diverged_does_not_predict(spoil: float, message: str) -> None:
    diverged = network()
    diverged.parameters[0].value[:] = spoil
    model = Model(diverged)
    for predict in (
        *(diverged.predict, diverged.predict_probabilities, model.predict),
        *(model.predict_probabilities, Ensemble([model]).predict),
        lambda images: score(diverged, Dataset(images, np.zeros(4, int))),
    ):
        with pytest.raises(ValueError, match=message):
            predict(RAW)


def test_a_state_that_is_not_finite_is_named() -> None:
    diverged = Network([Normalize(), Flatten(), BatchNorm(784), Dense(784, 10)])
    diverged.layers[2].state["running_variance"][:] = np.nan
    with pytest.raises(ValueError, match=r"its 2\.running_variance contains NaN"):
        diverged.predict(RAW)


def test_blank_images_and_no_images_are_accepted() -> None:
    for images in (np.zeros((2, 28, 28, 1)), np.zeros((0, 28, 28, 1)), RAW.astype(np.int64)):
        assert len(network().predict(images)) == len(images)


def test_a_network_for_other_inputs_takes_any_scale() -> None:
    assert network(Normalize(mean=0.13, deviation=0.31)).predict(RAW / 255).shape == (4,)
    features = Network([Dense(3, 2)], input_shape=(3,))
    assert features.predict(np.array([[-1.0, 0.5, 7e5]])).shape == (1,)

"""The HTML page: its forward pass and its preparation of ink are those of the library."""

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image, ImageDraw

from tenfold.adapters import html_page
from tenfold.adapters.html.export import page_data
from tenfold.adapters.plan import Weights, rounded
from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.images import Preprocessing, normalize
from tenfold.models import Model, find_model
from tenfold.nn import Dense, Flatten, Network, Normalize, stream
from tenfold.nn.array import Array
from tests.adapters.random_models import images_for, model_of_row, models, rows
from tests.nn.contract import Row

PREDICT = """([model, text, images]) => {
  const unpacked = unpack(model, text);
  return images.map(x => predict(unpacked, Float32Array.from(x)));
}"""
NORMALIZE = """([inks, size, box]) => inks.map(([text, height, width]) => {
  const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
  return [...normalizeInk(new Float32Array(bytes.buffer), height, width, size, box)];
})"""


@pytest.fixture(scope="module")
def engine(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page with the functions of an exported file."""
    path = tmp_path_factory.mktemp("page") / "digits.html"
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    path.write_text(html_page(Model(network)), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    yield page
    page.close()


def answers(engine: Any, model: Model, images: Array, weights: Any = "float32") -> list[Any]:
    content, arrays = page_data(model, weights)
    text = base64.b64encode(arrays).decode()
    flat = images.reshape(len(images), -1).tolist()
    found: list[Any] = engine.evaluate(PREDICT, [content, text, flat])
    return found


def assert_same_answers(engine: Any, model: Model, images: Array) -> None:
    found, expected = answers(engine, model, images), model.predict(images)
    probabilities = np.array([each["probabilities"] for each in found])
    np.testing.assert_allclose(probabilities, expected.probabilities, atol=1e-5)
    best = np.sort(expected.probabilities, axis=1)
    for index in np.flatnonzero(best[:, -1] - best[:, -2] > 1e-4):
        assert found[index]["digit"] == expected.digit[index]
    threshold = 0 if model.unsure_below is None else model.unsure_below
    for index in np.flatnonzero(np.abs(expected.confidence - threshold) > 1e-4):
        assert found[index]["unsure"] == expected.unsure[index]


@pytest.mark.parametrize("row", rows, ids=str)
def test_every_layer_gives_the_same_answers(engine: Any, row: Row) -> None:
    model = model_of_row(row)
    assert_same_answers(engine, model, images_for(model, 4))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(models())
def test_random_networks_give_the_same_answers(engine: Any, model: Model) -> None:
    assert_same_answers(engine, model, images_for(model, 3))


def test_the_bundled_model_gives_the_same_answers(engine: Any, digits: Dataset) -> None:
    model, images = find_model("standard"), digits.images[:6]
    assert_same_answers(engine, model, images)
    weights: Weights
    for weights in ("int8", "int16"):
        found = answers(engine, model, images, weights)
        assert [each["digit"] for each in found] == model.predict(images).digit.tolist()
        probabilities = np.array([each["probabilities"] for each in found])
        expected = rounded(model, weights).predict(images).probabilities
        np.testing.assert_allclose(probabilities, expected, atol=1e-5)


def drawing(index: int) -> Array:
    """Return the ink of a random drawing (H, W) float32: strokes of some width and strength."""
    rng = stream(0, "drawing", index)
    width, height = (int(n) for n in rng.integers(6, 90, 2))
    picture = Image.new("L", (width, height))
    draw = ImageDraw.Draw(picture)
    for _ in range(int(rng.integers(1, 4))):
        points = rng.uniform(0, 1, (int(rng.integers(2, 6)), 2)) * (width, height)
        thickness, grey = int(rng.integers(1, 9)), int(rng.integers(60, 256))
        draw.line([tuple(point) for point in points], grey, thickness)
    scale = float(rng.choice([1, 1 / 255, 3.7]))
    return (np.asarray(picture) * scale).astype(np.float32)


@pytest.mark.parametrize(
    ("preprocessing", "count"), [(Preprocessing(), 200), (Preprocessing(20, 15), 30)]
)
def test_drawings_are_prepared_within_one_grey_level(
    engine: Any, preprocessing: Preprocessing, count: int
) -> None:
    size, box = preprocessing.size, preprocessing.box
    inks = [np.zeros((5, 7), np.float32), *map(drawing, range(count))]
    sent = [(base64.b64encode(ink.tobytes()).decode(), *ink.shape) for ink in inks]
    found = np.array(engine.evaluate(NORMALIZE, [sent, size, box]))
    expected = np.array([normalize(ink, size, box).ravel() for ink in inks]).astype(int)
    assert np.abs(found - expected).max() <= 1
    assert (found != expected).mean() < 1e-3
    assert (expected > 0).any(axis=1).sum() == count


def test_names_of_classes_cannot_end_the_script() -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 2)])
    page = html_page(Model(network, classes=("</script><b>", "b")))
    assert page.count("</script>") == 3
    assert "\\u003c/script>\\u003cb>" in page


def test_a_model_without_preprocessing_is_refused() -> None:
    network = Network([Flatten(), Dense(12, 2)], input_shape=(4, 3, 1))
    with pytest.raises(TenfoldError, match=r"needs a model with a preprocessing, .* \(4, 3, 1\)"):
        html_page(Model(network))


def test_the_page_of_the_bundled_model_is_small_and_loads_nothing() -> None:
    page = html_page(find_model("standard"))
    assert len(page.encode()) < 500_000
    assert "default-src 'none'" in page
    assert "/*" not in page.split("<style>")[0]
    assert not [name for name in ("http:", "https:", "src=", "url(", "@import") if name in page]

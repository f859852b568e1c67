"""Pictures that are uploaded, and generated pages."""

import logging
from collections.abc import Iterator

import numpy as np
import pytest
from starlette.testclient import TestClient

from tenfold.reading import read
from tenfold.reading.synthetic.pages import generate_page
from tenfold.studio.server.uploads import MAX_UPLOAD

from .conftest import OWN, Talk, png
from .drawings import threes
from .unpacking import answered, unpacked


def test_a_picture_is_read_as_by_the_command(client: TestClient) -> None:
    response = client.post("/read/upload", headers=OWN, content=png(threes()))
    assert response.status_code == 200
    found, expected = unpacked(response.content), read(threes())
    assert found["lines"] == expected.lines == ["33"]
    assert found["size"] == [640, 320]
    assert [tuple(digit["box"]) for digit in found["digits"]] == [d.box for d in expected.digits]
    for image, digit in zip(found["images"], expected.digits, strict=True):
        np.testing.assert_array_equal(image, digit.image)


def test_a_picture_without_digits_is_an_answer(client: TestClient) -> None:
    blank = png(np.full((40, 60), 255, np.uint8))
    found = unpacked(client.post("/read/upload", headers=OWN, content=blank).content)
    assert (found["verdict"], found["lines"], found["images"].shape) == ("none", [], (0, 28, 28, 1))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the file is empty"),
        (b"digits", "the picture"),
        (png(np.zeros((30, 30), np.uint8))[:40], "the picture"),
    ],
)
def test_other_files_are_refused_with_a_reason(
    client: TestClient, content: bytes, why: str
) -> None:
    response = client.post("/read/upload", headers=OWN, content=content)
    assert response.status_code == 422
    assert why in response.text


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_of_more_than_20_mb_is_refused(
    client: TestClient, caplog: pytest.LogCaptureFixture, announced: bool
) -> None:
    caplog.set_level(logging.WARNING)

    def parts() -> Iterator[bytes]:
        for _ in range(MAX_UPLOAD // 2**20):
            yield bytes(2**20)
        yield b"x"

    content = bytes(MAX_UPLOAD + 1) if announced else parts()
    response = client.post("/read/upload", headers=OWN, content=content)
    assert response.status_code == 413
    assert response.text == "a file must have at most 20 MB\n"
    assert [record.getMessage() for record in caplog.records] == [
        "refused an upload with 413: a file must have at most 20 MB"
    ]


def test_a_page_is_made_up_and_read(talk: Talk) -> None:
    with talk() as socket:
        found = answered(socket, {"type": "example", "number": 1})
        wrong = answered(socket, {"type": "example", "number": -1})
    expected = generate_page(0, 1, size=900)
    np.testing.assert_array_equal(found["picture"], expected.image)
    assert found["written"] == list(expected.lines)
    assert found["lines"] == read(expected.image).lines
    assert len(found["digits"]) == sum(map(len, found["lines"])) > 1
    assert "number must be from 0" in wrong["why"]

"""Pages of handwriting: reproducible, with a truth that agrees with where the ink is."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tenfold.errors import TenfoldError
from tenfold.nn import stream
from tenfold.nn.array import Array
from tenfold.reading.synthetic.pages import KINDS, Page, generate_page, write_pages
from tenfold.reading.synthetic.pages.camera import homography, photograph, picture_points
from tenfold.reading.synthetic.pages.ink import page_ink
from tenfold.reading.synthetic.pages.marks import Mark, polyline
from tenfold.reading.synthetic.raster import union_of_discs

WITH_DIGITS = [kind for kind in KINDS if kind not in ("other", "empty")]


def dark(page: Page, level: int = 225) -> Array:
    """Return where the ink of a clean page is: (H, W) bool."""
    where: Array = page.image[..., 0] < level
    return where


@pytest.fixture(scope="module")
def clean() -> dict[str, list[Page]]:
    return {
        kind: [generate_page(1, i, kind, clean=True, size=600) for i in range(4)] for kind in KINDS
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_and_index_give_the_same_page(kind: str) -> None:
    first, again, other = (generate_page(seed, 3, kind, size=300) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first.image, again.image)
    assert first.digits == again.digits
    assert first.image.shape != other.image.shape or (first.image != other.image).any()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_a_colour_picture_with_all_its_boxes_inside(kind: str) -> None:
    page = generate_page(2, 0, kind, size=300)
    height, width, colours = page.image.shape
    assert page.image.dtype == np.uint8
    assert colours == 3
    for digit in page.digits:
        x, y, w, h = digit.box
        assert min(x, y) >= 0
        assert min(w, h) >= 1
        assert x + w <= width
        assert y + h <= height
    assert bool(page.digits) == (kind in WITH_DIGITS)


def test_the_kinds_come_in_turn() -> None:
    assert [generate_page(0, i, clean=True, size=200).kind for i in range(9)] == [*KINDS, KINDS[0]]


@pytest.mark.parametrize("kind", [kind for kind in WITH_DIGITS if kind != "form"])
def test_each_box_ends_where_the_ink_of_its_digit_ends(
    kind: str, clean: dict[str, list[Page]]
) -> None:
    for page in clean[kind]:
        ink = dark(page)
        for digit in page.digits:
            x, y, w, h = digit.box
            inside = ink[y : y + h, x : x + w]
            rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
            assert max(rows[0], columns[0]) <= 2
            assert rows[-1] >= h - 3
            assert columns[-1] >= w - 3


@pytest.mark.parametrize("kind", ["single", "line", "tight", "lines", "columns"])
def test_outside_the_boxes_there_are_only_other_things(
    kind: str, clean: dict[str, list[Page]]
) -> None:
    only_digits = 0
    for page in clean[kind]:
        rest = dark(page).copy()
        for x, y, w, h in (digit.box for digit in page.digits):
            rest[y : y + h, x : x + w] = False
        only_digits += not rest.any()
    assert only_digits >= 2  # a third of the pages also show letters or drawings


def test_digits_of_a_line_come_from_left_to_right(clean: dict[str, list[Page]]) -> None:
    for page in [*clean["line"], *clean["tight"]]:
        middles = [digit.box[0] + digit.box[2] / 2 for digit in page.digits]
        assert middles == sorted(middles)
        assert page.lines == ("".join(str(digit.digit) for digit in page.digits),)


def test_lines_come_from_top_to_bottom(clean: dict[str, list[Page]]) -> None:
    for page in clean["form"]:
        firsts = [next(d for d in page.digits if d.line == n) for n in range(len(page.lines))]
        tops = [digit.box[1] for digit in firsts]
        assert tops == sorted(tops)
        assert sum(map(len, page.lines)) == len(page.digits)


def test_an_empty_page_has_no_ink(clean: dict[str, list[Page]]) -> None:
    for page in clean["empty"]:
        assert (page.image == 255).all()
        assert page.lines == ()
    assert all(dark(page).any() for page in clean["other"])


def test_a_form_has_printed_boxes(clean: dict[str, list[Page]]) -> None:
    for page in clean["form"]:
        grey = page.image[..., 0]
        assert ((grey > 110) & (grey < 250)).sum() > 100
        for x, y, w, h in (digit.box for digit in page.digits):
            assert dark(page, 100)[y : y + h, x : x + w].any()


def test_paper_and_light_vary() -> None:
    means = np.array(
        [generate_page(3, i, "empty", size=200).image.mean(axis=(0, 1)) for i in range(16)]
    )
    assert np.ptp(means.mean(axis=1)) > 60
    assert np.ptp(means, axis=1).max() > 15  # some sheets are coloured
    assert np.ptp(means, axis=1).min() < 15


@given(st.one_of(st.integers(max_value=-1), st.floats(), st.text(max_size=3), st.none()))
def test_wrong_indices_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="index must be a whole number from 0 to"):
        generate_page(0, value, clean=True)


@given(st.one_of(st.integers(max_value=199), st.integers(min_value=10_001), st.floats()))
def test_wrong_sizes_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="size must be a whole number from 200 to 10000, got"):
        generate_page(0, size=value)


@given(st.text(max_size=8).filter(lambda text: text not in KINDS))
def test_unknown_kinds_are_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="kind must be 'single', 'line', "):
        generate_page(0, 0, kind)


class TestInk:
    def test_it_equals_the_union_of_discs(self) -> None:
        rng = stream(0, "test")
        points = rng.uniform(8, 40, (12, 2))
        # Each point is a stroke of its own, so that no points are added between them.
        one = Mark(points, np.full(12, 3.0), np.arange(12))
        exact = union_of_discs(
            points[None].astype(np.float32), np.full((1, 12), 3.0, np.float32), np.ones(1), 48
        )[0]
        np.testing.assert_allclose(page_ink([one], 48, 48), exact, atol=1e-3)

    def test_a_line_has_the_area_of_its_length_and_width(self) -> None:
        ink = page_ink([polyline([(10.3, 20.6), (60.7, 20.6)], 2.5)], 80, 40)
        assert abs(ink.sum() - (50.4 * 5 + np.pi * 2.5**2)) < 8

    def test_ink_outside_the_page_is_cut_off(self) -> None:
        line = polyline([(-20, 5), (20, 5)], 2)
        page = page_ink([line, polyline([(-50, -50), (-40, -40)], 3)], 12, 10)
        assert page.shape == (10, 12)
        assert page[5].min() > 0.9


class TestCamera:
    corners = np.array([[4, 2], [95, 6], [90, 57], [1, 52]], float)

    def test_the_corners_of_the_page_lie_where_they_should(self) -> None:
        matrix = homography(self.corners, 100, 60)
        page = np.array([[0, 0], [100, 0], [100, 60], [0, 60]], float)
        np.testing.assert_allclose(picture_points(matrix, page), self.corners, atol=1e-9)

    def test_straight_lines_stay_straight(self) -> None:
        matrix = homography(self.corners, 100, 60)
        a, b, c = picture_points(matrix, np.array([[10, 10], [40, 25], [70, 40]], float))
        assert abs(np.linalg.det(np.array([b - a, c - a]))) < 1e-9

    def test_the_picture_agrees_with_the_points(self) -> None:
        colours = np.ones((60, 100, 3), np.float32)
        colours[30:33, 60:63] = 0
        matrix = homography(self.corners, 100, 60)
        for step in range(5):
            grey = photograph(colours, matrix, stream(0, "test", step))[..., 0].astype(float)
            place = picture_points(matrix, np.array([[61.5, 31.5]]))[0]
            left, top = np.floor(place).astype(int) - 4
            around = grey[top : top + 9, left : left + 9]
            ink = around < (around.min() + np.median(around)) / 2
            x, y = (np.average(np.arange(9) + 0.5, weights=ink.sum(axis=axis)) for axis in (0, 1))
            found = np.array([left + x, top + y])
            assert np.linalg.norm(found - place) < 1.2


class TestFiles:
    def test_pictures_and_truth_are_written(self, tmp_path: Path) -> None:
        steps: list[int] = []
        truth = write_pages(tmp_path / "a" / "b", 9, seed=4, size=200, progress=steps.append)
        folder = tmp_path / "a" / "b"
        assert json.loads((folder / "truth.json").read_text()) == truth
        assert steps == list(range(1, 10))
        assert {file.name for file in folder.iterdir()} == {p["file"] for p in truth} | {
            "truth.json"
        }
        for index, row in enumerate(truth):
            page = generate_page(4, index, size=200)
            with Image.open(folder / row["file"]) as picture:
                np.testing.assert_array_equal(np.asarray(picture), page.image)
                assert list(picture.size) == row["size"]
            assert row["lines"] == list(page.lines)
            assert [tuple(digit["box"]) for digit in row["digits"]] == [
                digit.box for digit in page.digits
            ]

    def test_jpeg_files_of_chosen_kinds(self, tmp_path: Path) -> None:
        truth = write_pages(tmp_path, 3, kinds=("single", "empty"), clean=True, jpeg=True)
        assert [row["kind"] for row in truth] == ["single", "empty", "single"]
        assert [row["file"] for row in truth] == [
            "0000-single.jpg", "0001-empty.jpg", "0002-single.jpg",
        ]  # fmt: skip
        with Image.open(tmp_path / "0000-single.jpg") as picture:
            assert picture.format == "JPEG"

    def test_other_pages_are_not_overwritten(self, tmp_path: Path) -> None:
        write_pages(tmp_path, 1, kinds=("single",), clean=True)
        with pytest.raises(TenfoldError, match=r"already contains pages and their truth\.json"):
            write_pages(tmp_path, 1)

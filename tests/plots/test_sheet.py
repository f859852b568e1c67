import numpy as np

from tenfold.plots import contact_sheet
from tests.plots.pictures import answers, assert_readable, words


def test_rows_are_beside_their_names() -> None:
    images = answers(6)[0]
    rows = {"as they are": images[:4], "turned\nby some degrees": images[4:]}
    figure = contact_sheet("Title", "what it shows", rows)
    assert words(figure) == [
        "Title",
        "what it shows",
        "as they are",
        *("turned", "by some degrees"),
    ]
    (axes,) = figure.axes
    shown = [np.asarray(image.get_array()) for image in axes.images]
    assert len(shown) == 6
    assert all(np.array_equal(a, b[..., 0]) for a, b in zip(shown, images, strict=True))
    tops = [image.get_extent()[3] for image in axes.images]
    assert len(set(tops[:4])) == len(set(tops[4:])) == 1
    assert tops[4] > tops[0]  # y goes downwards
    assert_readable(figure)


def test_images_are_dark_on_white_without_stretching() -> None:
    (axes,) = contact_sheet("Title", "", {"faint": answers(1)[0] // 4}).axes
    (image,) = axes.images
    assert image.get_clim() == (0, 255)
    assert image.to_rgba(np.array([[0, 255]]))[0, :, 0].tolist() == [1.0, 0.0]


def test_no_rows_give_an_empty_sheet() -> None:
    assert words(contact_sheet("Nothing", "to show", {}))[0] == "Nothing"

"""Draw docs/pictures/strokes.png, docs/pictures/non-digits.png and docs/pictures/pages.jpg.

    python -m experiments.draw_strokes

The first shows the writing styles of each digit, the second the kinds of non-digits, the third
pages.
"""

import argparse
import sys

from PIL import Image

from experiments.results import PICTURES
from tenfold.nn.array import Array
from tenfold.plots import contact_sheet, save_figure
from tenfold.reading.synthetic import generate_non_digits, generate_writing_styles
from tenfold.reading.synthetic.non_digits import KINDS
from tenfold.reading.synthetic.pages import generate_page

EACH = 12  # images in a row
PAGES = 16
WIDTH, HEIGHT, COLUMNS = 300, 220, 4  # of the pages, in pixels


def writing_styles() -> dict[str, Array]:
    """Return samples of each writing style of each digit."""
    return {
        f"{digit}, {name}": images
        for digit in range(10)
        for name, images in generate_writing_styles(digit, EACH).items()
    }


def pages() -> Image.Image:
    """Return small pictures of pages, side by side."""
    sheet = Image.new("RGB", (COLUMNS * WIDTH, -(-PAGES // COLUMNS) * HEIGHT), "white")
    for index in range(PAGES):
        small = Image.fromarray(generate_page(0, index).image)
        small.thumbnail((WIDTH - 8, HEIGHT - 8))
        row, column = divmod(index, COLUMNS)
        left = column * WIDTH + (WIDTH - small.width) // 2
        sheet.paste(small, (left, row * HEIGHT + (HEIGHT - small.height) // 2))
    return sheet


def main(arguments: list[str]) -> None:
    """Draw the three sheets."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args(arguments)
    sheet = contact_sheet(
        "Digits", "generated digits, a row for each writing style", writing_styles()
    )
    save_figure(sheet, PICTURES / "strokes.png")
    others = {kind: generate_non_digits(kind, EACH) for kind in KINDS}
    sheet = contact_sheet("Not digits", "generated images of the eleventh class", others)
    save_figure(sheet, PICTURES / "non-digits.png")
    pages().save(PICTURES / "pages.jpg", quality=80)


if __name__ == "__main__":
    main(sys.argv[1:])

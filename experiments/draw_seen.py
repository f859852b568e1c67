"""Draw docs/pictures/seen.png, the figure of ``tenfold read --show`` in the README.

    python -m experiments.draw_seen

It shows a page of the benchmark's development half: three numbers on ruled paper. Prints the
numbers that were read, which the README shows, too.
"""

import argparse
import sys

from benchmarks.reading.compose.pages import pages

import tenfold
from experiments.results import PICTURES
from tenfold.reading import Reading, save_drawing

CONDITION, SEED, NUMBER = "ruled", 1, 3
"""The page: a condition of the benchmark, its random seed, and the number of the page from 0."""


def main(arguments: list[str]) -> None:
    """Draw the figure, and print what was read."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args(arguments)
    *_, (page, _) = pages(CONDITION, SEED, NUMBER + 1)
    reading = tenfold.read(page)
    assert isinstance(reading, Reading)
    save_drawing(reading, page, PICTURES / "seen.png")
    print(reading)


if __name__ == "__main__":
    main(sys.argv[1:])

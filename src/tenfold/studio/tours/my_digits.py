"""Why my digits fail: how MNIST's digits were prepared, and what happens to unprepared digits."""

from tenfold.studio.tours.drawings import FULL_PAD, ink, stroke_of_digit_three
from tenfold.studio.tours.tour import Condition, Step, Tour

__all__ = ["MY_DIGITS"]

_DRAW = "/draw?model=standard"
_JUDGED = Condition(
    ".judge:has(.score:not(:empty)) .head .state[hidden]", "all 10,000 test images are judged"
)

MY_DIGITS = Tour(
    name="my-digits",
    title="Why my digits fail",
    question="99.7% on MNIST, but my own digits are read wrongly. What happened?",
    minutes=8,
    steps=(
        Step(
            "Draw a digit",
            _DRAW,
            ".draw .left",
            (
                "Draw a digit with the mouse, a finger, or by keyboard: the arrow keys move the "
                "pen, and the space bar puts it down and lifts it.",
            ),
            until=Condition(".numeral:is(.accepted, .unsure, .none)", "a digit is drawn"),
        ),
        Step(
            "What the network sees",
            _DRAW,
            ".sees",
            (
                "The network does not see your drawing, but only these 28 x 28 pixels, prepared as "
                "MNIST's digits were: light ink on black, scaled so that the longer side has 20 "
                "pixels, then moved so that its centre of mass is in the middle.",
            ),
            ("centre of mass: Σ p·x / Σ p", "p: grey level of a pixel, x: its position"),
        ),
        Step(
            "A thin line",
            f"{_DRAW}{ink(stroke_of_digit_three(8))}",
            ".sees",
            (
                "Scaled to 20 pixels, such a line would be a faint grey: MNIST was written with "
                "thick pens. So the studio makes thin strokes thicker first, and says so.",
            ),
        ),
        Step(
            "A small digit in a corner",
            f"{_DRAW}{ink(stroke_of_digit_three(20, (170, 190), 0.2))}",
            ".sees",
            (
                "The digit takes 15% of the pad and is far from the middle. After the preparation, "
                "it looks like a large digit. Without the preparation, if the whole pad were "
                "reduced to 28 x 28 pixels, the network would see a spot of four pixels.",
            ),
        ),
        Step(
            "An inverted digit",
            f"{_DRAW}{ink(FULL_PAD, stroke_of_digit_three(90, erases=True))}",
            ".sees",
            (
                "Here the pad was filled with ink, and a 3 erased from it, like chalk on a "
                "blackboard. The background is taken for ink: the network answers 0, with a "
                "confidence above 99%. tenfold read uses another network, and first decides which "
                "of the two greys is ink: it reads a 3. The networks disagree, so the studio is "
                "unsure.",
            ),
        ),
        Step(
            "Without preparation: thin strokes",
            "/judge?model=standard&stroke+thickness=-1",
            ".judge .total",
            (
                "These are MNIST's test images, made thinner by one pixel on each side after they "
                "were prepared. The same network, which reads 99.66% of the originals, reads 73%. "
                "It takes every third image for a 1.",
            ),
            until=_JUDGED,
        ),
        Step(
            "Without preparation: grey background",
            "/judge?model=standard&contrast=0.2",
            ".judge .total",
            (
                "Faint digits on grey, as in a photo without preparation: 11%, no better than "
                "a guess, and nearly all of them are taken for an 8. People hardly notice the "
                "grey, but the network has learned from black backgrounds only.",
            ),
            until=_JUDGED,
        ),
        Step(
            "So prepare your digits",
            "/read?example=1",
            ".read .all",
            (
                "The view Read does all of this for a photo: it finds each digit, decides what is "
                "ink, and prepares its 28 x 28 pixels. In your own program, call "
                "tenfold.read(picture), or tenfold.images.normalize(ink) for the ink of a single "
                "digit.",
            ),
            until=Condition(".found button", "the digits are read"),
        ),
    ),
)
"""The tour."""

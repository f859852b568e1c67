"""Sentences: the remarks about a digit, as sentences."""

__all__ = ["as_sentence"]

_SENTENCES = {
    # What the digit looks like (``tenfold.reading.remarks``).
    "faint": "It is faint.",
    "thin strokes": "The strokes are very thin, so they were made thicker.",
    "thick strokes": "The strokes are very thick, so they were made thinner.",
    "very small": "It is very small, so it shows little detail.",
    "in several pieces": "It is in several pieces.",
    "touches the border": "It touches the border, so a part of it may be missing.",
    "slanted": "It is slanted by more than 30 degrees.",
    # Why it is unsure (``tenfold.reading.doubts``).
    "low confidence": "The confidence is too low.",
    "no threshold for this error rate": "No threshold is known for the wanted error rate.",
    "too many marks in the picture": "There are too many marks, and some were not looked at.",
    "another reading shows other digits": "Read in another way, its line shows other digits.",
    "found only when read as a single digit": (
        "It was found only when everything was read as a single digit."
    ),
    "ink beside it is cut off": "Ink beside it is cut off, so further digits may be missing.",
    "faint marks were not read": "Faint marks were not read; they may be digits.",
    "unread marks may be digits": "Other marks were not read; they may be digits.",
    "cut out of touching marks": (
        "It was cut out of touching marks, so even the number of digits is not certain."
    ),
    "touching marks in its line": (
        "Touching marks in its line were cut apart, so even the number of digits is not certain."
    ),
}


def as_sentence(remark: str) -> str:
    """Return a remark about a digit as a sentence.

    Args:
        remark: One of ``DigitRead.remarks``, such as ``"faint"`` or ``"may also be a 7"``.
    """
    return _SENTENCES.get(remark, f"It {remark}.")

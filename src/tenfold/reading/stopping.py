"""When the search over the hypotheses of a picture ends, and which hypotheses it leaves out.

Each hypothesis takes tens of milliseconds, so hypotheses that would hardly change the answer are
left out, see ``ended_early`` and ``is_needless``.
"""

from dataclasses import replace

from tenfold.reading.alike import are_alike
from tenfold.reading.hopeless import is_hopeless
from tenfold.reading.hypothesis import Hypothesis
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.result import LARGE_INK, Result

__all__ = ["MOST_SMALL", "ended_early", "is_needless", "is_too_small"]

MOST_SMALL = 200
"""Number of candidates of a reduced picture, after which no further hypothesis is tried."""

_NEARLY_CERTAIN = 0.9  # least probability of a nearly certain digit
_MOST_CANDIDATES = 1500  # replaces MOST_SMALL if the picture was not reduced


def ended_early(
    best: Result, tried: list[Result], recognise: Recogniser, reduced: bool, *, first: bool
) -> Result | None:
    """Return the result of a search if it ends before the next group of hypotheses, else None.

    Args:
        best: The best reading so far.
        tried: All readings so far.
        recognise: Function that recognises images.
        reduced: Whether the picture was reduced and will be read again if its digits are small.
        first: Whether only the first hypotheses of dark and of light ink were tried.
    """
    if first and reduced and best.small and best.typical < LARGE_INK:
        return replace(best, too_small=True)
    if first and is_hopeless(tried, recognise):
        return replace(best, hopeless=True)
    most = MOST_SMALL if reduced else _MOST_CANDIDATES
    if sum(result.candidates for result in tried) > most:
        return replace(best, cut_short=True)
    return None


def is_needless(hypothesis: Hypothesis, best: Result, tried: list[Result]) -> bool:
    """Return whether a hypothesis would show nothing new.

    A hypothesis with averaged contrast (``smooth``) shows nothing new if the best reading is
    convincing and complete. Any other hypothesis shows nothing new if nearly the same ink was read
    already (``are_alike``). But if all digits of the best reading are nearly certain, nearly the
    same ink is read again, too: a little more contrast may make them certain.
    """
    if hypothesis.smooth:
        return best.convincing and best.complete
    nearly_certain = all(found.arc.probability >= _NEARLY_CERTAIN for found in best.digits)
    if best.convincing and nearly_certain:
        return False
    return any(
        each.hypothesis.light == hypothesis.light and are_alike(each.hypothesis.ink, hypothesis.ink)
        for each in tried
    )


def is_too_small(result: Result, recognise: Recogniser) -> bool:
    """Return whether the digits of a reduced picture are small, so that it will be read again.

    The search goes on if the reading is complete: under another hypothesis, all its digits may be
    certain, and then it may be the best one of all sizes. It also goes on if the reading is not
    convincing, or has no promising digit.
    """
    incomplete = result.convincing and not result.complete
    return incomplete and result.small and not is_hopeless([result], recognise)

"""A tour: steps through the views, each with an address, a part to look at, and a text."""

from dataclasses import dataclass

__all__ = ["Condition", "Step", "Tour"]


@dataclass(frozen=True)
class Condition:
    """Something that the page can observe in a view.

    Attributes:
        selector: CSS selector, of elements of the view.
        words: The condition as a clause, such as "the curves have reached 2 epochs".
        count: The smallest number of these elements for which the condition holds.
    """

    selector: str
    words: str
    count: int = 1


@dataclass(frozen=True)
class Step:
    """One step of a tour.

    Attributes:
        title: What is done or seen.
        address: The view with its state. If it is the same as in the step before, the view stays as
            the user has left it.
        focus: CSS selector of the part of the view that is outlined.
        text: Paragraphs.
        formula: Lines of mathematics.
        until: Condition that should hold before the user goes on; None if there is nothing to wait
            for.
        impossible_if: Condition under which this step is impossible; its words say what to do.
    """

    title: str
    address: str
    focus: str
    text: tuple[str, ...]
    formula: tuple[str, ...] = ()
    until: Condition | None = None
    impossible_if: Condition | None = None


@dataclass(frozen=True)
class Tour:
    """A tour.

    Attributes:
        name: Its name in addresses.
        title: What it explains.
        question: The question that it answers, for those who choose a tour.
        minutes: About how many minutes it takes.
        steps: The steps.
    """

    name: str
    title: str
    question: str
    minutes: int
    steps: tuple[Step, ...]

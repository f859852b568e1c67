"""Changes of settings while a network is trained."""

from dataclasses import dataclass
from typing import Annotated

from tenfold.nn import Describable
from tenfold.nn.arguments import check_fields
from tenfold.nn.constraints import Whole

__all__ = ["Change"]

_Step = Annotated[int, Whole(0)]


@dataclass(frozen=True)
class Change(Describable):
    """Settings that change at one step of a training run.

    Args:
        step: Index of the first step that is made with the new settings, from 0.
        settings: The settings, as for ``apply_settings``: ``("learning_rate=0.01",)``.

    Raises:
        ValueError: If a value is out of its range.
    """

    step: _Step
    settings: tuple[str, ...]

    def __post_init__(self) -> None:
        check_fields(self)

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, Protocol, TypedDict

import numpy as np
import pytest

from tenfold.nn import Initializer, Layer, ReLU
from tenfold.nn.arguments import check_arguments, check_fields, checked, rule_of, rules_of
from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.constraints import Choice, FractionBelowOne, ListOf, Number, Size, Whole


class Readable(Protocol):
    def read(self) -> str: ...


class Options(TypedDict):
    size: int


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (int, "a whole number"),
        (float, "a number"),
        (bool, "True or False"),
        (str, "a string"),
        (Layer, "a Layer"),
        (Array, "a NumPy array"),
        (Size, "a whole number of at least 1"),
        (Size | None, "None or a whole number of at least 1"),
        (int | None, "None or a whole number"),
        (Annotated[str, Choice("a", "b")] | Size, "'a' or 'b' or a whole number of at least 1"),
        (Annotated[int, "some note"], "a whole number"),
        (Annotated[float, "some note", Number("[0, 1]")], "a number from 0 to 1"),
        (Literal["x", "y", "z"], "'x', 'y' or 'z'"),
        (Sequence[Layer], "a list (each item a Layer)"),
        (tuple[Size, ...], "a list (each item a whole number of at least 1)"),
        (Sequence[Any], "a list"),
        (
            Annotated[Sequence[int], ListOf(Whole(), 1)],
            "a list of length 1 or more (each item a whole number)",
        ),
        (Mapping[str, int], "a dict (each value a whole number)"),
        (Mapping[str, Any], "a dict"),
        (Callable[[], int], "a function"),
        (tuple[int, int], "a tuple"),
    ],
    ids=str,
)
def test_annotation_declares_a_rule(annotation: Any, words: str) -> None:
    rule = rule_of(annotation)
    assert rule is not None
    assert rule.words == words


@pytest.mark.parametrize("annotation", [Any, Any | None, Readable, Options, DTypeLike], ids=str)
def test_other_annotations_declare_no_rule(annotation: Any) -> None:
    assert rule_of(annotation) is None


@checked
def repeat(text: str, times: Size = 2, *rest: int, end: str | None = None, **more: int) -> Any:
    """Say it again."""
    return text, times, rest, end, more


def test_checked_function_runs_with_right_arguments() -> None:
    three: Any = np.int64(3)
    assert repeat("a") == ("a", 2, (), None, {})
    assert repeat("a", three, 4, end="b", x=5) == ("a", 3, (4,), "b", {"x": 5})
    assert repeat(times=1, text="a") == ("a", 1, (), None, {})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text": 1}, "text must be a string, got 1"),
        ({"text": "a", "times": 0}, "times must be a whole number of at least 1, got 0"),
        ({"text": "a", "end": 2.5}, "end must be None or a string, got 2.5"),
    ],
)
def test_checked_function_names_the_wrong_argument(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        repeat(**arguments)


def test_missing_arguments_are_named() -> None:
    wrong: Any = repeat
    with pytest.raises(TypeError, match=r"^repeat needs a value for text$"):
        wrong()


def test_checked_function_keeps_its_name_and_signature() -> None:
    assert repeat.__name__ == "repeat"
    assert repeat.__doc__ == "Say it again."
    assert list(inspect.signature(repeat).parameters) == ["text", "times", "rest", "end", "more"]
    assert list(rules_of(repeat)) == ["text", "times", "end"]


def test_checked_generator_checks_at_the_call() -> None:
    @checked
    def count(to: Size) -> Iterator[int]:
        yield from range(to)

    assert list(count(2)) == [0, 1]
    with pytest.raises(ValueError, match=r"^to must be a whole number of at least 1, got 0$"):
        count(0)


def test_arguments_without_a_rule_pass() -> None:
    assert check_arguments(repeat, {"text": "a", "unknown": 5}) == {"text": "a", "unknown": 5}


@dataclass(frozen=True)
class Settings:
    rate: FractionBelowOne
    sizes: tuple[Size, ...] = ()
    start: Initializer | None = None
    steps: int = field(default=0, init=False)
    names: ClassVar[tuple[str, ...]] = ("x",)

    def __post_init__(self) -> None:
        check_fields(self)


def test_fields_become_plain_values() -> None:
    sizes: Any = np.array([3, 4])
    rate: Any = np.float32(0.5)
    settings = Settings(rate, sizes)
    assert settings == Settings(0.5, (3, 4))
    assert type(settings.rate) is float
    assert hash(settings) == hash(Settings(0.5, (3, 4)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1,), r"rate must be a number in \[0, 1\), got 1"),
        ((0.5, [3, 0]), r"sizes\[1\] must be a whole number of at least 1, got 0"),
        ((0.5, "34"), r"sizes must be a list \(each item a whole number of at least 1\), got '34'"),
        ((0.5, (), ReLU()), "start must be None or an Initializer, got ReLU: write an object, .*"),
    ],
)
def test_wrong_field_is_named(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        Settings(*arguments)

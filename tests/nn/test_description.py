import inspect
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold import nn
from tenfold.nn import (
    Dense,
    Describable,
    Exponential,
    LeakyReLU,
    Momentum,
    Schedule,
    Uniform,
    build,
    describe,
)
from tenfold.nn.arguments import rules_of
from tenfold.nn.constraints import Whole
from tests.nn.contract import ROWS

CATALOGUE = {name: getattr(nn, name) for name in nn.__all__}
KINDS = [
    kind
    for kind in CATALOGUE.values()
    if inspect.isclass(kind) and issubclass(kind, Describable) and not inspect.isabstract(kind)
]
LAYERS = {type(row.make()): row.make for row in ROWS}


def example(kind: type) -> Any:
    """Return an object of each class, with settings that are not all at their defaults."""
    if kind in LAYERS:
        return LAYERS[kind]()
    if issubclass(kind, Schedule):
        return kind(0.125) if kind in (nn.OneCycle, nn.Triangular) else kind(0.125, warmup=0.25)
    settings = {
        name: 7 if isinstance(rule, Whole) else 0.375
        for name, rule in rules_of(kind.__init__).items()
        if name != "fan_in"
    }
    return kind(**settings)


@pytest.mark.parametrize("kind", [k for k in KINDS if k is not Describable])
def test_describable_object_survives_json(kind: type) -> None:
    thing = example(kind)
    description = json.loads(json.dumps(describe(thing)))
    again = build(description, CATALOGUE)
    assert type(again) is kind
    assert describe(again) == description
    if not isinstance(thing, nn.Layer):  # the others are dataclasses, which compare by value
        assert again == thing


def test_description_holds_name_and_settings() -> None:
    assert describe(LeakyReLU(0.2)) == {"type": "LeakyReLU", "slope": 0.2}
    assert describe(Momentum()) == {"type": "Momentum", "momentum": 0.9}
    assert describe(Dense(3, 2, Uniform(0.1))) == {
        "type": "Dense",
        "inputs": 3,
        "outputs": 2,
        "initializer": {"type": "Uniform", "limit": 0.1},
        "bias_initializer": {"type": "Zeros"},
    }


def test_lists_become_tuples() -> None:
    things = [Uniform(0.25), {"a": Exponential(0.5)}]
    assert build(describe(things), CATALOGUE) == tuple(things)


text = st.text(max_size=5)
keys = text.filter(lambda key: key != "type")
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=10,
)


@given(plain)
def test_plain_data_describes_itself(data: Any) -> None:
    assert describe(data) == data
    assert describe(build(data, {})) == data


names = st.sampled_from([*CATALOGUE, "Nonsense"]) | plain
settings = st.sampled_from(["inputs", "outputs", "slope", "rate", "features", "limit", "size"])
files = st.builds(
    lambda name, given: {"type": name, **given}, names, st.dictionaries(settings, plain, max_size=3)
)


@given(files)
def test_arbitrary_description_gives_an_object_or_a_value_error(description: Any) -> None:
    kinds = {kind.__name__: kind for kind in KINDS}
    try:
        thing = build(description, kinds)
    except ValueError:
        return
    assert type(thing).__name__ == description["type"]


def test_unknown_type_raises_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="unknown type 'Rotor'; known types: Dense, Uniform"):
        build({"type": "Rotor"}, {"Uniform": Uniform, "Dense": Dense})
    with pytest.raises(ValueError, match=r"unknown type \['Dense'\]"):
        build({"type": ["Dense"]}, {"Dense": Dense})


def test_unknown_setting_raises_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="Uniform has no setting colour, size; it takes: limit"):
        build({"type": "Uniform", "size": 1, "colour": 2}, CATALOGUE)
    with pytest.raises(ValueError, match="ReLU has no setting slope; it takes: no settings"):
        build({"type": "ReLU", "slope": 1}, CATALOGUE)


def test_missing_setting_raises() -> None:
    with pytest.raises(ValueError, match="Dense needs a value for outputs"):
        build({"type": "Dense", "inputs": 3}, CATALOGUE)


@pytest.mark.parametrize(
    ("description", "message"),
    [
        (
            {"type": "Dense", "inputs": 1.5, "outputs": 2},
            "Dense: inputs must be a whole number",
        ),
        (
            {"type": "Dense", "inputs": 3, "outputs": "2"},
            "outputs must be a whole number of at least 1, got '2'",
        ),
        (
            {"type": "Dense", "inputs": True, "outputs": 2},
            "inputs must be a whole number of at least 1, got True",
        ),
        (
            {"type": "Uniform", "limit": "wide"},
            r"^Uniform: limit must be a number in \(0, 1e38\], got \'wide\'$",
        ),
        ({"type": "Uniform", "limit": None}, "limit must be a number .*, got None"),
        ({"type": "Uniform", "limit": [1]}, r"limit must be a number .*, got \(1,\)"),
        (
            {"type": "UniformFanIn", "fan_in": "x"},
            "fan_in must be None or a whole number of at least 1, got 'x'",
        ),
        (
            {"type": "Dense", "inputs": 3, "outputs": 2, "initializer": {"type": "ReLU"}},
            "unknown initializer 'ReLU'; known types: GlorotUniform, HeNormal,.* Zeros$",
        ),
        (
            {"type": "Dense", "inputs": 3, "outputs": 2, "initializer": 0.5},
            "Dense: initializer must be an Initializer, got float; known types: GlorotU.* Zeros$",
        ),
    ],
)
def test_setting_of_wrong_type_raises_with_the_right_one(description: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build(description, CATALOGUE)


@pytest.mark.parametrize("fan_in", [None, 7])
@pytest.mark.parametrize("limit", [1, 0.5])
def test_every_type_of_a_union_is_accepted(fan_in: int | None, limit: float) -> None:
    for thing in (nn.UniformFanIn(fan_in), Uniform(limit)):
        assert build(describe(thing), CATALOGUE) == thing


def test_class_outside_the_catalogue_raises() -> None:
    with pytest.raises(ValueError, match="unknown initializer 'Uniform'"):
        build(
            {"type": "Dense", "inputs": 3, "outputs": 2, "initializer": {"type": "Uniform"}},
            {"Dense": Dense},
        )


def test_class_outside_the_base_raises_alone_and_in_a_list() -> None:
    assert build({"type": "Momentum"}, CATALOGUE, nn.Optimizer) == Momentum()
    for description in ({"type": "Uniform"}, [{"type": "Momentum"}, {"type": "Uniform"}]):
        with pytest.raises(ValueError, match="unknown optimizer 'Uniform'; known types: AdaGrad, "):
            build(description, CATALOGUE, nn.Optimizer)
    with pytest.raises(ValueError, match="unknown optimizer 'Optimizer'"):  # it is abstract
        build({"type": "Optimizer"}, CATALOGUE, nn.Optimizer)


@pytest.mark.parametrize("thing", [object(), {1, 2}, 1j, Uniform])
def test_describing_other_objects_raises(thing: Any) -> None:
    with pytest.raises(TypeError, match="cannot describe a "):
        describe({"here": [thing]})


def test_the_signature_of_a_class_is_that_of_its_constructor_in_every_version_of_python() -> None:
    assert list(nn.MaxPool.__signature__.parameters) == ["size", "stride"]
    assert not nn.Flatten.__signature__.parameters


def test_an_object_that_is_called_has_the_signature_of_its_call() -> None:
    assert list(inspect.signature(nn.Constant(0.1)).parameters) == ["step", "total"]
    assert list(inspect.signature(nn.SoftmaxCrossEntropy()).parameters) == ["logits", "labels"]
    assert "learning_rate" in inspect.signature(nn.Constant).parameters

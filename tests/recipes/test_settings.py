import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.errors import TenfoldError, UsageError
from tenfold.nn import SGD, Adam, Cosine, HeNormal, Orthogonal, SoftmaxCrossEntropy
from tenfold.recipes import (
    MLP,
    RECIPES,
    Recipe,
    apply_settings,
    recipe_from_json,
    recipe_to_json,
)
from tenfold.recipes.classics.faults import OneBiasPerLayer

MLP_RECIPE = RECIPES["mlp"]


def network_of(recipe: Recipe) -> MLP:
    assert isinstance(recipe.architecture, MLP)
    return recipe.architecture


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_survives_being_written_down(name: str) -> None:
    text = json.dumps(recipe_to_json(RECIPES[name]))
    again = recipe_from_json(json.loads(text))
    assert again == RECIPES[name]
    assert json.dumps(recipe_to_json(again)) == text


def test_settings_reach_every_level() -> None:
    changed = apply_settings(
        MLP_RECIPE,
        [
            "epochs=3",
            "hidden=256,128,64",
            "learning_rate=0.005",
            "optimizer.beta2=0.99",
            "batch_size=full",
            "label_smoothing=0.1",
            "source.validation=0",
        ],
    )
    assert changed.epochs == 3
    assert network_of(changed).hidden == (256, 128, 64)
    assert changed.schedule.learning_rate == 0.005
    assert changed.optimizer == Adam(beta2=0.99)
    assert changed.batch_size is None
    assert changed.loss == SoftmaxCrossEntropy(0.1)
    assert changed.source.validation == 0


def test_a_single_number_can_be_a_list() -> None:
    assert network_of(apply_settings(MLP_RECIPE, ["hidden=30"])).hidden == (30,)
    assert network_of(apply_settings(MLP_RECIPE, ["hidden="])).hidden == ()
    assert network_of(apply_settings(MLP_RECIPE, ["hidden=none"])).hidden == ()


def test_a_class_name_stands_for_its_defaults_and_keeps_what_is_shared() -> None:
    changed = apply_settings(MLP_RECIPE, ["optimizer=SGD", "schedule=Cosine"])
    assert changed.optimizer == SGD()
    assert changed.schedule == Cosine(MLP_RECIPE.schedule.learning_rate)
    assert network_of(changed).initializer == HeNormal()
    changed = apply_settings(MLP_RECIPE, ['architecture.initializer={"type":"Orthogonal"}'])
    assert network_of(changed).initializer == Orthogonal()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("epoch=3", "no setting 'epoch'. Did you mean epochs"),
        ("gibberish=3", "no setting 'gibberish'. It has: architecture"),
        ("epochs", "takes KEY=VALUE"),
        ("=3", "takes KEY=VALUE"),
        ("epochs=many", "epochs must be of type int, not 'many'"),
        ("epochs=0", "epochs = 0 is out of range"),
        ("epochs=2.5", "epochs must be of type int, not 2.5"),
        ("batch_size=true", "batch_size must be of type"),
        ("hidden=0", "at least 1 input"),
        ("hidden=a,b", "hidden must be of type"),
        ("optimizer=Adamm", "unknown type 'Adamm'"),
        ("activation=Softmaxx", "no activation 'Softmaxx'"),
        ("dropout=1.5", "rate"),
        ("learning_rate=-1", "learning rate"),
        ("precision=float16", "precision"),
        ("name=other", "no bundled data called 'other'"),
        ("summary=mine", "no setting 'summary'"),
        ("average=1.5", "average"),
        ("source.name=1", "name must be of type str"),
    ],
)
def test_what_does_not_fit_is_one_clear_sentence(setting: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        apply_settings(MLP_RECIPE, [setting])


def test_an_ambiguous_name_is_asked_for_in_full() -> None:
    recipe = replace(MLP_RECIPE, optimizer=OneBiasPerLayer(OneBiasPerLayer(SGD())))
    with pytest.raises(UsageError, match=r"could mean optimizer\.rule\S+ or optimizer\.per_unit"):
        apply_settings(recipe, ["per_unit=true"])
    changed = apply_settings(recipe, ["optimizer.rule.per_unit=true"])
    assert changed.optimizer == OneBiasPerLayer(OneBiasPerLayer(SGD(), per_unit=True))


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_is_a_traceback(key: str, value: str) -> None:
    try:
        recipe = apply_settings(MLP_RECIPE, [f"{key}={value}"])
    except UsageError as error:
        assert str(error)  # noqa: PT017 - either outcome is right
    else:
        assert isinstance(recipe, Recipe)


@given(
    st.sampled_from(["epochs", "hidden", "batch_size", "dropout", "schedule", "source", "loss"]),
    st.one_of(
        st.integers(-5, 5).map(str),
        st.floats().map(str),
        st.sampled_from(["[]", "{}", '{"type":"SGD"}', '{"type":5}', "null", "true", '"x"', "1,x"]),
    ),
)
def test_no_value_is_a_traceback(key: str, value: str) -> None:
    try:
        recipe = apply_settings(MLP_RECIPE, [f"{key}={value}"])
    except UsageError as error:
        assert str(error)  # noqa: PT017 - either outcome is right
    else:
        assert isinstance(recipe, Recipe)


@pytest.mark.parametrize("data", [None, 3, [], {}, {"type": "Adam"}, {"type": "Recipe"}])
def test_what_is_no_recipe_is_said_so(data: object) -> None:
    with pytest.raises(TenfoldError, match="not a recipe"):
        recipe_from_json(data)

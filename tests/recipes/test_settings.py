"""Recipes as JSON data, and changes by KEY=VALUE."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.errors import TenfoldError, UsageError
from tenfold.images import Augment
from tenfold.nn import SGD, Adam, AdamW, Cosine, HeNormal, Orthogonal, SoftmaxCrossEntropy
from tenfold.recipes import (
    MLP,
    RECIPES,
    Recipe,
    apply_settings,
    recipe_from_json,
    recipe_to_json,
    settings_between,
)
from tenfold.recipes.classics import CLASSICS
from tenfold.recipes.classics.faults import OneBiasPerLayer
from tenfold.recipes.old_names import renamed
from tenfold.recipes.settings import changed_settings

MLP_RECIPE = RECIPES["mlp"]


def network_of(recipe: Recipe) -> MLP:
    assert isinstance(recipe.architecture, MLP)
    return recipe.architecture


@pytest.mark.parametrize("name", RECIPES)
def test_recipe_survives_a_round_trip_through_json(name: str) -> None:
    text = json.dumps(recipe_to_json(RECIPES[name]))
    again = recipe_from_json(json.loads(text))
    assert again == RECIPES[name]
    assert json.dumps(recipe_to_json(again)) == text


def test_settings_of_every_level_can_be_changed() -> None:
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


def test_one_number_or_none_can_be_a_list() -> None:
    assert network_of(apply_settings(MLP_RECIPE, ["hidden=30"])).hidden == (30,)
    assert network_of(apply_settings(MLP_RECIPE, ["hidden="])).hidden == ()
    assert network_of(apply_settings(MLP_RECIPE, ["hidden=none"])).hidden == ()


def test_class_name_uses_its_defaults_and_keeps_required_settings() -> None:
    changed = apply_settings(MLP_RECIPE, ["optimizer=SGD", "schedule=Cosine"])
    assert changed.optimizer == SGD()
    assert changed.schedule == Cosine(MLP_RECIPE.schedule.learning_rate)
    assert network_of(changed).initializer == HeNormal()
    changed = apply_settings(
        MLP_RECIPE, ['architecture.initializer={"type":"Orthogonal"}', "hidden=16"]
    )
    assert network_of(changed).initializer == Orthogonal()


def test_optional_part_can_be_added_and_removed() -> None:
    assert MLP_RECIPE.augment is None
    changed = apply_settings(MLP_RECIPE, ["augment=Augment", "rotation=10", "augment.shift=2"])
    assert changed.augment == Augment(rotation=10, shift=2)
    assert apply_settings(changed, ["augment=none"]).augment is None
    with pytest.raises(UsageError, match="must be an Optimizer, got None; known types: AdaGrad, "):
        apply_settings(MLP_RECIPE, ["optimizer=none"])
    with pytest.raises(UsageError, match="unknown augment 'SGD'; known types: Augment"):
        apply_settings(MLP_RECIPE, ["augment=SGD"])


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("seed=3", "no setting 'seed'. It is an option of tenfold train: --seed"),
        ("epoch=3", "no setting 'epoch'. Did you mean epochs"),
        ("gibberish=3", "no setting 'gibberish'. It has: architecture"),
        ("epochs", "must be KEY=VALUE, .*got 'epochs'"),
        ("=3", "must be KEY=VALUE"),
        ("epochs=many", "epochs must be a whole number from .* got 'many'"),
        ("epochs=0", "epochs must be a whole number from 1 to 1000000000, got 0"),
        ("clean_epochs=21", "clean_epochs must be at most the number of epochs, 20, got 21"),
        ("epochs=2.5", "epochs must be a whole number from .* got 2.5"),
        ("batch_size=true", "batch_size must be None or a whole number .* got True"),
        ("batch_size=0", "batch_size must be None or a whole number of at least 1, got 0"),
        ("hidden=0", r"hidden\[0\] must be a whole number from 1 to 100000, got 0"),
        ("hidden=100001", "whole number from 1 to 100000, got 100001"),
        ("hidden=100000,100000", "at most 100,000,000 weights, got 10,079,400,000: choose fewer"),
        ("hidden=a,b", r"hidden\[0\] must be a whole number .* got 'a,b'"),
        ("optimizer=Adamm", "unknown optimizer 'Adamm'; known types: AdaGrad, Adam, .* SGD$"),
        ("optimizer=Cosine", "unknown optimizer 'Cosine'"),
        ("optimizer=OneBiasPerLayer", "OneBiasPerLayer needs a value for rule"),
        ("schedule=5", "unknown schedule 5; known types: Constant, Cosine, .* Triangular$"),
        ("schedule={}", "unknown schedule {}"),
        ("schedule=[[1]]", r"unknown schedule \[\[1\]\]"),
        ("loss=Recipe", "unknown loss 'Recipe'; known types: CrossEntropyAsWritten, "),
        ("source=Split", "unknown source 'Split'; known types: ReaderSource, Source$"),
        ("architecture=SGD", "unknown architecture 'SGD'; known types: ConvNet, MLP, Sequential$"),
        ("observe=foo", "must be 'last_batch_accuracy' or 'probability_errors', got 'foo'"),
        ("classes=1001", "classes must be a whole number from 2 to 1000, got 1001"),
        ("deviation=NaN", "deviation must be a finite number above 0, got nan"),
        ("deviation=0", "deviation must be .* above 0, got 0"),
        ("mean=Infinity", "mean must be a finite number, got inf"),
        ("mean=1" + "0" * 400, "invalid settings"),
        ("l2=NaN", "l2 must be a finite number of at least 0, got nan"),
        ("l2=Infinity", "l2"),
        ("max_norm=NaN", "max_norm must be None or a finite number above 0, got nan"),
        ("max_norm=Infinity", "max_norm"),
        ("average=NaN", r"average must be None or a number in \[0, 1\), got nan"),
        ("dropout=NaN", r"dropout must be a number in \[0, 1\), got nan"),
        ("epochs=[" + "[" * 100_000, "invalid settings"),
        ("activation=Softmaxx", "activation must be .*got 'Softmaxx'"),
        ("dropout=1.5", "dropout must be .* got 1.5"),
        ("learning_rate=-1", "learning_rate must be .* got -1"),
        ("precision=float16", "precision must be 'float32' or 'float64', got 'float16'"),
        ("name=other", "name must be 'mnist' or 'kaggle', got 'other': to use a file"),
        ("summary=mine", "no setting 'summary'"),
        ("average=1.5", "average"),
        ("source.name=1", "name must be a string, got 1"),
    ],
)
def test_invalid_setting_raises(setting: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        apply_settings(MLP_RECIPE, [setting])


@pytest.mark.parametrize("error", [OverflowError, MemoryError])
def test_overflow_and_lack_of_memory_are_usage_errors(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Recipe, seed: int) -> None:
        raise error("too much")

    monkeypatch.setattr(Recipe, "network", fail)
    with pytest.raises(UsageError, match="invalid settings: too much"):
        apply_settings(MLP_RECIPE, ["epochs=3"])


def test_new_class_has_its_own_settings() -> None:
    changed = apply_settings(MLP_RECIPE, ["schedule=Cosine", "schedule.final=0.1"])
    assert changed.schedule == Cosine(MLP_RECIPE.schedule.learning_rate, final=0.1)
    changed = apply_settings(MLP_RECIPE, ["optimizer=AdamW", "weight_decay=0.1", "beta1=0.8"])
    assert changed.optimizer == AdamW(beta1=0.8, weight_decay=0.1)
    rule = ['optimizer={"type":"OneBiasPerLayer","rule":{"type":"SGD"}}', "rule=Adam", "beta2=0.5"]
    assert apply_settings(MLP_RECIPE, rule).optimizer == OneBiasPerLayer(Adam(beta2=0.5))
    with pytest.raises(UsageError, match=r"no setting 'schedule\.rise'"):
        apply_settings(MLP_RECIPE, ["schedule=Cosine", "schedule.rise=0.1"])


def test_ambiguous_name_raises() -> None:
    recipe = replace(MLP_RECIPE, optimizer=OneBiasPerLayer(OneBiasPerLayer(SGD())))
    with pytest.raises(
        UsageError, match=r"is ambiguous: write optimizer\.rule\S+ or optimizer\.per_unit"
    ):
        apply_settings(recipe, ["per_unit=true"])
    changed = apply_settings(recipe, ["optimizer.rule.per_unit=true"])
    assert changed.optimizer == OneBiasPerLayer(OneBiasPerLayer(SGD(), per_unit=True))


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_gives_a_recipe_or_a_usage_error(key: str, value: str) -> None:
    try:
        recipe = apply_settings(MLP_RECIPE, [f"{key}={value}"])
    except UsageError as error:
        assert str(error)  # noqa: PT017 - both outcomes are correct
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
def test_any_value_gives_a_recipe_or_a_usage_error(key: str, value: str) -> None:
    try:
        recipe = apply_settings(MLP_RECIPE, [f"{key}={value}"])
    except UsageError as error:
        assert str(error)  # noqa: PT017 - both outcomes are correct
    else:
        assert isinstance(recipe, Recipe)


@pytest.mark.parametrize("data", [None, 3, [], {}, {"type": "Adam"}, {"type": "Recipe"}])
def test_data_that_is_not_a_recipe_raises(data: object) -> None:
    with pytest.raises(TenfoldError, match="not a recipe"):
        recipe_from_json(data)


@pytest.mark.parametrize(
    ("recipe", "settings"),
    [
        ("mlp", []),
        ("mlp", ["epochs=3", "whitened=true", "selective=Selective"]),
        ("mlp", ["selective=Selective", "selective.chance=0.5", "observe=probability_errors"]),
        (
            "mlp",
            ["architecture.hidden=256,128", "optimizer=SGD", "schedule=Cosine", "average=null"],
        ),
        ("quick", ["augment=Augment", "augment.shift=2", "augment.rotation=5"]),
        ("standard", ["architecture.deskew=true", "augment=null", "source.name=kaggle"]),
    ],
)
def test_settings_between_two_recipes_are_minimal(recipe: str, settings: list[str]) -> None:
    changed = apply_settings(RECIPES[recipe], settings)
    found = settings_between(RECIPES[recipe], changed)
    assert sorted(found) == sorted(settings)
    assert apply_settings(RECIPES[recipe], found) == changed


def test_changed_settings_leave_out_defaults_and_texts() -> None:
    recipe = replace(MLP_RECIPE, name="other", summary="another summary", credit="somebody")
    assert changed_settings(recipe) == changed_settings(MLP_RECIPE)
    assert "shards" not in changed_settings(recipe)
    kaggle = apply_settings(recipe, ["source.name=kaggle", "beta1=0.8"])
    assert changed_settings(kaggle)["source"] == {"type": "Source", "name": "kaggle"}
    assert changed_settings(kaggle)["optimizer"] == {"type": "Adam", "beta1": 0.8}


def test_recipes_are_equal_whatever_their_summary() -> None:
    assert replace(MLP_RECIPE, summary="another summary", credit="somebody") == MLP_RECIPE
    assert replace(MLP_RECIPE, epochs=3) != MLP_RECIPE


def test_the_old_name_of_a_loss_is_understood() -> None:
    described = recipe_to_json(CLASSICS["classic-adam"].as_written)
    assert described["loss"]["type"] == "CrossEntropyAsWritten"
    old = described | {"loss": described["loss"] | {"type": "WrittenCrossEntropy"}}
    assert recipe_from_json(old) == CLASSICS["classic-adam"].as_written
    assert renamed(described, back=True)["loss"] == old["loss"]

"""The built-in recipes by name. ``tenfold train`` uses the default, ``quick``.

Summaries contain the sizes of the layers, as in 784-128-64-10 (784 pixels, two hidden layers of 128
and 64 units, 10 outputs), or the layout of a convolutional network (``ConvNet``).
"""

from dataclasses import replace

from tenfold.images import Augment
from tenfold.nn import Adam, OneCycle, SoftmaxCrossEntropy, UniformFanIn
from tenfold.recipes.architectures import MLP
from tenfold.recipes.classics import CLASSICS
from tenfold.recipes.convnet import ConvNet
from tenfold.recipes.reader_source import ReaderSource
from tenfold.recipes.recipe import Recipe
from tenfold.recipes.sources import Source
from tenfold.training import Selective

__all__ = ["DEFAULT", "RECIPES"]

_QUICK = Recipe(
    name="quick",
    summary="convolutional network 16c5-P-32c3-P-128, one epoch: about 99.2% in five seconds",
    architecture=ConvNet("16c5-P-32c3-P-128", batch_norm=True),
    optimizer=Adam(beta1=0.7, beta2=0.9),
    schedule=OneCycle(learning_rate=0.015),
    loss=SoftmaxCrossEntropy(label_smoothing=0.05),
    epochs=1,
    batch_size=256,
    shards=2,
)
_MLP = Recipe(
    name="mlp",
    summary="784-128-64-10 with batch normalisation: about 98.4% in 15 seconds",
    architecture=MLP(hidden=(128, 64), batch_norm=True, dropout=0.1),
    optimizer=Adam(),
    schedule=OneCycle(learning_rate=0.01),
    loss=SoftmaxCrossEntropy(label_smoothing=0.1),
    epochs=20,
    average=0.995,
)
_MLP_ELASTIC = Recipe(
    name="mlp-elastic",
    summary="784-1024-512-10, trained on distorted digits: about 99.4% in six minutes",
    architecture=MLP(hidden=(1024, 512), batch_norm=True),
    optimizer=Adam(),
    schedule=OneCycle(learning_rate=0.004),
    epochs=80,
    batch_size=256,
    average=0.999,
    augment=Augment(shift=1.5, rotation=10, scale=0.12, shear=8, elastic=1.0),
    clean_epochs=2,
)
_LINEAR = Recipe(
    name="linear",
    summary="softmax regression, a linear classifier without hidden layers: about 92.5%",
    architecture=MLP(hidden=()),
    optimizer=Adam(),
    schedule=OneCycle(learning_rate=0.003),
    epochs=10,
)
_LENET = Recipe(
    name="lenet",
    summary="24c5-P-32c3-P-256-10, one epoch over all images: about 99.0% in seven seconds",
    credit="tuomaso/train_mnist_fast",
    architecture=ConvNet(
        "24c5-P-32c3-P-256", initializer=UniformFanIn(), bias_initializer=UniformFanIn()
    ),
    optimizer=Adam(beta1=0.7, beta2=0.9),
    schedule=OneCycle(learning_rate=0.01),
    source=Source(validation=0),  # all choices were made before, by the author of the recipe
    epochs=1,
    batch_size=256,
    shards=2,
)

_STANDARD_NET = ConvNet(
    "40c3-P-80c2-P-160c2-P-320c2-P", padding="same", batch_norm=True, dropout=0.2
)
_STANDARD = Recipe(
    name="standard",
    summary="40c3-P-80c2-P-160c2-P-320c2-P, trained on distorted digits: about 99.7% in 9 minutes",
    architecture=_STANDARD_NET,
    optimizer=Adam(beta1=0.9, beta2=0.99),
    schedule=OneCycle(learning_rate=0.004, rise=0.15),
    loss=SoftmaxCrossEntropy(label_smoothing=0.05),
    epochs=24,
    batch_size=128,
    shards=2,
    average=0.999,
    augment=Augment(shift=2, rotation=10, scale=0.1, shear=8, elastic=0.7),
    clean_epochs=1,
    test_time_shift=1,
)

_CHAMPION_NET = ConvNet("32c5-P-64c5-P-128c3-128c3-P", padding="same", batch_norm=True, dropout=0.3)
_CHAMPION = Recipe(
    name="champion",
    summary="32c5-P-64c5-P-128c3-128c3-P, distorted digits: our best single network, half an hour",
    architecture=_CHAMPION_NET,
    optimizer=Adam(beta1=0.9, beta2=0.99),
    schedule=OneCycle(learning_rate=0.003, rise=0.15),
    loss=SoftmaxCrossEntropy(label_smoothing=0.05),
    epochs=30,
    batch_size=128,
    shards=2,
    average=0.999,
    augment=Augment(shift=2, rotation=12, scale=0.12, shear=8, elastic=0.8),
    clean_epochs=1,
    test_time_shift=1,
)

_CHAMPION_UPRIGHT = replace(
    _CHAMPION,
    name="champion-upright",
    summary="champion, trained on deskewed digits: a different network for an ensemble",
    architecture=replace(_CHAMPION_NET, deskew=True),
)

_TINY = Recipe(
    name="tiny",
    summary="8c3-P-12c3-P-16c3-14c3-G, 4,930 parameters: about 99.3% in three minutes",
    architecture=ConvNet("8c3-P-12c3-P-16c3-14c3-G", padding="same", batch_norm=True),
    optimizer=Adam(beta1=0.9, beta2=0.99),
    schedule=OneCycle(learning_rate=0.02, rise=0.15),
    epochs=24,
    batch_size=128,
    shards=2,
    average=0.998,
    augment=Augment(shift=1, rotation=8, scale=0.08, shear=6, elastic=0.4),
    clean_epochs=1,
)

_READER_DIGIT = replace(
    _STANDARD,
    name="reader-digit",
    summary='for tenfold read: 40c3-P-80c2-P-160c2-P-320c2-P with an 11th class, "not a digit"',
    architecture=replace(_STANDARD_NET, classes=11),
    source=ReaderSource(),
    epochs=8,
    augment=Augment(shift=1.5, rotation=8, scale=0.08, shear=6, elastic=0.5),
    selective=Selective(),
    test_time_shift=0,
)

_OWN_RECIPES = (
    *(_QUICK, _MLP, _MLP_ELASTIC, _STANDARD, _CHAMPION, _CHAMPION_UPRIGHT),
    *(_TINY, _LENET, _LINEAR, _READER_DIGIT),
)

DEFAULT = _QUICK.name
"""The name of the recipe that ``tenfold train`` uses."""

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in _OWN_RECIPES} | {
    recipe.name: recipe for classic in CLASSICS.values() for recipe in classic.forms.values()
}
"""All recipes by name."""

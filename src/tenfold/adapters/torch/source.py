"""The source text of a PyTorch module that has the layers of a model."""

from collections.abc import Iterator, Sequence

from tenfold.adapters.torch.parts import Part
from tenfold.models import Model

__all__ = ["module_source"]

_CLASSES = {
    "Normalize": """
class Normalize(nn.Module):
    def __init__(self, mean, deviation):
        super().__init__()
        self.mean, self.deviation = mean, deviation

    def forward(self, x):
        return (x - self.mean) / self.deviation
""",
    "Residual": """
class Residual(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.layers(x)
""",
    "ChannelsLast": """
class ChannelsLast(nn.Module):
    def forward(self, x):
        return x.permute(0, 2, 3, 1)
""",
}
_HEAD = '''"""{title} as a PyTorch module, written by tenfold export.

    model = Digits.load("{file}")
    probabilities = model.probabilities(images)  # images: {images}
"""

import torch
from safetensors.torch import load_file
from torch import nn

'''
_BODY = '''

class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
{layers}
        )

    @classmethod
    def load(cls, path):
        model = cls()
        model.load_state_dict(load_file(path))
        return model.eval()

    def forward(self, images):
        """Return the logits of images (N, {shape})."""
        return self.layers(images.float(){permuted})

    @torch.no_grad()
    def probabilities(self, images):
        """Return the calibrated probabilities of images (N, {shape})."""
{views}
        mean = torch.stack([self(view).softmax(1) for view in views]).mean(0)
        return (mean.clamp_min({tiny}).log() / {temperature}).softmax(1)
'''
_SHIFTED = """        height, width = images.shape[1:3]
        padded = nn.functional.pad(images, (0, 0, {s}, {s}, {s}, {s}))
        corners = [({s}, {s}), (0, {s}), ({d}, {s}), ({s}, 0), ({s}, {d})]
        views = [padded[:, y : y + height, x : x + width] for y, x in corners]"""


def module_source(model: Model, parts: Sequence[Part], file: str) -> str:
    """Return a Python module with the class ``Digits``, an ``nn.Module``.

    Args:
        model: The model.
        parts: Layers of the model as PyTorch modules.
        file: Name of the file with the state dict, for the example in the docstring of the module.
    """
    shape = ", ".join(map(str, model.network.input_shape))
    layers = "\n".join(_lines(parts, 12))
    shift = model.test_time_shift
    views = _SHIFTED.format(s=shift, d=2 * shift) if shift else "        views = [images]"
    needed = [text for name, text in _CLASSES.items() if f"{name}(" in layers]
    recipe = model.provenance.get("recipe")
    name = recipe.get("name") if isinstance(recipe, dict) else None
    head = _HEAD.format(
        title=f"The network {name}" if name else "A network", file=file, images=f"(N, {shape})"
    )
    body = _BODY.format(
        layers=layers,
        shape=shape,
        permuted=".permute(0, 3, 1, 2)" if len(model.network.input_shape) == 3 else "",
        views=views,
        tiny="1.1754944e-38",
        temperature=model.temperature,
    )
    return head + "\n".join(needed) + body


def _lines(parts: Sequence[Part], indent: int) -> Iterator[str]:
    for part in parts:
        if part.block:
            yield f"{' ' * indent}Residual("
            yield from _lines(part.block, indent + 4)
            yield f"{' ' * indent}),"
        else:
            yield f"{' ' * indent}{part.source},"

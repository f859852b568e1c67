"""Run exported models: ONNX Runtime, a page in Chromium, a compiled C header, PyTorch.

Each function takes a model and images (N, H, W, C) uint8, exports the model to a folder, and
returns the answers and the size of the exported file.
"""

import base64
import importlib.util
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.adapters import export_c, export_html, export_onnx, export_torch, load_torch
from tenfold.adapters.plan import Weights
from tenfold.models import Model
from tenfold.nn.array import Array

__all__ = [
    "Answers",
    "back_from_torch",
    "c_answers",
    "compiled",
    "html_answers",
    "onnx_answers",
    "torch_answers",
]

_MAIN = """
#include "digits.h"
#include "digits.h"
#include <stdio.h>
int test_elsewhere(float *s);

int main(void)
{
    static float s[TENFOLD_SCRATCH], row[TENFOLD_CLASSES + 2];
    static uint8_t image[TENFOLD_PIXELS];
    if (!tenfold_self_test(s) || !test_elsewhere(s) || !tenfold_name(0)) return 1;
    while (fread(image, 1, TENFOLD_PIXELS, stdin) == TENFOLD_PIXELS) {
        row[0] = (float)tenfold_predict(image, s, row + 2);
        row[1] = (float)tenfold_unsure(image, row + 2);
        fwrite(row, sizeof row, 1, stdout);
    }
    return 0;
}
"""
_OTHER = """
#include "digits.h"
int test_elsewhere(float *s);
int test_elsewhere(float *s) { return tenfold_self_test(s); }
"""
_FLAGS = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror"]
_PREDICT = """text => {
  const all = Uint8Array.from(atob(text), c => c.charCodeAt(0)), rows = [];
  const size = model.input.shape.reduce((a, b) => a * b);
  for (let start = 0; start < all.length; start += size) {
    const found = predict(model, all.subarray(start, start + size));
    rows.push([found.digit, +found.unsure, ...found.probabilities]);
  }
  return rows;
}"""
_CHUNK = 50  # images that are sent to the page at a time


@dataclass(frozen=True)
class Answers:
    """What an exported model answers.

    Attributes:
        digit: Index of the predicted class, (N,).
        unsure: Whether each answer is unsure, (N,) bool; None if the format does not say it.
        probabilities: Class probabilities, (N, C).
        size: Size of the exported file, in bytes.
    """

    digit: Array
    unsure: Array | None
    probabilities: Array
    size: int

    @staticmethod
    def of_rows(rows: Array, size: int) -> "Answers":
        """Return the answers in rows of digit, unsure (0 or 1) and probabilities."""
        return Answers(rows[:, 0].astype(int), rows[:, 1] == 1, rows[:, 2:], size)


def onnx_answers(model: Model, images: Array, folder: Path) -> Answers:
    """Return the answers of ONNX Runtime, with one thread, in batches of 500."""
    import onnxruntime

    path = folder / "digits.onnx"
    export_onnx(model, path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options)
    parts = [
        session.run(["digit", "unsure", "probabilities"], {"images": images[start : start + 500]})
        for start in range(0, len(images), 500)
    ]
    digit, unsure, probabilities = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Answers(digit, unsure, probabilities, path.stat().st_size)


def html_answers(model: Model, images: Array, folder: Path, weights: Weights) -> Answers:
    """Return the answers of the page in headless Chromium."""
    from playwright.sync_api import sync_playwright

    path = folder / "digits.html"
    export_html(model, path, weights)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.goto(path.as_uri())
        rows: list[Any] = []
        for start in range(0, len(images), _CHUNK):
            text = base64.b64encode(images[start : start + _CHUNK].tobytes()).decode()
            rows += page.evaluate(_PREDICT, text)
        browser.close()
    return Answers.of_rows(np.array(rows), path.stat().st_size)


def compiled(folder: Path, optimized: bool = False) -> subprocess.CompletedProcess[str]:
    """Compile two files that include ``digits.h`` of a folder three times; warnings are errors."""
    for name, text in (("main.c", _MAIN), ("other.c", _OTHER)):
        (folder / name).write_text(text, encoding="utf-8")
    command = ["gcc", *_FLAGS, *["-O2"] * optimized, "main.c", "other.c", "-lm", "-o", "digits"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def c_answers(
    model: Model, images: Array, folder: Path, weights: Weights, optimized: bool = False
) -> Answers:
    """Return the answers of the compiled C header.

    Raises:
        RuntimeError: If it does not compile without warnings.
    """
    path = folder / "digits.h"
    export_c(model, path, weights)
    done = compiled(folder, optimized)
    if done.returncode:
        raise RuntimeError(done.stderr[:2000])
    run = subprocess.run(
        [folder / "digits"], input=images.tobytes(), capture_output=True, check=True
    )
    rows = np.frombuffer(run.stdout, np.float32).reshape(len(images), -1)
    return Answers.of_rows(rows, path.stat().st_size)


def torch_answers(model: Model, images: Array, folder: Path) -> Answers:
    """Return the answers of the PyTorch module, in batches of 500."""
    network, path = _torch_network(model, folder)
    return _torch_answers(network, images, path)


def back_from_torch(model: Model, images: Array, folder: Path) -> tuple[Model, Answers]:
    """Let PyTorch change the weights; return the model that is read back, and PyTorch's answers."""
    import torch
    from safetensors.torch import save_file

    network, path = _torch_network(model, folder)
    with torch.no_grad():
        for array in network.parameters():
            if array.ndim > 1:
                array.mul_(1.05)
    save_file(network.state_dict(), path)
    back = load_torch(path, model)
    back.temperature = model.temperature
    return back, _torch_answers(network, images, path)


def _torch_network(model: Model, folder: Path) -> tuple[Any, Path]:
    path = folder / "digits.safetensors"
    spec = importlib.util.spec_from_file_location("digits", export_torch(model, path))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Digits.load(path), path


def _torch_answers(network: Any, images: Array, path: Path) -> Answers:
    import torch

    parts = [
        network.probabilities(torch.from_numpy(images[start : start + 500])).numpy()
        for start in range(0, len(images), 500)
    ]
    probabilities = np.concatenate(parts)
    return Answers(probabilities.argmax(axis=1), None, probabilities, path.stat().st_size)

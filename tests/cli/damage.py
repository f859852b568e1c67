"""Run folders and data damaged at random, and the commands that must survive it.

    python -m tests.cli.damage 10000 [SEED]

tries that many random damages, each followed by one random command in this process, and prints
every traceback, and every message that contains a name of Python instead of words. The test suite
runs a sample of the same.
"""

import contextlib
import io
import json
import re
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.cli import main
from tenfold.nn import stream

__all__ = ["COMMANDS", "damage", "ended_cleanly", "make_runs"]

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("compare", "RUN", "OTHER"),
    ("compare", "RUN", "OTHER", "--json"),
    ("compare", "SERIES", "RUN"),
    ("train", "--resume", "RUN", "--no-figures"),
    ("train", "--resume", "STOPPED", "--no-figures"),
    ("train", "--resume", "SERIES"),
    ("predict", "RUN", "IMAGE"),
    ("evaluate", "RUN", "--data", "DATA"),
    ("submit", "RUN", "CSV", "-o", "ANSWERS"),
    ("show", "RUN", "-o", "PICTURES"),
    ("map", "RUN", "-o", "MAP"),
    ("doctor", "RUN"),
    ("report", "RUN", "--out", "REPORT"),
    ("robustness", "RUN", "--data", "DATA", "--images", "2"),
    ("runs", "RUNS"),
    ("runs", "RUNS", "--json"),
    ("evaluate", "SERIES", "--data", "DATA"),
    ("predict", "SERIES", "IMAGE"),
    ("submit", "RUN", "OTHER", "CSV", "-o", "ANSWERS"),
    ("train", "--resume", "STOPPED", "--data", "DATA", "--no-figures"),
    ("doctor", "STOPPED"),
    ("data", "info", "DATA"),
    ("predict", "RUN", "IMAGE", "IMAGE"),
    ("submit", "RUN", "CSV", "--labels", "ANSWERS", "-o", "NEW"),
)
"""Commands on the folders that ``make_runs`` makes; words in capitals are replaced by paths."""

VICTIMS = ("RUN", "STOPPED", "SERIES", "RUNS", "DATA", "IMAGE", "CSV")
"""What is damaged: a folder of runs, or a file; the first of them in the command, or any."""

_JARGON = re.compile(
    r"\b(?!MeanSquared|SquaredProbability)\w*[a-z]Error\b|codec can't|<class|object at 0x|Errno"
)

FINDINGS = 3
"""The exit code of the doctor that found something, which it prints."""

_SLOW = ("doctor", "report", "show", "map", "robustness")


def make_runs(folder: Path, data: Path) -> None:
    """Make a finished run, another one, a stopped one and a series of two on a small data set."""
    from tenfold.recipes import RECIPES, apply_settings
    from tenfold.runs import Run, Series, create_run, execute, execute_series

    recipe = apply_settings(RECIPES["mlp"], ["hidden=8", "epochs=2"])
    split = recipe.source.load(data)
    for name, seed, stop in (("run", 0, False), ("other", 1, False), ("stopped", 2, True)):
        run = create_run(Run(recipe, seed, folder / name, str(data)))
        for _ in execute(run, split, stop=lambda stop=stop: stop):  # type: ignore[misc]
            pass
    series = Series.begin(Run(recipe, 3, folder / "series", str(data)), 2)
    for _ in execute_series(series, split=split):
        pass


def damage(folder: Path, rng: np.random.Generator) -> str:
    """Damage a file, or one file of a folder; return what was done."""
    files = sorted(path for path in folder.rglob("*") if path.is_file()) or [folder]
    path = files[rng.integers(len(files))]
    if not path.is_file():  # damaged already
        return f"{path.name}: nothing"
    kinds: list[Callable[[Path, np.random.Generator], str]] = [_cut, _flip, _remove, _replace]
    if path.suffix in (".json", ".jsonl"):
        kinds += [_change_value] * 6
    return f"{path.relative_to(folder.parent)}: {kinds[rng.integers(len(kinds))](path, rng)}"


def _cut(path: Path, rng: np.random.Generator) -> str:
    content = path.read_bytes()
    place = int(rng.integers(len(content) + 1))
    path.write_bytes(content[:place])
    return f"cut after {place} bytes"


def _flip(path: Path, rng: np.random.Generator) -> str:
    content = bytearray(path.read_bytes())
    for _ in range(int(rng.integers(1, 5)) if content else 0):
        content[rng.integers(len(content))] = rng.integers(256)
    path.write_bytes(content)
    return "some bytes changed"


def _remove(path: Path, rng: np.random.Generator) -> str:
    path.unlink()
    if rng.random() < 0.3:
        path.mkdir()
        return "replaced by a folder"
    return "removed"


def _replace(path: Path, rng: np.random.Generator) -> str:
    texts = ("", "null", "[]", "{}", "3", '"x"', "\xff\xfe", "[" * 100_000, '{"a":' * 5000, "NaN\n")
    text = texts[rng.integers(len(texts))]
    path.write_bytes(text.encode("latin-1"))
    return f"replaced by {text[:20]!r}"


def _change_value(path: Path, rng: np.random.Generator) -> str:
    """Replace, remove or add one value somewhere in a JSON file, or in one line of JSON lines."""
    try:
        text = path.read_text()
        rows = (
            [json.loads(text)]
            if path.suffix == ".json"
            else list(map(json.loads, text.split("\n")[:-1]))
        )
    except (ValueError, RecursionError):  # damaged already
        return _cut(path, rng)
    holders = [holder for row in rows for holder in _containers(row)]
    if not holders:
        return _cut(path, rng)
    holder = holders[rng.integers(len(holders))]
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    if not keys:
        return _cut(path, rng)
    key = keys[rng.integers(len(keys))]
    values: tuple[Any, ...] = (
        *(None, True, -1, 0, 1.5, 1e400, -1e400, float("nan"), 10**30, "", "text", "\ud800"),
        *([], {}, [1, 2], {"type": "Adam"}, [[]], 2**63, 1e-300, "1", [None], "../../x"),
    )
    value = values[rng.integers(len(values))]
    if rng.random() < 0.15:
        del holder[key]
        done = f"{key} removed"
    else:
        holder[key] = value
        done = f"{key} = {str(value)[:30]!a}"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return done


def _containers(value: Any) -> Iterator[Any]:
    if isinstance(value, (dict, list)):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _containers(inner)


def ended_cleanly(command: list[str]) -> str:
    """Run a command in this process; return its traceback or bad output, or nothing."""
    out, err = io.StringIO(), io.StringIO()
    argv, sys.argv = sys.argv, ["tenfold", *command]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main.run()
    except SystemExit as ended:
        code = ended.code
        if code not in (0, None, FINDINGS) and not err.getvalue().strip():
            return f"exit code {code} without a message"
    except BaseException:
        return traceback.format_exc()
    finally:
        sys.argv = argv
    printed = out.getvalue() + err.getvalue()
    if "nan%" in printed or "inf%" in printed:
        return f"a number that means nothing was printed:\n{printed[-500:]}"
    if _JARGON.search(printed):
        return f"a message contains a name of Python:\n{printed[-500:]}"
    return ""


def trials(count: int, seed: int, made: Path, slow: bool = True) -> Iterator[tuple[str, str]]:
    """Yield (what was done, fault or nothing) of random damages and commands.

    Args:
        count: Number of trials.
        seed: Random seed.
        made: Folder with ``runs`` from ``make_runs``, ``digits.npz``, ``7.png`` and ``test.csv``.
        slow: Whether to draw and examine, too.
    """
    commands = [c for c in COMMANDS if slow or c[0] not in _SLOW]
    for trial in range(count):
        rng = stream(seed, "damage", trial)
        with tempfile.TemporaryDirectory() as name:
            copy = Path(shutil.copytree(made, Path(name) / "made"))
            runs = copy / "runs"
            command = commands[rng.integers(len(commands))]
            places = {
                **{word: runs / word.lower() for word in ("RUN", "OTHER", "STOPPED", "SERIES")},
                "RUNS": runs,
                "IMAGE": copy / "7.png",
                "DATA": copy / "digits.npz",
                "CSV": copy / "test.csv",
                "ANSWERS": Path(name) / "answers.csv",
                "NEW": Path(name) / "new.csv",
                "PICTURES": Path(name) / "pictures",
                "MAP": Path(name) / "map.png",
                "REPORT": Path(name) / "report.html",
            }
            victims = [word for word in command if word in VICTIMS]
            victim = victims[0 if rng.random() < 0.8 else rng.integers(len(victims))]
            done = [damage(places[victim], rng) for _ in range(int(rng.integers(1, 3)))]
            words = [str(places.get(word, word)) for word in command]
            what = f"trial {trial}: {' '.join(command)} after {'; '.join(done)}"
            yield what, ended_cleanly(words)


def make_all(folder: Path) -> Path:
    """Make everything that ``trials`` needs in an empty folder, and return the folder."""
    from PIL import Image

    from tenfold.data import load_mnist

    digits = load_mnist("train").subset(np.arange(300))
    np.savez(folder / "digits.npz", images=digits.images, labels=digits.require_labels())
    Image.fromarray(digits.images[0, ..., 0]).save(folder / "7.png")
    head = ",".join(f"pixel{i}" for i in range(784))
    rows = [",".join(map(str, image.ravel())) for image in digits.images[:5]]
    (folder / "test.csv").write_text("\n".join([head, *rows]) + "\n")
    make_runs(folder / "runs", folder / "digits.npz")
    return folder


def run(count: int, seed: int) -> int:
    """Try ``count`` damages, print the faults, and return how many there were."""
    faults = 0
    with tempfile.TemporaryDirectory() as name:
        for number, (what, fault) in enumerate(trials(count, seed, make_all(Path(name))), 1):
            if fault:
                faults += 1
                print(f"{what}\n{fault}\n", flush=True)
            if number % 100 == 0:
                print(f"{number} of {count}, {faults} faults", file=sys.stderr, flush=True)
    print(f"{count} trials, {faults} faults")
    return faults


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(bool(run(numbers[0] if numbers else 100, numbers[1] if numbers[1:] else 0)))

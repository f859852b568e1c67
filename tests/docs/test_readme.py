"""The statements of README.md about the program agree with the program."""

import json
import re
import sys
from pathlib import Path

import pytest

from tenfold.cli import main
from tenfold.cli.commands import data

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def test_first_training_prints_what_the_readme_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["tenfold", "train", "--no-figures"])
    with pytest.raises(SystemExit, match=r"^0$"):
        main.run()
    printed = capsys.readouterr().out.splitlines()
    block = re.search(r"^\$ tenfold train\n(.*?)^```$", README, re.M | re.S)
    assert block is not None
    shown = [line for line in block[1].splitlines() if line.split()[0] not in ("Figures", "Report")]
    assert [NUMBER.sub("#", line) for line in printed[: len(shown)]] == [
        NUMBER.sub("#", line) for line in shown
    ]
    for stated, line in zip(shown, printed, strict=False):
        if "accuracy" in line or "%" in line:
            # The last bits depend on the BLAS, and with them a few of the images.
            assert accuracy(line) == pytest.approx(accuracy(stated), abs=0.4)
    metrics = json.loads(Path("runs/001-quick/metrics.json").read_text("utf-8"))
    assert metrics["test"]["accuracy"] >= 0.98
    assert f"{metrics['parameters']:,} parameters" in README


def accuracy(line: str) -> float:
    """Return the first percentage of a line."""
    percentage = re.search(r"(\d+\.\d+)%", line)
    assert percentage is not None
    return float(percentage[1])


def test_python_example_prints_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = (
        c for c in re.findall(r"^```python\n(.*?)^```$", README, re.M | re.S) if "load(" in c
    )
    stated = re.search(r"# prints (.*)", code)
    assert stated is not None
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    assert capsys.readouterr().out.strip() == stated[1]
    assert (tmp_path / "model.safetensors").exists()


def test_table_lists_existing_commands() -> None:
    rows = [line for line in README.splitlines() if line.startswith("| `tenfold ")]
    listed = set(
        re.findall(
            r"`(?:tenfold )?(data [\w-]+|\w+)", " ".join(row.split(" | ")[0] for row in rows)
        )
    )
    assert listed <= {*main.COMMANDS, *(f"data {name}" for name in data.COMMANDS)}
    assert len(listed) >= 18


def test_speed_of_the_readme_was_measured() -> None:
    rows = json.loads((ROOT / "benchmarks" / "latest.json").read_text("utf-8"))["rows"]
    ratios = [
        row["ratio_to_tenfold"]
        for row in rows
        if (row["case"], row["metric"]) == ("mlp-small", "training, ms per step")
        if row["subject"].startswith("pytorch")
    ]
    stated = re.search(r"784-128-64-10\) takes (\d\.\d\d) times", README)
    assert stated is not None
    assert float(stated[1]) == pytest.approx(1 / min(ratios), abs=0.005)

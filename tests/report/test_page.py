import html
import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.errors import TenfoldError
from tenfold.recipes import Split
from tenfold.report import write_report
from tenfold.report.context import read_context
from tenfold.report.page import _environment, _filled
from tenfold.report.reproduce import again
from tenfold.report.verdict import verdict
from tenfold.runs import Run
from tests.data.damage import damaged, read_or_none

HEADINGS = (
    *("The verdict", "How it learned", "Where it errs", "Can its confidence be trusted?"),
    *("What it looks like inside", "How it stands up to worse images", "In proportion"),
    "How to get it again",
)
CAPTIONS = (
    *("Accuracy", "Loss", "Cost", "RMSE", "R²", "Learning rate", "Misclassified", "Reliability"),
    *("Saying “unsure”", "Weights as images", "A map of the digits", "Activations", "Gradients"),
    *("Updates", "Dead units", "Distributions", "Optimizer paths", "By degrees", "By kind"),
    *("Adam against gradient descent", "In proportion"),
)

pytestmark = pytest.mark.usefixtures("light")  # but for the page of the whole session


@pytest.fixture(scope="module")
def whole(page: Path) -> str:
    return page.read_text("utf-8")


def test_the_page_says_what_came_out(whole: str, trained: Run) -> None:
    score = trained.metrics()["test"]
    assert f"{100 * score['accuracy']:.2f}\N{NO-BREAK SPACE}%" in whole
    assert (
        f"the network reads {score['correct']:,} right and {score['n'] - score['correct']}" in whole
    )
    for heading in HEADINGS:
        assert f">{heading}</h2>" in whole
    for caption in CAPTIONS:
        assert f"<strong>{caption}.</strong>" in whole


def test_nothing_on_the_page_lies_outside(whole: str) -> None:
    addresses = re.findall(r'(?:src|href)="([^"]*)"', whole)
    assert len(addresses) > 20
    assert all(address.startswith(("#", "data:")) for address in addresses)
    assert all(found.startswith("#") for found in re.findall(r"url\(([^)]*)\)", whole))
    assert "@import" not in whole
    names = set(re.findall(r'\bid="([^"]+)"', whole))
    pointed = re.findall(r'href="#([^"]+)"', whole) + re.findall(r"url\(#([^)]+)\)", whole)
    assert set(pointed) <= names
    assert len(names) == len(re.findall(r'\bid="', whole))


def test_the_page_is_drawn_again_when_the_data_has_gone(run: Run, split: Split) -> None:
    with_images = write_report(run, split)
    assert "<img" in with_images.path.read_text("utf-8")
    moved = replace(run, data="/gone/digits.npz")
    again = write_report(moved)
    assert not again.missing
    assert "<img" in again.path.read_text("utf-8")


def test_without_the_data_it_says_what_it_had_to_do_without(run: Run) -> None:
    written = write_report(replace(run, data="/gone/digits.npz"))
    (sentence,) = written.missing
    assert "/gone/digits.npz" in sentence
    text = written.path.read_text("utf-8")
    assert "<img" not in text
    assert "Confusion, counts" in text
    assert "This report had to do without something" in text


def test_an_accuracy_of_all_may_lie_at_the_rounded_end_of_its_interval(run: Run) -> None:
    everything = {"accuracy": 1.0, "n": 10, "correct": 10, "interval95": [0.7, 1 - 1e-16]}
    path = run.folder / "metrics.json"
    path.write_text(json.dumps(run.metrics() | {"train": everything}))
    assert read_context(run).scores["train"].accuracy == 1


def test_in_a_notebook_the_page_stands_in_a_frame(run: Run) -> None:
    written = write_report(run)
    shown = written._repr_html_()
    assert shown.startswith('<iframe srcdoc="&lt;!DOCTYPE html&gt;')
    assert html.unescape(shown.split('"')[1]) == written.path.read_text("utf-8")


def test_what_a_stranger_wrote_is_text(run: Run) -> None:
    evil = '<script>alert("x")</script>'
    named = replace(run.recipe, name=evil, summary=evil, credit=evil)
    text = write_report(replace(run, recipe=named, data=evil)).path.read_text("utf-8")
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert") >= 4


def test_a_run_with_nothing_held_out_has_a_page(run: Run) -> None:
    metrics = run.metrics()
    del metrics["test"], metrics["validation"]
    (run.folder / "metrics.json").write_text(json.dumps(metrics))
    (run.folder / "records.jsonl").unlink()
    (run.folder / "environment.json").unlink()
    np.savez(run.folder / "predictions.npz")
    text = write_report(run).path.read_text("utf-8")
    assert "Nothing was held out" in text
    assert "Where it errs" not in text
    assert "How it learned" not in text
    assert "Where it ran" not in text


def test_validation_stands_in_for_a_missing_test(run: Run) -> None:
    metrics = run.metrics()
    del metrics["test"]
    (run.folder / "metrics.json").write_text(json.dumps(metrics))
    text = write_report(run).path.read_text("utf-8")
    assert "Validation accuracy" in text
    assert "There are no test images" in text


def test_an_unfinished_run_is_refused(run: Run) -> None:
    (run.folder / "metrics.json").unlink()
    with pytest.raises(TenfoldError, match="unfinished run: go on with"):
        write_report(run)


def test_a_place_that_cannot_be_written_is_named(run: Run) -> None:
    (run.folder / "report.html").mkdir()
    with pytest.raises(TenfoldError, match=r"cannot write .*report\.html"):
        write_report(run)
    with pytest.raises(TenfoldError, match=r"cannot write .*nowhere"):
        write_report(run, path=run.folder / "nowhere" / "report.html")


@pytest.mark.parametrize("package", ["jinja2", "matplotlib"])
def test_a_missing_package_is_named_and_nothing_written(
    package: str, run: Run, trained: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(trained.folder / "records.jsonl", run.folder)  # a curve is to be drawn
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(TenfoldError, match=rf"need.* {package}.*pip install 'tenfold\[plots\]'"):
        write_report(run)
    assert not (run.folder / "report.html").exists()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("test", {"accuracy": 0.9}),
        ("test", {"accuracy": 0.9, "n": 10, "correct": 9, "interval95": [0.95, 0.99]}),
        ("test", {"accuracy": 0.9, "n": 0, "correct": 0, "interval95": [0.1, 0.99]}),
        ("test", [1]),
        ("parameters", "many"),
        ("seconds", {}),
        ("seconds", {"train": "long"}),
        ("steps", None),
    ],
)
def test_metrics_that_cannot_be_are_refused(key: str, value: object, run: Run) -> None:
    path = run.folder / "metrics.json"
    path.write_text(json.dumps(run.metrics() | {key: value}))
    with pytest.raises(TenfoldError, match=r"metrics\.json is damaged: .* Restore it or train"):
        write_report(run)


@pytest.fixture(scope="module")
def scratch(trained: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A copy that Hypothesis may use again for each of its examples."""
    folder = tmp_path_factory.mktemp("scratch") / "run"
    shutil.copytree(trained.folder, folder)
    return replace(trained, folder=folder)


@given(st.sampled_from(["metrics.json", "environment.json"]), st.data())
def test_a_damaged_file_is_read_or_noned(
    scratch: Run, trained: Run, name: str, data: st.DataObject
) -> None:
    content = (trained.folder / name).read_bytes()

    def begun(path: Path) -> str:
        context = read_context(scratch)
        return _filled(_environment(), context, [verdict(context), again(context)])

    read_or_none(begun, scratch.folder / name, data.draw(damaged(content)))
    (scratch.folder / name).write_bytes(content)

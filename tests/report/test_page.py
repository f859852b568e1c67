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
from tenfold.plots import FIGURES
from tenfold.recipes import Split
from tenfold.report import write_report
from tenfold.report.context import read_context
from tenfold.report.page import _environment, _fill_template
from tenfold.report.reproduce import reproduce_section
from tenfold.report.result import result_section
from tenfold.runs import Run
from tests.data.damage import damaged, read_or_none

HEADINGS = (
    *("Result", "Training", "Mistakes", "Confidence", "Inside the network", "Robustness"),
    *("Comparison with baselines", "Reproduce this run"),
)
CAPTIONS = (
    *("Confusion matrix, counts", "Confusion matrix, percent"),
    *("Sample predictions", "Misclassified digits"),
    *(
        figure.title
        for figure in FIGURES
        if figure.report is not None and figure.name != "feature-maps"
    ),
)

pytestmark = pytest.mark.usefixtures(
    "light"
)  # except for the complete page, which the session shares


@pytest.fixture(scope="module")
def whole(page: Path) -> str:
    return page.read_text("utf-8")


def test_the_page_has_every_result_section_and_figure(whole: str, trained: Run) -> None:
    score = trained.results().test
    assert score is not None
    assert f"{100 * score.accuracy:.2f}%" in whole
    assert f"{score.correct:,} are predicted correctly and {score.wrong:,} wrongly" in whole
    for heading in HEADINGS:
        assert f">{heading}</h2>" in whole
    for caption in CAPTIONS:
        assert f"<strong>{caption}.</strong>" in whole


def test_the_page_refers_to_nothing_outside(whole: str) -> None:
    addresses = re.findall(r'(?:src|href)="([^"]*)"', whole)
    assert len(addresses) > 20
    assert all(address.startswith(("#", "data:")) for address in addresses)
    assert all(found.startswith("#") for found in re.findall(r"url\(([^)]*)\)", whole))
    assert "@import" not in whole
    names = set(re.findall(r'\bid="([^"]+)"', whole))
    pointed = re.findall(r'href="#([^"]+)"', whole) + re.findall(r"url\(#([^)]+)\)", whole)
    assert set(pointed) <= names
    assert len(names) == len(re.findall(r'\bid="', whole))


def test_the_page_can_be_written_again_without_the_data(run: Run, split: Split) -> None:
    with_images = write_report(run, split)
    assert "<img" in with_images.path.read_text("utf-8")
    moved = replace(run, data="/gone/digits.npz")
    again = write_report(moved)
    assert not again.missing
    assert "<img" in again.path.read_text("utf-8")


def test_missing_data_is_reported_on_the_page(run: Run) -> None:
    written = write_report(replace(run, data="/gone/digits.npz"))
    (sentence,) = written.missing
    assert "/gone/digits.npz" in sentence
    text = written.path.read_text("utf-8")
    assert "<img" not in text
    assert "Confusion matrix, counts" in text
    assert "Some content is missing from this report" in text


def test_notebooks_show_the_page_in_a_frame(run: Run) -> None:
    written = write_report(run)
    shown = written._repr_html_()
    assert shown.startswith('<iframe srcdoc="&lt;!DOCTYPE html&gt;')
    assert html.unescape(shown.split('"')[1]) == written.path.read_text("utf-8")


def test_names_are_escaped(run: Run) -> None:
    evil = '<script>alert("x")</script>'
    named = replace(run.recipe, name=evil, summary=evil, credit=evil)
    text = write_report(replace(run, recipe=named, data=evil)).path.read_text("utf-8")
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert") >= 4


def test_a_run_without_held_out_images_has_a_page(run: Run) -> None:
    metrics = run.metrics()
    del metrics["test"], metrics["validation"]
    (run.folder / "metrics.json").write_text(json.dumps(metrics))
    (run.folder / "records.jsonl").unlink()
    (run.folder / "environment.json").unlink()
    np.savez(run.folder / "predictions.npz")
    text = write_report(run).path.read_text("utf-8")
    assert "No images were held out" in text
    assert ">Mistakes</h2>" not in text
    assert ">Training</h2>" not in text
    assert "Environment" not in text


def test_validation_replaces_a_missing_test(run: Run) -> None:
    metrics = run.metrics()
    del metrics["test"]
    (run.folder / "metrics.json").write_text(json.dumps(metrics))
    text = write_report(run).path.read_text("utf-8")
    assert "Validation accuracy" in text
    assert "There are no test images" in text


def test_an_unfinished_run_raises(run: Run) -> None:
    (run.folder / "metrics.json").unlink()
    with pytest.raises(TenfoldError, match="unfinished run: continue it with"):
        write_report(run)


def test_a_file_that_cannot_be_written_is_named(run: Run) -> None:
    (run.folder / "report.html").mkdir()
    with pytest.raises(TenfoldError, match=r"cannot write .*report\.html"):
        write_report(run)
    with pytest.raises(TenfoldError, match=r"cannot write .*nowhere"):
        write_report(run, path=run.folder / "nowhere" / "report.html")


@pytest.mark.parametrize("package", ["jinja2", "matplotlib"])
def test_a_missing_package_raises_and_nothing_is_written(
    package: str, run: Run, trained: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(trained.folder / "records.jsonl", run.folder)  # so that a curve is drawn
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(TenfoldError, match=rf"need.* {package}.*pip install '\.\[plots\]'"):
        write_report(run)
    assert not (run.folder / "report.html").exists()


def test_damaged_metrics_raise(run: Run) -> None:
    path = run.folder / "metrics.json"
    path.write_text(json.dumps(run.metrics() | {"steps": None}))
    with pytest.raises(TenfoldError, match=r"metrics\.json is damaged: steps must be an integer"):
        write_report(run)
    assert not (run.folder / "report.html").exists()


@pytest.fixture(scope="module")
def scratch(trained: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A copy that Hypothesis may reuse for each example."""
    folder = tmp_path_factory.mktemp("scratch") / "run"
    shutil.copytree(trained.folder, folder)
    return replace(trained, folder=folder)


@given(st.sampled_from(["metrics.json", "environment.json"]), st.data())
def test_a_damaged_file_is_read_or_refused(
    scratch: Run, trained: Run, name: str, data: st.DataObject
) -> None:
    content = (trained.folder / name).read_bytes()

    def begun(path: Path) -> str:
        context = read_context(scratch)
        return _fill_template(
            _environment(), context, [result_section(context), reproduce_section(context)]
        )

    read_or_none(begun, scratch.folder / name, data.draw(damaged(content)))
    (scratch.folder / name).write_bytes(content)

import base64
import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tenfold.errors import TenfoldError
from tenfold.models import Model, load_model
from tenfold.recipes import Split
from tenfold.report import STUDIES, load_or_compute_study
from tenfold.runs import Run, read_predictions


class Counted:
    """A study that counts how often it is computed."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, run: Run, split: Split) -> dict[str, Any]:
        self.times += 1
        return {"found": [len(split.train), self.times]}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    made = Counted()
    monkeypatch.setattr("tenfold.report.studies.STUDIES", {"counted": made})
    return made


def no_data() -> Split:
    raise TenfoldError("the data has gone")


def test_a_study_is_computed_once_and_kept(run: Run, split: Split, counted: Counted) -> None:
    first = load_or_compute_study(run, "counted", lambda: split)
    assert (
        load_or_compute_study(run, "counted", no_data) == first == {"found": [len(split.train), 1]}
    )
    assert counted.times == 1
    kept = json.loads((run.folder / "studies" / "counted.json").read_text())
    assert kept["found"] == first


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"format": 1}', b'{"format": 1, "found": {}}', b"\xff"]
)
def test_a_damaged_study_is_computed_again(
    content: bytes, run: Run, split: Split, counted: Counted
) -> None:
    load_or_compute_study(run, "counted", lambda: split)
    (run.folder / "studies" / "counted.json").write_bytes(content)
    assert load_or_compute_study(run, "counted", lambda: split)["found"][1] == 2
    assert load_or_compute_study(run, "counted", no_data)["found"][1] == 2


def test_a_study_of_another_model_is_computed_again(
    run: Run, split: Split, counted: Counted
) -> None:
    load_or_compute_study(run, "counted", lambda: split)
    model = load_model(run.model)
    model.network.theta.value[0] += 1
    Model(model.network, provenance=model.provenance).save(run.model)
    assert load_or_compute_study(run, "counted", lambda: split)["found"][1] == 2


def test_changed_data_raises(run: Run, split: Split, counted: Counted) -> None:
    assert split.test is not None
    other = replace(split, test=split.test.subset(slice(1, None)))
    with pytest.raises(TenfoldError, match=r"the test images in .*digits\.npz have changed since"):
        load_or_compute_study(run, "counted", lambda: other)
    with pytest.raises(TenfoldError, match="the validation images"):
        load_or_compute_study(run, "counted", lambda: replace(split, validation=None))
    assert counted.times == 0


def test_a_study_is_returned_if_the_folder_cannot_be_written(
    run: Run, split: Split, counted: Counted
) -> None:
    (run.folder / "studies").write_text("a file where the folder should be")
    assert load_or_compute_study(run, "counted", lambda: split)["found"][1] == 1
    assert load_or_compute_study(run, "counted", lambda: split)["found"][1] == 2


def test_a_missing_model_raises(run: Run, split: Split) -> None:
    run.model.unlink()
    with pytest.raises(TenfoldError, match=r"cannot read .*model\.safetensors"):
        load_or_compute_study(run, "digits", lambda: split)


def test_digits_and_their_predictions(run: Run, split: Split) -> None:
    found = STUDIES["digits"](run, split)
    predictions, images = read_predictions(run), split.test
    assert predictions is not None
    assert images is not None
    assert [shown["index"] for shown in found["samples"]][:: len(found["samples"]) - 1] == [
        0,
        len(images) - 1,
    ]
    assert found["mistakes"]
    for shown in found["samples"] + found["mistakes"]:
        index = shown["index"]
        assert shown["label"] == predictions.labels[index]
        assert shown["predicted"] == predictions.predicted[index]
        with Image.open(io.BytesIO(base64.b64decode(shown["png"]))) as image:
            assert (255 - np.asarray(image) == images.images[index, ..., 0]).all()
    assert all(shown["label"] != shown["predicted"] for shown in found["mistakes"])
    confidences = [shown["confidence"] for shown in found["mistakes"]]
    assert confidences == sorted(confidences, reverse=True)
    wrong = predictions.labels != predictions.predicted
    assert confidences[0] == pytest.approx(predictions.confidence[wrong].max(), abs=1e-6)
    assert len(confidences) == min(60, wrong.sum())

"""``tenfold export``: files for other programs."""

from pathlib import Path

import onnx
import pytest

from tests.cli.conftest import Tenfold


def test_the_bundled_model_is_written_to_onnx(tenfold: Tenfold, tmp_path: Path) -> None:
    answer = tenfold("export", "standard", "-o", tmp_path / "digits.onnx", "--opset", 17)
    assert answer.code == 0, answer.err
    assert answer.out.startswith(f"Saved in {tmp_path / 'digits.onnx'} (1,099,")
    assert onnx.load(tmp_path / "digits.onnx").opset_import[0].version == 17
    assert tenfold("export", "standard", "-o", tmp_path / "digits.onnx").code == 0  # replaced


def test_the_bundled_model_is_written_to_a_page(tenfold: Tenfold, tmp_path: Path) -> None:
    path = tmp_path / "digits.html"
    for weights, size in (("float32", 1_450_000), ("int8", 380_000)):
        answer = tenfold("export", "standard", "-o", path, "--weights", weights)
        assert answer.code == 0, answer.err
        assert size < path.stat().st_size < size * 1.1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none", "-o", "a.onnx"], "there is no such file or folder, and no bundled model"),
        (["standard", "-o", "a.tflite"], "the name of the file must end in .onnx"),
        (["standard", "-o", "a.onnx", "--opset", 7], "opset must be from 13"),
        (["standard", "-o", "a.html", "--opset", 13], "--opset is for .onnx, got a.html"),
        (["standard", "-o", "a.onnx", "--weights", "int8"], "--weights is for .html, got a.onnx"),
        (["standard", "-o", "missing/a.onnx"], "there is no folder missing"),
        (["standard", "-o", "mine.onnx"], "mine.onnx exists and is not an ONNX file of tenfold"),
    ],
)
def test_wrong_arguments_write_nothing(
    tenfold: Tenfold,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[object],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.onnx").write_bytes(b"something of mine")
    answer = tenfold("export", *arguments)
    assert answer.code in (1, 2)
    assert message in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.onnx"]

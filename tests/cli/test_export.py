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
    ("name", "options", "start"),
    [
        ("digits.h", ["--c", "--weights", "int8"], "/*\n * A neural network that reads digits"),
        ("digits.py", ["--torch"], '"""The network mlp as a PyTorch module'),
        ("README.md", [], '---\nlibrary_name: "tenfold"'),
    ],
)
def test_a_run_is_written_to_other_formats(
    tenfold: Tenfold, trained: Path, tmp_path: Path, name: str, options: list[str], start: str
) -> None:
    out = tmp_path / name.replace(".py", ".safetensors")
    for _ in range(2):  # the second one replaces the files of the first
        answer = tenfold("export", trained, "-o", out, *options)
        assert answer.code == 0, answer.err
    assert (tmp_path / name).read_text("utf-8").startswith(start)
    assert answer.out.splitlines()[-1].startswith(f"Saved in {tmp_path / name} (")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none", "-o", "a.onnx"], "there is no such file or folder, and no bundled model"),
        (
            ["standard", "-o", "a.tflite"],
            "the name of the file must end in .onnx, .html, .safetensors, .h or .md, got a.tflite",
        ),
        (["standard", "-o", "a.onnx", "--opset", 7], "opset must be from 13"),
        (
            ["standard", "-o", "a.html", "--opset", 13],
            "--opset is only for files that end in .onnx",
        ),
        (
            ["standard", "-o", "a.onnx", "--weights", "int8"],
            "--weights is only for files that end in .html or .h",
        ),
        (
            ["standard", "-o", "a.h", "--torch"],
            "with --torch the name of the file must end in .safe",
        ),
        (["standard", "-o", "mine.safetensors"], "mine.py exists and is not a module of tenfold"),
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
    for name in ("mine.onnx", "mine.py"):
        Path(name).write_bytes(b"something of mine")
    answer = tenfold("export", *arguments)
    assert answer.code in (1, 2)
    assert message in answer.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.onnx", "mine.py"]

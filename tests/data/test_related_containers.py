"""Sets that are related to MNIST, in each container, scale and code of labels.

Each combination is read to the right images and labels, read with a note, or refused with the step
that helps. Nothing is read wrongly without a note.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.data import load_dataset, load_parts
from tenfold.data.array_names import file_role
from tenfold.errors import TenfoldError
from tenfold.images import normalize_like_mnist
from tenfold.nn.array import Array
from tests.data.containers import CONTAINERS, write_csv
from tests.data.damage import digits
from tests.data.layouts import WORDS

COUNT = 14
IMAGES = digits(COUNT)
IMAGES[:, 14, 14] = 255
LABELS = np.array([5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 7, 8])


every_container = pytest.mark.parametrize("container", CONTAINERS)


@every_container
@pytest.mark.parametrize(
    "scale",
    [
        lambda x: x,
        lambda x: x.astype(float),
        lambda x: (x / 255).astype(np.float32),
        lambda x: x / 255,
        lambda x: (x / 256).astype(np.float32),
    ],
    ids=["bytes", "floats", "0 to 1", "0 to 1 in float64", "of 256"],
)
def test_scales_that_keep_the_pixels_are_read(
    container: str, scale: Callable[[Array], Array], tmp_path: Path
) -> None:
    data = load_dataset(CONTAINERS[container](tmp_path, scale(IMAGES), LABELS))
    np.testing.assert_array_equal(data.images[..., 0], IMAGES)
    np.testing.assert_array_equal(data.labels, LABELS)


@every_container
@pytest.mark.parametrize(
    ("scale", "message"),
    [
        (lambda x: x / 127.5 - 1, r"got -1 to 1\. Save the raw pixels, .* background is 0"),
        (lambda x: (x / 255 - 0.1307) / 0.3081, r"got -0\.42\d* to 2\.8\d*\. Save the raw"),
        (lambda x: x / 127.5, r"whole number.*got '?\d*\.\d+.*(Save the raw|another scale)"),
        (lambda x: x.astype(np.uint16) * 257, r"from 0 to 255, got .*(Save the raw|another scale)"),
        (lambda x: x.astype(int) - 128, r"from 0 to 255, got .*(Save the raw|another scale)"),
    ],
    ids=["-1 to 1", "standardised", "0 to 2", "16 bits", "signed"],
)
def test_other_scales_are_refused_with_what_they_are(
    container: str, scale: Callable[[Array], Array], message: str, tmp_path: Path
) -> None:
    path = CONTAINERS[container](tmp_path, scale(IMAGES), LABELS)
    with pytest.raises(TenfoldError, match=message):
        load_dataset(path)


@every_container
@pytest.mark.parametrize("brightest", [1, 16])
def test_a_low_scale_of_whole_numbers_is_read_with_a_note(
    container: str, brightest: int, tmp_path: Path
) -> None:
    pixels = np.rint(IMAGES / 255 * brightest).astype(np.uint8)
    data = load_dataset(CONTAINERS[container](tmp_path, pixels, LABELS))
    if data.images.max() == 255:  # written as 0.0 and 1.0
        np.testing.assert_array_equal(data.images[..., 0], pixels * 255)
    else:
        assert any(f"the brightest pixel is {brightest}, not 255" in note for note in data.notes)


DIGIT_CODES: dict[str, Array] = {
    "floats": LABELS.astype(float),
    "strings": LABELS.astype(str),
    "words": np.array(WORDS)[LABELS],
}
OTHER_CODES: dict[str, tuple[Array, str]] = {
    "1 to 10": (LABELS + 1, "Look at an image with the label 1"),
    "10 for 0": (np.where(LABELS == 0, 10, LABELS), "Look at an image with the label 1"),
    "EMNIST balanced": (np.where(LABELS > 6, LABELS + 30, LABELS), "keep the images with labels <"),
    "EMNIST letters": (LABELS + 6, "which contains no digits: use its digits set"),
    "characters": (LABELS + 48, "use labels - 48"),
    "letters": (np.array(list("ABCDEFGHIJ"))[LABELS], "got 'F'|could be the labels"),
}


def combinations(codes: dict[str, Array]) -> list[tuple[str, str]]:
    """Return the containers with the codes that they can contain: IDX files have no strings."""
    pairs = [(container, code) for container in CONTAINERS for code in codes]
    return [pair for pair in pairs if pair[0] != "idx" or codes[pair[1]].dtype.kind != "U"]


@pytest.mark.parametrize(("container", "code"), combinations(DIGIT_CODES))
def test_codes_of_digits_are_read(container: str, code: str, tmp_path: Path) -> None:
    data = load_dataset(CONTAINERS[container](tmp_path, IMAGES, DIGIT_CODES[code]))
    np.testing.assert_array_equal(data.labels, LABELS)


@pytest.mark.parametrize(
    ("container", "code"), combinations({code: labels for code, (labels, _) in OTHER_CODES.items()})
)
def test_other_codes_are_refused_with_what_they_are(
    container: str, code: str, tmp_path: Path
) -> None:
    labels, message = OTHER_CODES[code]
    path = CONTAINERS[container](tmp_path, IMAGES, labels)
    with pytest.raises(TenfoldError, match=message):
        load_dataset(path)


@every_container
def test_one_hot_labels_are_read_or_named(container: str, tmp_path: Path) -> None:
    path = CONTAINERS[container](tmp_path, IMAGES, np.eye(10, dtype=np.uint8)[LABELS])
    if container in ("csv", "csv without header", "zip"):
        with pytest.raises(TenfoldError, match="784 pixels and perhaps ten columns of one-hot"):
            load_dataset(path)
    else:
        np.testing.assert_array_equal(load_dataset(path).labels, LABELS)


@every_container
@pytest.mark.parametrize(
    ("side", "what"),
    [(8, "scikit-learn"), (16, "USPS"), (32, "SVHN"), (40, "40 x 40"), (64, "NIST")],
)
def test_other_sizes_are_refused_with_code_that_fits_them(
    container: str, side: int, what: str, tmp_path: Path
) -> None:
    images = np.zeros((COUNT, side, side))
    images[:, 1:-1, side // 2] = np.linspace(0.5, 1, COUNT)[:, np.newaxis]
    path = CONTAINERS[container](tmp_path, images, LABELS)
    with pytest.raises(TenfoldError, match=what) as caught:
        load_dataset(path)
    code = str(caught.value).split("mnist; ")[1].split(", and save")[0]
    fitted = eval(code, {"np": np, "normalize_like_mnist": normalize_like_mnist, "images": images})
    np.savez(tmp_path / "fitted.npz", x=fitted, y=LABELS)
    assert load_dataset(tmp_path / "fitted.npz").images.max() == 255


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("X_kannada_MNIST_train.npz", "y_kannada_MNIST_train.npz"),
        ("kmnist-train-imgs.npz", "kmnist-train-labels.npz"),
        ("kmnist-train-imgs.npy", "kmnist-train-labels.npy"),
        ("csvTrainImages 60k x 784.csv", "csvTrainLabel 60k x 1.csv"),
        ("x_train.csv", "y_train.csv"),
        ("train_images.tsv", "train_labels.tsv"),
    ],
)
@pytest.mark.parametrize("header", [True, False])
def test_labels_in_a_file_of_their_own_are_found(
    images: str, labels: str, header: bool, tmp_path: Path
) -> None:
    for name, values in ((images, IMAGES), (labels, LABELS)):
        _write_array(tmp_path / name, values, header)
        other = name.replace("train", "test").replace("Train", "Test")
        _write_array(tmp_path / other, values[:5], header)
    train, test = load_parts(tmp_path)
    np.testing.assert_array_equal(train.images[..., 0], IMAGES)
    np.testing.assert_array_equal(train.labels, LABELS)
    assert any("the labels were read from" in note for note in train.notes) or "npy" in images
    assert test is not None
    np.testing.assert_array_equal(test.labels, LABELS[:5])
    np.testing.assert_array_equal(load_dataset(tmp_path / images).labels, LABELS)


def _write_array(path: Path, values: Array, header: bool) -> None:
    if path.suffix == ".npz":
        np.savez(path, values)
    elif path.suffix == ".npy":
        np.save(path, values)
    else:
        separator = "," if path.suffix == ".csv" else "\t"
        rows = values.reshape(len(values), -1).tolist()
        names = [f"pixel{i}" for i in range(784)] if len(rows[0]) > 1 else ["Label"]
        lines = [*[names] * header, *rows]
        path.write_text("".join(separator.join(map(str, line)) + "\n" for line in lines))


def test_the_labels_of_a_competition_are_not_attached_to_its_test_images(tmp_path: Path) -> None:
    write_csv(tmp_path, IMAGES, None).rename(tmp_path / "test.csv")
    (tmp_path / "test-labels.csv").write_text("label\n" + "".join(f"{d}\n" for d in LABELS))
    (tmp_path / "sample_submission.csv").write_text("ImageId,Label\n1,0\n")
    assert load_dataset(tmp_path / "test.csv").labels is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("label\n1\nx\n", "row 3: the label must be a digit from 0 to 9, got 'x'"),
        ("1,2\n3,4\n", "row 1: a file of labels must have one column, got 2"),
        ("".join(f"{d + 1}\n" for d in LABELS), "row 5: .* Look at an image with the label 1"),
        ("1\n2\n", "14 images and 2 labels"),
    ],
)
def test_a_wrong_file_of_labels_is_named(content: str, message: str, tmp_path: Path) -> None:
    write_csv(tmp_path, IMAGES, None).rename(tmp_path / "x_train.csv")
    (tmp_path / "y_train.csv").write_text(content)
    with pytest.raises(TenfoldError, match=message):
        load_dataset(tmp_path / "x_train.csv")


def test_folders_of_other_numbers_are_named(tmp_path: Path) -> None:
    names = {
        "nist": [f"{code:x}" for code in range(48, 58)],
        "chars74k": ["Sample001", "Sample002", "Sample011"],
    }
    for kind, folders in names.items():
        for folder in folders:
            (tmp_path / kind / folder).mkdir(parents=True)
            Image.fromarray(IMAGES[0]).save(tmp_path / kind / folder / "a.png")
        with pytest.raises(
            TenfoldError, match=r"names are numbers, but not classes from 0 to 9 .*30 to 39 are"
        ):
            load_dataset(tmp_path / kind)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("X_kannada_MNIST_train", ("images", "train")),
        ("emnist-digits-test-labels", ("labels", "test")),
        ("csvTestImages 10k x 784", ("images", "test")),
        ("kmnist-train-imgs", ("images", "train")),
        ("x", ("images", None)),
        ("mnist", None),
        ("digitsTrain", ("images", "train")),
    ],
)
def test_roles_of_files(name: str, role: tuple[str, str | None] | None) -> None:
    assert file_role(name) == role

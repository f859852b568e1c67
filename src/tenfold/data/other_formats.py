"""Formats that are recognised but not read, each with how to convert it to one that is read."""

import re
from collections.abc import Callable

from tenfold.data.dataset import Part
from tenfold.data.format import Format, Source
from tenfold.data.picture_heif import is_heif

__all__ = ["ONE_PICTURE", "OTHER_FORMATS"]

_SAVE = "save the arrays with np.savez('digits.npz', x_train=images, y_train=labels)"
_PICTURE_STARTS = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"RIFF",
    b"II*\0",
    b"MM\0*",
    b"%PDF",
)
_COMPRESSED_STARTS = (b"BZh", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x28\xb5\x2f\xfd")
_PICKLE = re.compile(rb"\x80[\x02-\x05]|\(dp\d|\(lp\d|c(numpy|copy_reg)\S*\n")
_SPARSE = re.compile(rb"[-+]?\d+(\.\d*)?( \d+:\S+)+\s*\n?")
_ARFF = re.compile(rb"(\s*%[^\n]*\n|\s)*@relation\s", re.IGNORECASE)
_PAGE = re.compile(rb"\s*<(!doctype|html|\?xml|svg)", re.IGNORECASE)


def _starts(*signatures: bytes) -> Callable[[Source, Part], bool]:
    return lambda source, _: source.head.startswith(signatures)


def _matches(pattern: re.Pattern[bytes]) -> Callable[[Source, Part], bool]:
    return lambda source, _: pattern.match(source.head) is not None


def _contains(*names: str) -> Callable[[Source, Part], bool]:
    return lambda source, _: any(name.endswith(names) for name in source.members)


def _is_cifar(source: Source, part: Part) -> bool:
    names = {entry.name for entry in source.entries}
    return "data_batch_1" in names or "data_batch_1.bin" in names or b"batch_label" in source.head


ONE_PICTURE = Format(
    "one image or document",
    lambda source, _: source.head.startswith(_PICTURE_STARTS) or is_heif(source.head),
    None,
    advice="Give the path of the folder of image files; for one digit, use tenfold predict.",
)
"""An image, which is not a data set."""

OTHER_FORMATS: tuple[Format, ...] = (
    ONE_PICTURE,
    Format(
        "a part of CIFAR, colour images of objects",
        _is_cifar,
        None,
        advice="Use images of the digits 0 to 9.",
    ),
    Format(
        "a pickle",
        _matches(_PICKLE),
        None,
        advice="A pickle can run any code when it is loaded. If you trust its origin, load it in "
        f"Python with pickle.load and {_SAVE}.",
    ),
    Format(
        "a PyTorch file",
        _contains("data.pkl"),
        None,
        advice="It is a pickle, which can run any code when it is loaded. If you trust its origin, "
        "load it with torch.load and save the arrays with "
        "np.savez('digits.npz', x_train=images.numpy(), y_train=labels.numpy()).",
    ),
    Format(
        "an archive or file that is compressed with bzip2, xz, 7-Zip, RAR or Zstandard",
        _starts(*_COMPRESSED_STARTS),
        None,
        advice="Unpack it and give the path of the result; zip and gzip are read.",
    ),
    Format(
        "a MATLAB file",
        _starts(b"MATLAB "),
        None,
        advice="Load it with scipy.io.loadmat (version 7.3: h5py), move the axis of the images to "
        f"the front with .T or np.moveaxis, and {_SAVE}. They must be grey images of 28 x 28.",
    ),
    Format(
        "an HDF5 file",
        _starts(b"\x89HDF\r\n"),
        None,
        advice=f"Load it with h5py and {_SAVE}. The images must be 28 x 28 with values from 0 "
        "to 255 (those of USPS are 16 x 16 from 0 to 1).",
    ),
    Format(
        "an ARFF file",
        _matches(_ARFF),
        None,
        advice="Delete its lines up to and including @DATA; the rest is a CSV file that is read: "
        "sed '1,/^@data/Id' FILE.arff > FILE.csv",
    ),
    Format(
        "a JSON file",
        lambda source, _: source.head.lstrip()[:1] in (b"{", b"["),
        None,
        advice=f"Load it with json.load and {_SAVE}.",
    ),
    Format(
        "an Excel workbook or another Office document",
        lambda source, part: (
            source.head.startswith(b"\xd0\xcf\x11\xe0")
            or _contains("xl/workbook.xml", "word/document.xml", "content.xml")(source, part)
        ),
        None,
        advice="Save the sheet as a CSV file and give its path.",
    ),
    Format(
        "a table in LIBSVM's sparse format",
        _matches(_SPARSE),
        None,
        advice="Load it with sklearn.datasets.load_svmlight_file(path, n_features=784) and save "
        "the arrays with np.savez('digits.npz', x_train=images.toarray(), y_train=labels).",
    ),
    Format(
        "a web page, not the file that it may link to",
        _matches(_PAGE),
        None,
        advice="Download the file again; some sites, such as Kaggle, need a login for that.",
    ),
    Format(
        "a pointer of Git LFS, not the file itself",
        _starts(b"version https://git-lfs"),
        None,
        advice="Run git lfs pull in its repository, or download the file itself.",
    ),
)
"""The formats that are not read. Each is recognised by its content; an error says what to do."""

"""The compared readers, and how each is run. This file imports none of them."""

from dataclasses import dataclass

__all__ = ["READERS", "Entry"]


@dataclass(frozen=True)
class Entry:
    """A reader.

    Attributes:
        module: Its module, with a function ``make_reader``.
        how: Description for the page.
        package: Package whose import shows that it is installed; empty if none is needed.
        install: How to install it.
        peer: Whether it is another project.
    """

    module: str
    how: str
    package: str = ""
    install: str = ""
    peer: bool = True


_HERE = "benchmarks.reading.readers"

READERS = {
    "tenfold": Entry(
        f"{_HERE}.tenfold_",
        "`tenfold.read` with its defaults.",
        peer=False,
    ),
    "standard": Entry(
        f"{_HERE}.standard",
        "the model `standard` on the picture as `read_image` prepares it, as a baseline: it takes "
        "every picture for one digit.",
        peer=False,
    ),
    "rapidocr": Entry(
        f"{_HERE}.rapidocr_",
        "rapidocr: PP-OCRv6 small in ONNX Runtime, with its defaults, but without its classifier "
        "of upside-down text, which turns numbers such as 460 into 094.",
        "rapidocr",
        "pip install rapidocr==3.10.0 onnxruntime",
    ),
    "rapidocr-v4": Entry(
        f"{_HERE}.rapidocr_v4",
        "rapidocr-onnxruntime: PP-OCRv4 mobile in ONNX Runtime, run in the same way.",
        "rapidocr_onnxruntime",
        "pip install rapidocr-onnxruntime==1.4.4",
    ),
    "tesseract": Entry(
        f"{_HERE}.tesseract",
        "Debian's Tesseract 5 with its default language, restricted to digits; a process for each "
        "picture. Its detector is the page segmentation (mode 6, a block of text, or 3, automatic "
        "layout); without it the picture is one line (mode 7) or one character (mode 10).",
        "",
        "apt-get install tesseract-ocr",
    ),
}
"""The readers by name; the first is the one that the others are compared with."""

"""Sources that are neither a path nor an array: the message says what to give instead."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tenfold.reading import prepare, read


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (None, "source must be the path of a picture file or a NumPy array, got None"),
        ("", "got ''"),
        (["a.png"], "got list: read one picture at a time"),
        (b"png", r"got bytes: open it with PIL\.Image\.open"),
        (BytesIO(), r"got BytesIO: open it with PIL\.Image\.open"),
        (Image.new("L", (30, 30)), r"got Image: use np\.asarray\(source\.convert\('RGB'\)\)"),
    ],
)
def test_other_sources_than_pictures_are_named(source: Any, message: str) -> None:
    for function in (read, prepare):
        with pytest.raises(ValueError, match=message):
            function(source)

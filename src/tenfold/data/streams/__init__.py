"""Streams: the images of any source one after the other, in bounded memory.

In reading order: ``batches`` (what a stream yields), ``rows`` (arrays in files) and ``arrays``
(IDX, npy, npz), ``tables`` (CSV), ``encoded`` (pictures, decoded by threads), ``pictures``
(folders), ``tar``, ``parquet`` with ``parquet_columns`` and ``parquet_rows``, ``upright``,
``collect`` (a stream as a data set, and a data set as a stream) and ``opening`` (any source).
"""

from typing import TYPE_CHECKING

from tenfold import lazy

if TYPE_CHECKING:
    from tenfold.data.streams.batches import NO_LABEL, EncodedPicture, ImageBatch, ImageStream
    from tenfold.data.streams.encoded import Decode, decode_image
    from tenfold.data.streams.opening import open_stream
else:
    __getattr__, __dir__ = lazy.lazy_names(
        __name__,
        {
            "batches": ["NO_LABEL", "EncodedPicture", "ImageBatch", "ImageStream"],
            "encoded": ["Decode", "decode_image"],
            "opening": ["open_stream"],
        },
    )

__all__ = [
    "NO_LABEL",
    "Decode",
    "EncodedPicture",
    "ImageBatch",
    "ImageStream",
    "decode_image",
    "open_stream",
]

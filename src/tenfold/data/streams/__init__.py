"""Streams: the images of any source one after the other, with few of them in memory at a time.

The modules, in reading order:

- ``batches``: what a stream yields
- ``rows`` and ``arrays``: arrays in files (IDX, npy, npz)
- ``tables``: CSV files
- ``encoded``: image files, which are decoded by threads
- ``pictures`` and ``tar``: folders and tar archives of image files
- ``parquet``, ``parquet_columns`` and ``parquet_rows``: Parquet files
- ``upright``: digits that are stored transposed are set upright
- ``collect``: a stream as a data set, and a data set as a stream
- ``opening``: a stream of any source
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

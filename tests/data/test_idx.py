import gzip
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tenfold.data import read_idx
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tests.data.damage import CODES, damaged, idx_bytes, read_or_none

GOOD = idx_bytes(np.arange(30, dtype=np.uint8).reshape(5, 3, 2))
ABSURD = bytes([0, 0, 8, 4]) + b"\xff" * 16
ANY_ARRAY = st.sampled_from(sorted(CODES)).flatmap(
    lambda kind: arrays.arrays(kind, arrays.array_shapes(min_dims=1, max_dims=4, max_side=5))
)


@given(array=ANY_ARRAY, zipped=st.booleans())
def test_all_dtypes_and_dimensions_are_read(array: Array, zipped: bool, scratch: Path) -> None:
    path = scratch / "any.idx"  # not called .gz: the content decides
    path.write_bytes(gzip.compress(idx_bytes(array)) if zipped else idx_bytes(array))
    result = read_idx(path)
    assert np.array_equal(result, array, equal_nan=array.dtype.kind == "f")
    assert result.dtype == array.dtype
    assert result.dtype.isnative


def test_a_file_written_by_hand_is_read(tmp_path: Path) -> None:
    # two zeros, code 0x0c (int32), 2 dimensions, sizes 1 and 3, then 1, -2 and 258
    (tmp_path / "file").write_bytes(
        bytes.fromhex("0000 0c02 00000001 00000003 00000001 fffffffe 00000102")
    )
    assert read_idx(tmp_path / "file").tolist() == [[1, -2, 258]]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\0\0\x08", "must begin with two zero bytes, got 00 00 08"),
        (b"label,pixel0", "must begin with two zero bytes, got 6c 61 62 65"),
        (b"\0\0\x07\x01" + GOOD[4:], "type code 0x07 is not one of the format's six"),
        (b"\0\0\x08\x00" + GOOD[4:], "must have 1 to 4 dimensions, got 0"),
        (b"\0\0\x08\x05" + b"\0\0\0\1" * 6, "dimensions, got 5"),
        (GOOD[:10], "ends within its header"),
        (GOOD[:-1], "5 x 3 x 2 items, (but 1 bytes are missing|more than the file can contain)"),
        (GOOD + b"\0", "continues after the 5 x 3 x 2 items"),
        (b"\0\0\x08\x02" + struct.pack(">II", 0, 28), "0 x 28 items, so the file contains no data"),
        (ABSURD, "states 4294967295 x .*, more than the file can contain"),
        (b"\x03\x08\0\0" + struct.pack("<III", 5, 3, 2) + GOOD[16:], "little-endian"),
        (GOOD[:4] + struct.pack("<III", 5, 3, 2) + GOOD[16:], "more than the file can contain"),
    ],
)
def test_damage_raises_with_its_kind(
    content: bytes, message: str, zipped: bool, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(content) if zipped else content)
    with pytest.raises(TenfoldError, match=f"file is not a valid IDX file: .*({message})"):
        read_idx(path)


def test_an_empty_file_raises(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TenfoldError, match="file is not a valid IDX file: it is empty"):
        read_idx(tmp_path / "file")
    (tmp_path / "file").write_bytes(gzip.compress(b""))
    with pytest.raises(TenfoldError, match="it must begin with two zero bytes, got nothing"):
        read_idx(tmp_path / "file")


def test_damaged_compression_raises(tmp_path: Path) -> None:
    whole = gzip.compress(GOOD)
    for content in (whole[:2], whole[:20], whole[:-1], whole[:-8] + b"\0" * 8, whole + b"more"):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(TenfoldError, match="compressed data is damaged"):
            read_idx(tmp_path / "file")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_each_truncated_file_raises(pack: type[bytes], tmp_path: Path) -> None:
    whole = pack(GOOD)
    for length in range(len(whole)):
        (tmp_path / "file").write_bytes(whole[:length])
        with pytest.raises(TenfoldError):
            read_idx(tmp_path / "file")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_wrong_header_allocates_no_memory(pack: type[bytes], tmp_path: Path) -> None:
    # also a size that a compressed file of this length could almost hold
    for sizes in (b"\xff" * 16, struct.pack(">4I", 2**29, 1, 1, 1)):
        (tmp_path / "file").write_bytes(pack(b"\0\0\x08\x04" + sizes))
        tracemalloc.start()
        with pytest.raises(TenfoldError):
            read_idx(tmp_path / "file")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 2**20


def test_a_missing_file_and_a_folder_raise(tmp_path: Path) -> None:
    with pytest.raises(TenfoldError, match="there is no file"):
        read_idx(tmp_path / "none")
    with pytest.raises(TenfoldError, match="is a folder"):
        read_idx(tmp_path)


@settings(max_examples=200)
@given(st.one_of(damaged(GOOD), damaged(gzip.compress(GOOD)), damaged(ABSURD)))
def test_any_bytes_give_an_array_or_raise_tenfold_error(scratch: Path, content: bytes) -> None:
    array = read_or_none(read_idx, scratch / "damaged.idx", content)
    assert array is None or array.size > 0


def test_a_file_above_2_gib_is_to_be_converted(tmp_path: Path) -> None:
    path = tmp_path / "a b"
    with path.open("wb") as file:  # zeros need no space on the disk
        file.write(bytes([0, 0, 8, 3]) + struct.pack(">III", 3_000_000, 28, 28))
        file.truncate(16 + 3_000_000 * 784)
    with pytest.raises(TenfoldError, match=r"than 2 GiB\. .*tenfold data convert '.*a b' -o"):
        read_idx(path)

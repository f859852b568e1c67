"""Picture files damaged at random, and the reader that must survive them.

    python -m tests.reading.damage 10000 [SEED]

writes that many files of all kinds of ``file_kinds``, most of them damaged, one after the other,
reads each as ``tenfold read`` does, and prints every traceback, every file that took long, and the
largest memory of all. The test suite runs a sample of the same.
"""

import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn import stream
from tenfold.reading import Reading
from tenfold.reading.pictures import read_many
from tests.reading.file_kinds import KINDS, whole_file, with_png_checksums

__all__ = ["KINDS", "damaged_file", "outcome"]

_SLOW = 5.0  # seconds
_WHOLE = 0.1  # share of the files that are not damaged


def damaged_file(kind: str, rng: np.random.Generator) -> bytes:
    """Return a file of a kind with wrong, missing, repeated or added bytes; rarely a whole one.

    Half of the PNG files get new checksums, since Pillow looks no further at wrong ones.
    """
    content = bytearray(whole_file(kind, rng))
    if rng.random() < _WHOLE:
        return bytes(content)
    for _ in range(int(rng.integers(1, 6))):
        _damage(content, rng)
    if kind.startswith("PNG") and rng.random() < 0.5:
        return with_png_checksums(bytes(content))
    return bytes(content)


def _damage(content: bytearray, rng: np.random.Generator) -> None:
    """Change a file, most often near its start, where its sizes and kinds are."""
    last = max(1, len(content))
    place = int(rng.integers(min(last, 64) if rng.random() < 0.4 else last))
    size = int(rng.integers(1, 40))
    action = rng.integers(5)
    if action == 0:
        content[place : place + 1] = bytes([int(rng.integers(256))])
    elif action == 1:
        content[place : place + 4] = int(rng.choice((0, 1, 2**16, 2**31 - 1, 2**32 - 1))).to_bytes(
            4, "little" if rng.random() < 0.5 else "big"
        )
    elif action == 2:
        del content[place : place + size]
    elif action == 3:
        content[place:place] = content[place : place + size]
    else:
        del content[place if rng.random() < 0.3 else last :]


def outcome(content: bytes) -> str:
    """Return what the reader makes of a file: "read", "refused", or "wrong" for anything else.

    A file that is refused must give one sentence that names it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged"
        path.write_bytes(content)
        [(_, result)] = read_many([path])
    if isinstance(result, Reading):
        return "read"
    one = isinstance(result, TenfoldError) and "\n" not in str(result) and str(path) in str(result)
    return "refused" if one else "wrong"


def _trials(count: int, seed: int, outcomes: Counter[str]) -> Iterator[tuple[int, str, str]]:
    """Yield the number, the kind and the fault of each file that has one; count the outcomes."""
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        content = damaged_file(kind, stream(seed, "damaged pictures", number))
        start = time.process_time()
        fault = ""
        try:
            found = outcome(content)
            outcomes[found] += 1
            if found == "wrong":
                fault = "neither a reading nor one clear sentence"
        except Exception:
            fault = traceback.format_exc()
        seconds = time.process_time() - start
        if seconds > _SLOW:
            fault += f"\ntook {seconds:.0f} seconds"
        if fault:
            yield number, kind, fault


def main(arguments: list[str]) -> None:
    """Run the trials and print their faults."""
    count, seed = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 0
    faults = 0
    outcomes: Counter[str] = Counter()
    for number, kind, fault in _trials(count, seed, outcomes):
        faults += 1
        print(f"file {number}, {kind}: {fault}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count} files: {outcomes['read']} read, {outcomes['refused']} refused, {faults} faults; "
        f"at most {peak:.0f} MB of memory"
    )


if __name__ == "__main__":
    main(sys.argv[1:])

"""One training over the ranks of ``mpiexec``."""

import hashlib
import json
import re
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.recipes import RECIPES
from tenfold.runs import Run, check_team, create_run, execute, load_images, open_run
from tenfold.training import SINGLE_PROCESS, Team
from tenfold.training.team import SingleProcess
from tests.cluster.conftest import Start
from tests.training.team_trainings import OPTIONS, train

psutil = pytest.importorskip("psutil")

# Rank 1 fails while it reads the images.
_BROKEN_RANK = """
import os, sys
from tenfold.runs import relocation
from tenfold.errors import TenfoldError
from tenfold.__main__ import main
if os.environ["PMI_RANK"] == "1":
    def broken(run): raise TenfoldError("there are no images")
    relocation.load_images = broken
sys.argv[0] = "tenfold"
main()
"""
_TRAIN = (
    *("-m", "tenfold", "train", "mlp", "--no-pictures", "--hidden", "8", "--batch-size", "50"),
    *("--set", "shards=3", "--epochs", "6", "--checkpoint-every", "0"),
)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory, digits: Dataset) -> Path:
    """A file with 600 images."""
    path = tmp_path_factory.mktemp("data") / "digits.npz"
    np.savez(path, images=digits.images[..., 0], labels=digits.require_labels())
    return path


def test_the_bits_are_those_of_one_process(mpiexec: Start, digits: Dataset) -> None:
    job = mpiexec(3, "-m", "tests.cluster.mpi_program")
    output, errors = job.communicate(timeout=60)
    assert errors == ""
    found = json.loads(output)
    assert len(found) == len(OPTIONS)
    for name, digest in found.items():
        assert (
            hashlib.sha256(train(SINGLE_PROCESS, digits, **OPTIONS[name])).hexdigest() == digest
        ), name


def ranks_of(job: "subprocess.Popen[str]") -> list[Any]:
    children = psutil.Process(job.pid).children(recursive=True)
    return [child for child in children if "tenfold" in " ".join(child.cmdline())]


def test_a_killed_training_goes_on_in_one_process(
    mpiexec: Start, images: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    job = mpiexec(2, *_TRAIN, "--data", str(images), "--out", str(folder))
    while not (folder / "checkpoint.safetensors").exists():
        assert job.poll() is None
        time.sleep(0.02)
    ranks = ranks_of(job)
    assert len(ranks) == 2
    ranks[1].kill()
    job.communicate(timeout=10)
    assert job.returncode != 0
    assert psutil.wait_procs(ranks, timeout=2)[1] == []
    run = open_run(folder)
    assert not run.finished
    for _ in execute(run, load_images(run)):
        pass
    alone = create_run(replace(run, folder=tmp_path / "alone"))
    for _ in execute(alone, load_images(alone)):
        pass
    assert run.model.read_bytes() == alone.model.read_bytes()
    assert [row["epoch"] for row in run.records()] == list(range(1, 7))


def test_a_failing_rank_ends_all_with_one_message(
    mpiexec: Start, images: Path, tmp_path: Path
) -> None:
    plan = (*_TRAIN[2:], "--data", str(images), "--out", str(tmp_path / "run"))
    output, errors = mpiexec(2, "-c", _BROKEN_RANK, *plan).communicate(timeout=30)
    assert output == ""
    # mpiexec may end before it has passed on the end of the line
    assert re.fullmatch(r"tenfold: rank 1 of 2 on .*: there are no images\n?", errors)


def test_more_ranks_than_shards_are_refused(tmp_path: Path) -> None:
    run = Run(RECIPES["quick"], 0, tmp_path)  # two shards
    for size in (1, 2):
        check_team(run, team_of(size))
    with pytest.raises(TenfoldError, match=r"number of shards, 2, got 3: .* mpiexec -n 2"):
        check_team(run, team_of(3))


def team_of(size: int) -> Team:
    team = SingleProcess()
    team.size = size
    return team

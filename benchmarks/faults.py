"""Kill ranks, workers and drivers, and check that the models still have the same bytes.

    python -m benchmarks.faults                     all checks, some minutes
    python -m benchmarks.faults bits ranks          these only

It needs the extras ``mpi`` and ``cluster``, and a system with SIGKILL. Each check prints one line.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil

from tenfold.data import load_mnist
from tenfold.nn import stream
from tenfold.runs import open_run

MPIEXEC = str(Path(sys.executable).with_name("mpiexec"))
PYTHON = (sys.executable, "-m", "tenfold")
KILLS = 10
QUIET = ("--no-pictures",)
COMMON = ("--epochs", "4", "--set", "shards=4", "--checkpoint-every", "0")
# Batch normalisation, dropout and distortions; then all other options, and a short last batch.
NETWORKS = {
    "normalised": (
        *("quick", *COMMON, "--set", "architecture.dropout=0.2", "--set", "augment=Augment"),
        *("--set", "rotation=8", "--set", "shift=1"),
    ),
    "selective": (
        *("mlp", *COMMON, "--set", "selective=Selective", "--set", "max_norm=1"),
        *("--set", "batch_size=130"),
    ),
    "three shards": ("mlp", *COMMON, "--set", "shards=3"),
}


def main(names: Sequence[str]) -> None:
    """Carry out the named checks, or all."""
    for name, check in CHECKS.items():
        if not names or name in names:
            with tempfile.TemporaryDirectory() as folder:
                check(Path(folder))


def write_images(folder: Path) -> Path:
    """Write 2,500 images of MNIST to a file."""
    data = load_mnist("train").subset(slice(2500))
    path = folder / "digits.npz"
    np.savez(path, images=data.images[..., 0], labels=data.require_labels())
    return path


def start(argv: Sequence[str], ranks: int = 0) -> "subprocess.Popen[str]":
    """Start tenfold alone or on ranks."""
    launcher = [MPIEXEC, "-n", str(ranks)] if ranks else []
    return subprocess.Popen(
        [*launcher, *PYTHON, *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(argv: Sequence[str], ranks: int = 0) -> tuple[int, str]:
    """Run tenfold; return its exit code and its error stream."""
    process = start(argv, ranks)
    _, errors = process.communicate()
    return process.returncode, errors


def digest(folder: Path) -> str:
    """Return a short hash of all model files in a folder."""
    paths = sorted(folder.rglob("model.safetensors"))
    assert paths, f"{folder} has no model"
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:12]


def descendants(pid: int) -> list[psutil.Process]:
    """Return the processes that train, below a process."""
    children = psutil.Process(pid).children(recursive=True)
    return [child for child in children if "tenfold" in " ".join(child.cmdline())]


def check_bits(folder: Path) -> None:
    """Train each network without MPI and on 1 to 4 ranks."""
    images = ("--data", str(write_images(folder)))
    for name, plan in NETWORKS.items():
        found = {}
        for ranks in (0, 1, 2, 3, 4):
            out = folder / f"{name}-{ranks}"
            code, errors = finish(("train", *plan, *images, *QUIET, "--out", str(out)), ranks)
            found[ranks] = digest(out) if code == 0 else errors.strip()
        print(f"bits, {name}: {found}", flush=True)


def check_ranks(folder: Path) -> None:
    """Kill a random rank ten times; go on each time with another number of ranks."""
    images = ("--data", str(write_images(folder)))
    plan = ("train", *NETWORKS["normalised"], *images, *QUIET)
    assert finish((*plan, "--out", str(folder / "whole")))[0] == 0
    run, rng, left = folder / "run", stream(0, "kills"), 0
    argv: tuple[str, ...] = (*plan, "--out", str(run))
    for kill in range(KILLS):
        ranks = 2 + kill % 3
        job = start(argv, ranks)
        checkpoint = run / "checkpoint.safetensors"
        before = checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0
        while not checkpoint.exists() or checkpoint.stat().st_mtime_ns == before:
            assert job.poll() is None, job.communicate()
            time.sleep(0.02)
        processes = descendants(job.pid)[-ranks:]
        processes[int(rng.integers(ranks))].kill()
        job.communicate()
        left += len(psutil.wait_procs(processes, timeout=2)[1])
        argv = ("train", "--resume", str(run), *QUIET, "--checkpoint-every", "0")
    code, _ = finish(argv, 4)
    epochs = [row["epoch"] for row in open_run(run).records()]
    print(
        f"ranks: {KILLS} kills, {left} processes left after 2 s, exit code {code}, "
        f"epochs {epochs}, model {digest(run)}, undisturbed {digest(folder / 'whole')}",
        flush=True,
    )


def check_error(folder: Path) -> None:
    """Let rank 1 raise an exception in the middle of the training."""
    code = (
        "import os\n"
        "from tenfold.training.shards import Shards\n"
        "from tenfold.__main__ import main\n"
        "gradient = Shards.gradient\n"
        "def failing(self, images, labels, loss, step):\n"
        "    if step == 20 and os.environ.get('PMI_RANK') == '1':\n"
        "        print('FAILS', flush=True)\n"
        "        raise ValueError('no more memory')\n"
        "    return gradient(self, images, labels, loss, step)\n"
        "Shards.gradient = failing\n"
        "main()\n"
    )
    plan = ("train", *NETWORKS["normalised"], "--data", str(write_images(folder)), *QUIET)
    argv = [MPIEXEC, "-n", "2", sys.executable, "-c", code, *plan, "--out", str(folder / "run")]
    job = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert job.stdout is not None
    while "FAILS" not in job.stdout.readline():
        pass
    began = time.perf_counter()
    _, errors = job.communicate()
    seconds = time.perf_counter() - began
    last = errors.strip().splitlines()[-1]
    print(f"error: exit code {job.returncode} after {seconds:.1f} s: {last!r}", flush=True)


def check_owners(folder: Path) -> None:
    """Resume one folder twice at once."""
    images = ("--data", str(write_images(folder)))
    plan = ("train", *NETWORKS["normalised"], *images, *QUIET, "--out")
    assert finish((*plan, str(folder / "whole")))[0] == 0
    job = start((*plan, str(folder / "run")))
    while not (folder / "run" / "checkpoint.safetensors").exists():
        time.sleep(0.02)
    job.kill()
    job.communicate()
    resume = ("train", "--resume", str(folder / "run"), *QUIET)
    both = [start(resume), start(resume)]
    errors = [process.communicate()[1].strip() for process in both]
    codes = sorted(process.returncode for process in both)
    print(
        f"owners: exit codes {codes}, {next(filter(None, errors), '')!r}, model "
        f"{digest(folder / 'run')}, undisturbed {digest(folder / 'whole')}",
        flush=True,
    )


def check_drivers(folder: Path) -> None:
    """Kill the command of a series, of label errors and of a search, and repeat it."""
    images = str(write_images(folder))
    small = ("--hidden", "16", "--epochs", "12")
    commands = {
        "series": ("train", "mlp", "--data", images, *small, "--seeds", "4", "--out"),
        "label errors": ("data", "label-errors", images, "--recipe", "mlp", "--keep"),
        "tune": (
            *("tune", "mlp", "--trials", "4", "--data", images, "--set", "epochs=12"),
            *("--set", "hidden=16|24", "--out"),
        ),
    }
    for name, command in commands.items():
        whole, broken = folder / f"{name}-whole", folder / f"{name}-broken"
        assert finish((*command, str(whole), "--jobs", "1"))[0] == 0
        job = start((*command, str(broken), "--jobs", "1"))
        while not list(broken.rglob("metrics.json")):
            assert job.poll() is None, job.communicate()
            time.sleep(0.02)
        time.sleep(0.3)  # into the second run
        os.kill(job.pid, signal.SIGKILL)
        job.communicate()
        done = {path: path.stat().st_mtime_ns for path in broken.rglob("metrics.json")}
        code, _ = finish((*command, str(broken), "--jobs", "1"))
        again = sum(path.stat().st_mtime_ns != when for path, when in done.items())
        print(
            f"drivers, {name}: {len(done)} runs done when killed, exit code {code}, {again} "
            f"trained twice, {doubled(broken)} doubled lines, models {digest(broken)}, undisturbed "
            f"{digest(whole)}",
            flush=True,
        )


def check_workers(folder: Path) -> None:
    """Kill a Dask worker in the middle of a series."""
    images = ("--data", str(write_images(folder)))
    plan = ("train", "mlp", *images, "--hidden", "16", "--epochs", "12", "--seeds", "4", "--out")
    assert finish((*plan, str(folder / "alone"), "--jobs", "1"))[0] == 0
    file = folder / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli.dask_{}", "--scheduler-file", str(file)]
    local = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
    single = ["--nthreads", "1", "--no-nanny", "--death-timeout", "60", "--no-dashboard"]
    programs = [
        subprocess.Popen([part.format(kind) for part in (*dask, *more)], stderr=subprocess.DEVNULL)
        for kind, more in (("scheduler", local), ("worker", single), ("worker", single))
    ]
    while not file.exists():
        time.sleep(0.05)
    address = json.loads(file.read_text())["address"]
    job = start((*plan, str(folder / "dask"), "--cluster", address))
    while not list((folder / "dask").rglob("records.jsonl")):
        assert job.poll() is None, job.communicate()
        time.sleep(0.02)
    programs[1].kill()
    _, errors = job.communicate()
    for program in programs:
        program.kill()
        program.wait()
    assert job.returncode == 0, errors
    print(
        f"workers: exit code {job.returncode}, {doubled(folder / 'dask')} doubled lines, models "
        f"{digest(folder / 'dask')}, of --jobs 1 {digest(folder / 'alone')}",
        flush=True,
    )


def doubled(folder: Path) -> int:
    """Return the number of epochs that are recorded twice."""
    count = 0
    for path in folder.rglob("records.jsonl"):
        epochs = [json.loads(line)["epoch"] for line in path.read_text().splitlines()]
        count += len(epochs) - len(set(epochs))
    return count


CHECKS = {
    "bits": check_bits,
    "ranks": check_ranks,
    "error": check_error,
    "owners": check_owners,
    "drivers": check_drivers,
    "workers": check_workers,
}

if __name__ == "__main__":
    main(sys.argv[1:])

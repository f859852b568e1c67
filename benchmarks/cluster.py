"""Measure what several processes cost and save on this machine, and write it to docs/clusters.md.

Run it on an idle machine with at least two cores:

    python -m benchmarks.cluster            (prints the table)
    python -m benchmarks.cluster --write    (also writes it to docs/clusters.md)
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from tenfold.data import load_mnist
from tenfold.recipes import RECIPES
from tenfold.threads import cores
from tenfold.training import SINGLE_PROCESS, StepRecord, Team, fit

PAGE = Path(__file__).parents[1] / "docs" / "clusters.md"
START, END = "<!-- cluster -->", "<!-- /cluster -->"
MPIEXEC = Path(sys.executable).with_name("mpiexec")
STEPS, WARM_UP, EXCHANGES, SERIES = 60, 10, 300, 3
SIZES = (109_178, 273_570)  # parameters of quick and of standard


def step_milliseconds(name: str, team: Team, threads: int) -> float:
    """Return the median time of a training step of a recipe with two shards."""
    recipe = replace(RECIPES[name], shards=2)
    data = load_mnist("train").subset(np.arange((STEPS + WARM_UP) * (recipe.batch_size or 128)))
    arguments = recipe.fit_arguments(len(data)) | {"epochs": 1, "clean_epochs": 0}
    seconds, last = [], time.perf_counter()
    for record in fit(recipe.network(0), data, threads=threads, team=team, **arguments):
        now = time.perf_counter()
        if isinstance(record, StepRecord):
            seconds.append(now - last)
        last = now
    return 1000 * median(seconds[WARM_UP:])


def exchange_milliseconds(parameters: int, team: Team) -> float:
    """Return the median time of the sum of one gradient vector of each rank."""
    own, out = np.ones(parameters, np.float32), np.empty(parameters, np.float32)
    seconds = []
    for _ in range(EXCHANGES):
        start = time.perf_counter()
        team.sum([own], [1] * team.size, out)
        seconds.append(time.perf_counter() - start)
    assert (out == team.size).all()
    return 1000 * median(seconds)


def measure(team: Team, threads: int) -> dict[str, float]:
    """Return the times of a team."""
    found = {name: step_milliseconds(name, team, threads) for name in ("quick", "standard")}
    if team.size > 1:
        found |= {f"exchange {size}": exchange_milliseconds(size, team) for size in SIZES}
    return found


def on_two_ranks() -> dict[str, float]:
    """Return the times of two ranks of one thread each."""
    argv = [str(MPIEXEC), "-n", "2", sys.executable, "-m", "benchmarks.cluster", "--rank"]
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def as_rank() -> None:
    """Measure on this rank; rank 0 prints the times."""
    from tenfold.cluster.launcher import launched_ranks
    from tenfold.cluster.mpi_team import MpiTeam

    team = MpiTeam(launched_ranks())
    found = measure(team, 1)
    if team.rank == 0:
        print(json.dumps(found))
    else:
        assert team.next_run() is None
    team.end(60)


def eight_seeds(jobs: int) -> float:
    """Return the seconds of eight seeds of ``quick`` on a number of processes of one thread."""
    with tempfile.TemporaryDirectory() as folder:
        argv = [sys.executable, "-m", "tenfold", "train", "quick", "--seeds", "8", "--threads", "1"]
        argv += ["--jobs", str(jobs), "--out", f"{folder}/series", "--json"]
        start = time.perf_counter()
        subprocess.run(argv, check=True, capture_output=True)
        return time.perf_counter() - start


def seconds_at_once(count: int) -> float:
    """Return the longest training time of ``quick`` if ``count`` processes train it at once.

    The processes share memory and caches, so each of several processes is slower than one alone.
    Two trainings at once therefore take at least this time, however the work is distributed.
    """
    with tempfile.TemporaryDirectory() as folder:
        argv = [sys.executable, "-m", "tenfold", "train", "quick", "--threads", "1", "--no-figures"]
        runs = [Path(folder, str(seed)) for seed in range(count)]
        processes = [
            subprocess.Popen(
                [*argv, "--seed", run.name, "--out", str(run)], stdout=subprocess.DEVNULL
            )
            for run in runs
        ]
        assert [process.wait() for process in processes] == [0] * count
        metrics = [json.loads((run / "metrics.json").read_text("utf-8")) for run in runs]
        return max(float(each["seconds"]["train"]) for each in metrics)


def table() -> list[str]:
    """Return the rows of the table."""
    threads, ranks = measure(SINGLE_PROCESS, 2), on_two_ranks()
    rows = ["| measured | A | B | B / A |"]
    rows += ["|---|---|---|---|"]
    for name in ("quick", "standard"):
        ratio = ranks[name] / threads[name]
        rows.append(
            f"| step of `{name}`, with two threads (A) and with two ranks (B) "
            f"| {threads[name]:.1f} ms | {ranks[name]:.1f} ms | {ratio:.2f} |"
        )
    for size in SIZES:
        rows.append(
            f"| exchange of {size:,} parameters between two ranks (B) "
            f"| | {ranks[f'exchange {size}']:.2f} ms | |"
        )
    alone, at_once = seconds_at_once(1), seconds_at_once(2)
    rows.append(
        "| training of `quick` with one thread, alone (A) and while another process does the same "
        f"(B) | {alone:.2f} s | {at_once:.2f} s | {at_once / alone:.2f} |"
    )
    series = [(eight_seeds(1), eight_seeds(2)) for _ in range(SERIES)]
    one, two = (median(seconds) for seconds in zip(*series, strict=True))
    rows.append(
        "| 8 seeds of `quick`, one thread each, with one worker (A) and with two workers (B), "
        f"medians of {SERIES} | {one:.1f} s | {two:.1f} s | {two / one:.3f} |"
    )
    return rows


def environment() -> str:
    """Return the sentence about machine and versions."""
    import platform

    versions: dict[str, Any] = {"Python": platform.python_version(), "NumPy": np.__version__}
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    day = time.strftime("%Y-%m-%d")
    return f"Measured on {day} on {cores()} cores ({platform.machine()}), {listed}, seed 0."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--rank", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rank:
        as_rank()
        return
    os.environ["OMP_NUM_THREADS"] = "1"
    text = "\n".join([*table(), "", environment()])
    print(text)
    if options.write:
        page = PAGE.read_text("utf-8")
        before, after = page.split(START)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{START}\n{text}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()

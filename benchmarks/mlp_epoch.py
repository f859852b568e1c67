"""How long does an epoch take? tenfold beside PyTorch and the machine's own limit, in one run.

The machine is noisy, so the subjects alternate, each epoch is timed apart, and what counts is the
ratio of the medians. Writes benchmarks/latest.json and prints the table.
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from subjects import SUBJECTS

from tenfold.recipes import environment

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=11, help="epochs per subject")
    times = measure(parser.parse_args().repetitions)
    rows = [row(name, seconds, times["tenfold"]) for name, seconds in times.items()]
    report = {"environment": environment(), "rows": rows}
    (HERE / "latest.json").write_text(json.dumps(report, indent=2) + "\n")
    print(f"{'seconds per epoch':<24}{'median':>9}{'low':>9}{'high':>9}{'to tenfold':>12}")
    for r in rows:
        print(
            f"{r['subject']:<24}{r['median']:>9.3f}{r['low']:>9.3f}{r['high']:>9.3f}"
            f"{r['ratio_to_tenfold']:>12.2f}"
        )
    best = min(r["median"] for r in rows if r["subject"].startswith("pytorch"))
    ours = statistics.median(times["tenfold"])
    print(f"tenfold takes {ours / best:.2f} times PyTorch's best time")


def measure(repetitions: int) -> dict[str, list[float]]:
    """Let every subject train one epoch in turn, so many times."""
    workers = {name: start(name) for name in SUBJECTS}
    times: dict[str, list[float]] = {name: [] for name in workers}
    for _ in range(repetitions):
        for name, worker in workers.items():
            times[name].append(float(ask(worker)))
    for worker in workers.values():
        worker.communicate()
    return times


def start(name: str) -> "subprocess.Popen[str]":
    worker = subprocess.Popen(
        [sys.executable, str(HERE / "subjects.py"), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    if worker.stdout.readline().strip() != "ready":
        sys.exit(f"{name} did not start; install what it needs with: make .venv/bench")
    return worker


def ask(worker: "subprocess.Popen[str]") -> str:
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write("go\n")
    worker.stdin.flush()
    return worker.stdout.readline()


def row(name: str, seconds: list[float], ours: list[float]) -> dict[str, Any]:
    median = statistics.median(seconds)
    return {
        "case": "784-128-64-10, batch 128, Adam",
        "metric": "seconds per epoch",
        "subject": name,
        "median": median,
        "low": min(seconds),
        "high": max(seconds),
        "ratio_to_tenfold": median / statistics.median(ours),
    }


if __name__ == "__main__":
    main()

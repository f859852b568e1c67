"""``tenfold train --profile``: the time of each layer in a training step."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from tenfold.inspection import Timing
    from tenfold.recipes import Recipe

__all__ = ["print_profile"]


def print_profile(recipe: "Recipe", data: Path | None, seed: int, as_json: bool) -> None:
    """Measure a few steps of a recipe on one thread; print the time and GFLOP/s of each layer."""
    from copy import deepcopy

    from tenfold.cli.shared.tables import print_table
    from tenfold.inspection import profile

    train = recipe.source.load(data).train
    size = max(1, min(recipe.batch_size or len(train), len(train)) // recipe.shards)
    timings = profile(
        recipe.network(seed),
        train,
        optimizer=deepcopy(recipe.optimizer),
        loss=recipe.loss,
        shard_size=size,
    )
    if as_json:
        typer.echo(json.dumps({"images": size, "parts": [asdict(t) for t in timings]}, indent=2))
        return
    head = ("", "forward ms", "GFLOP/s", "backward ms", "GFLOP/s", "share")
    total = sum(t.forward + t.backward for t in timings)
    print_table(head, [_row(t, total) for t in timings])
    shards = f" (one of the {recipe.shards} shards of a batch)" if recipe.shards > 1 else ""
    typer.echo(f"\n{total:.2f} ms for one step on one thread, with {size:,} images{shards}.")


def _row(timing: "Timing", total: float) -> list[str]:
    share = (timing.forward + timing.backward) / total
    return [
        timing.name,
        *_time_and_speed(timing.forward, timing.forward_flop),
        *_time_and_speed(timing.backward, timing.backward_flop),
        f"{share:.1%}",
    ]


def _time_and_speed(milliseconds: float, flop: int) -> tuple[str, str]:
    if not milliseconds:
        return "", ""
    return f"{milliseconds:.3f}", f"{flop / milliseconds / 1e6:.1f}" if flop else ""

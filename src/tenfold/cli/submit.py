"""``tenfold submit``: answers for Kaggle's Digit Recognizer."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["submit"]


def submit(
    model: Annotated[Path, typer.Argument(help="A model file or a run folder.")],
    test: Annotated[Path, typer.Argument(help="The competition's test.csv.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where to write the answers.")] = Path(
        "submission.csv"
    ),
) -> None:
    """Write a submission.csv (ImageId from 1, Label) for a test.csv, and check it.

    \b
    tenfold submit runs/001-mlp test.csv -o submission.csv
    """
    import numpy as np

    from tenfold.cli.model import find_model
    from tenfold.data import read_kaggle_csv, read_submission, write_submission

    network = find_model(model).network
    dataset = read_kaggle_csv(test)
    write_submission(out, network.predict(dataset.images))
    labels = read_submission(out)
    counts = np.bincount(labels, minlength=10)
    typer.echo(f"{out}: {len(labels):,} answers, header ImageId,Label, ids 1 to {len(labels)}")
    typer.echo("digits: " + "  ".join(f"{digit}: {n:,}" for digit, n in enumerate(counts)))

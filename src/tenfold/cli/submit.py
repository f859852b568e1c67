"""``tenfold submit``: answers for Kaggle's Digit Recognizer."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["submit"]


def submit(
    model: Annotated[
        Path, typer.Argument(help="A model file, a run folder, or a name from: tenfold models.")
    ],
    test: Annotated[Path, typer.Argument(help="The competition's test.csv.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Where to write the answers.")] = Path(
        "submission.csv"
    ),
    answers: Annotated[
        Path | None, typer.Option(help="The true labels (ImageId,Label), where they are known.")
    ] = None,
) -> None:
    """Write a submission.csv (ImageId from 1, Label) for a test.csv, and check it.

    \b
    tenfold submit runs/001-mlp test.csv -o submission.csv
    tenfold submit runs/kaggle digits/test.csv --answers digits/test-labels.csv
    """
    import numpy as np

    from tenfold.cli.model import find_model
    from tenfold.data import read_kaggle_csv, read_submission, write_submission
    from tenfold.errors import UsageError
    from tenfold.evaluation import predict_probabilities

    if out.resolve() == test.resolve():
        raise UsageError(f"{out} is the file with the images: write the answers somewhere else")
    network = find_model(model).network
    dataset = read_kaggle_csv(test)
    if dataset.labels is not None:
        typer.echo(f"Note: {test} has labels already: it is no test.csv", err=True)
    truth = None if answers is None else read_submission(answers)
    if truth is not None and len(truth) != len(dataset):
        raise UsageError(f"{answers} has {len(truth):,} labels for {len(dataset):,} images")
    write_submission(out, predict_probabilities(network, dataset.images).argmax(axis=1))
    labels = read_submission(out)
    counts = np.bincount(labels, minlength=10)
    typer.echo(f"{out}: {len(labels):,} answers, header ImageId,Label, ids 1 to {len(labels)}")
    typer.echo("digits: " + "  ".join(f"{digit}: {n:,}" for digit, n in enumerate(counts)))
    if truth is not None:
        right = int((labels == truth).sum())
        typer.echo(f"score {right / len(truth):.5f} ({right:,} of {len(truth):,} right)")

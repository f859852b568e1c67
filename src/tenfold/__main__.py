"""Runs the command line: ``python -m tenfold``, and the program ``tenfold``."""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; Ctrl-C ends it with one line, also while modules are imported."""
    try:
        from tenfold.cli.main import run

        run()
    except KeyboardInterrupt:
        print("tenfold: interrupted", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()

"""Page: sections become one HTML file that needs nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from tenfold import __version__
from tenfold.errors import TenfoldError
from tenfold.files import write_text
from tenfold.recipes import Split
from tenfold.report.blocks import Section
from tenfold.report.context import Context, read_context
from tenfold.report.formatting import points
from tenfold.report.palette import PALETTE
from tenfold.report.sections import SECTIONS
from tenfold.runs import Run
from tenfold.threads import limit_threads

__all__ = ["Report", "write_report"]


@dataclass(frozen=True)
class Report:
    """A page that was written.

    Attributes:
        path: the file. ``size``: in bytes.
        missing: one sentence for each thing that it had to do without.
    """

    path: Path
    size: int
    missing: tuple[str, ...]

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own: how a notebook shows a report."""
        page = escape(self.path.read_text("utf-8"))
        return f'<iframe srcdoc="{page}" style="width:100%;height:45rem;border:0"></iframe>'


def write_report(run: Run, split: Split | None = None, path: str | Path | None = None) -> Report:
    """Write a finished run's page: one HTML file without any reference to something outside.

    It is drawn from the run folder alone; of the data, only what a study needs that has not been
    made yet. Equal folders give equal bytes.

    Args:
        run: a finished run.
        split: its data, if that is at hand; otherwise it is loaded when it is needed.
        path: the file; ``report.html`` in the run folder by default.

    Raises:
        TenfoldError: if the run is not finished, its files are damaged, the file cannot be
            written, or matplotlib or jinja2 is missing.
    """
    environment = _environment()  # first, so that nothing is read and drawn in vain
    context = read_context(run, split)
    with limit_threads(1):  # small products: two threads would wait for each other
        sections = [section for make in SECTIONS if (section := make(context)) is not None]
    target = run.folder / "report.html" if path is None else Path(path)
    page = _filled(environment, context, sections)
    write_text(target, page)
    return Report(target, len(page.encode()), tuple(context.missing))


def _environment() -> Any:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise TenfoldError(
            "a report needs jinja2, which is not installed: pip install 'tenfold[plots]'"
        ) from error
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates", encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["points"] = points
    environment.tests["text"] = lambda value: isinstance(value, str)
    return environment


def _filled(environment: Any, context: Context, sections: Sequence[Section]) -> str:
    run = context.run
    date = str(context.environment.get("date", ""))[:10]
    page: str = environment.get_template("page.html").render(
        name=run.folder.resolve().name,
        recipe=run.recipe,
        sections=sections,
        missing=context.missing,
        palette=PALETTE,
        version=__version__,
        date=date,
    )
    return page

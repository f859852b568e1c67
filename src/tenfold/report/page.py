"""The report as one HTML file that refers to no other file."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from tenfold import __version__
from tenfold.errors import TenfoldError
from tenfold.files import write_text
from tenfold.nn.arguments import PathLike, checked
from tenfold.plots.formatting import table_percent
from tenfold.recipes import Split
from tenfold.report.blocks import Section
from tenfold.report.context import Context, read_context
from tenfold.report.palette import PALETTE
from tenfold.report.sections import SECTIONS
from tenfold.runs import Run
from tenfold.threads import limit_threads

__all__ = ["Report", "write_report"]


@dataclass(frozen=True)
class Report:
    """A report that was written.

    Attributes:
        path: The file.
        size: Size of the file, in bytes.
        missing: One sentence for each thing that is missing from the report.
    """

    path: Path
    size: int
    missing: tuple[str, ...]

    def _repr_html_(self) -> str:
        """Return the page in a frame, for notebooks."""
        page = escape(self.path.read_text("utf-8"))
        return f'<iframe srcdoc="{page}" style="width:100%;height:45rem;border:0"></iframe>'


@checked
def write_report(run: Run, split: Split | None = None, path: PathLike | None = None) -> Report:
    """Write the report of a finished run: one HTML file that refers to no other file.

    The report is made from the files of the run folder. The data is used only for studies whose
    result is not in the folder yet. Equal folders give equal bytes.

    Args:
        run: A finished run.
        split: Data of the run, if already loaded; otherwise it is loaded when needed.
        path: The file; by default ``report.html`` in the run folder.

    Raises:
        TenfoldError: If the run is not finished, a file is damaged or cannot be written, or
            matplotlib or jinja2 is not installed.
    """
    environment = _environment()  # first, so that a missing package is noticed at once
    context = read_context(run, split)
    with limit_threads(1):  # faster for small matrix products
        sections = [section for make in SECTIONS if (section := make(context)) is not None]
    target = run.folder / "report.html" if path is None else Path(path)
    page = _fill_template(environment, context, sections)
    page = page.encode(errors="backslashreplace").decode()  # a path may contain invalid bytes
    write_text(target, page)
    return Report(target, len(page.encode()), tuple(context.missing))


def _environment() -> Any:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise TenfoldError(
            "a report needs jinja2, which is not installed: run pip install '.[plots]' "
            "in a checkout of tenfold"
        ) from error
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates", encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["table_percent"] = table_percent
    environment.tests["text"] = lambda value: isinstance(value, str)
    return environment


def _fill_template(environment: Any, context: Context, sections: Sequence[Section]) -> str:
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

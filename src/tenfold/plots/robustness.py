"""The accuracy of models on distorted and corrupted images."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from tenfold.data import CLASSES
from tenfold.inspection import DistortionCurve, Robustness
from tenfold.nn.array import Array
from tenfold.nn.constraints import Size
from tenfold.plots.formatting import axis_percent, short_percent
from tenfold.plots.style import COLOURS, FAINT, INK, MARKERS, styled_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Results", "corruptions_figure", "robustness_figure"]

Results: TypeAlias = Robustness | Mapping[str, Robustness]
"""One result, or several by model name."""

_LINE_STYLES = ("-", "--", "-.", ":") * 2
_HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----", "||||")
_PANEL_WIDTH = 2.87  # inches
_NOTE_STYLE: dict[str, Any] = {"textcoords": "offset points", "color": FAINT, "size": 7.5}


@styled_figure
def robustness_figure(results: Results, columns: Size = 3) -> "Figure":
    """Draw the accuracy against the strength of each distortion, one panel for each.

    The band is the 95% interval, the dotted line the accuracy of random guessing. A triangle on
    the x axis marks the strength that leaves images unchanged.

    Args:
        results: Result of ``measure_robustness``, or up to seven results by model name.
        columns: Number of panels in a row.

    Raises:
        ValueError: If there is no result, or more than seven.
        TenfoldError: If matplotlib is not installed.
    """
    from matplotlib.figure import Figure

    named = _by_name(results)
    first = next(iter(named.values()))
    rows = -(-len(first.curves) // columns)
    figure = Figure(figsize=(_PANEL_WIDTH * columns, 2.75 * rows + 0.9), layout="constrained")
    grid = list(figure.subplots(rows, columns, squeeze=False, sharey=True).flatten())
    for axes, name in zip(grid, first.curves, strict=False):
        _set_up_axes(axes, name, first.curves[name])
        for index, (model, result) in enumerate(named.items()):
            _draw(axes, model, result.curves[name], index)
    for axes in grid[len(first.curves) :]:
        axes.set_axis_off()
    for axes in grid[::columns]:
        axes.set_ylabel("accuracy")
    grid[0].annotate("guessing", (0, 1 / CLASSES), (0, 3), **_NOTE_STYLE)
    figure.suptitle(
        f"Accuracy against the strength of distortions: {_describe_images(named)}",
        x=0.015,
        ha="left",
        size=10.5,
        weight="bold",
    )
    if len(named) > 1:
        handles, labels = grid[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=min(len(named), 4))
    return figure


def _by_name(results: Results) -> Mapping[str, Robustness]:
    named = {"": results} if isinstance(results, Robustness) else results
    if not 1 <= len(named) <= len(COLOURS):
        raise ValueError(f"results must be 1 to {len(COLOURS)} results, got {len(named)}")
    return named


def _describe_images(named: Mapping[str, Robustness]) -> str:
    """Return the number and name of the images, for each result if they differ."""
    used = {f"{result.clean.n:,} images of {result.data}": None for result in named.values()}
    return "; ".join(used)


def _set_up_axes(axes: "Axes", name: str, curve: DistortionCurve) -> None:
    strengths = [strength for strength, _ in curve.points]
    margin = 0.04 * abs(strengths[-1] - strengths[0])
    ends = (strengths[0], strengths[-1])
    # The strengths of the contrast distortion decrease, so its axis runs backwards: like the other
    # axes, it goes from a weak to a strong distortion.
    direction = 1 if ends[1] >= ends[0] else -1
    axes.set_xlim(ends[0] - direction * margin, ends[1] + direction * margin)
    axes.set_ylim(0, 1.02)
    axes.yaxis.set_major_formatter(axis_percent)
    axes.set_title(name.capitalize())
    axes.set_xlabel(curve.unit)
    axes.axhline(1 / CLASSES, color=FAINT, linestyle=":", linewidth=1)
    axes.plot([curve.neutral], [0], "^", color=INK, markersize=5, clip_on=False, zorder=5)
    if curve.neutral not in ends:
        axes.annotate("unchanged", (curve.neutral, 0), (5, 3), **_NOTE_STYLE)


def _draw(axes: "Axes", model: str, curve: DistortionCurve, index: int) -> None:
    strengths = [strength for strength, _ in curve.points]
    accuracies = [count.accuracy for _, count in curve.points]
    low, high = zip(*(count.interval95 for _, count in curve.points), strict=True)
    colour = COLOURS[index]
    axes.fill_between(strengths, low, high, color=colour, alpha=0.2, linewidth=0)
    axes.plot(
        strengths,
        accuracies,
        _LINE_STYLES[index],
        marker=MARKERS[index],
        markersize=4,
        color=colour,
        label=model,
    )


@styled_figure
def corruptions_figure(results: Results, examples: Mapping[str, Array] | None = None) -> "Figure":
    """Draw the accuracy under each corruption as a bar with its 95% interval, the best on top.

    Args:
        results: Result of ``measure_robustness``, or up to seven results by model name; the first
            decides the order of the bars.
        examples: For each corruption, an image (28, 28, 1) that shows it next to its name.

    Raises:
        ValueError: If there is no result, or more than seven.
        TenfoldError: If matplotlib is not installed.
    """
    from matplotlib.figure import Figure

    named = _by_name(results)
    first = next(iter(named.values()))
    order = sorted(first.corruptions, key=lambda name: -first.corruptions[name].accuracy)
    height = max(0.37, 0.2 * len(named))  # inches, for each corruption
    figure = Figure(figsize=(7.4, height * len(order) + 1.5), layout="constrained")
    axes = figure.add_subplot(xlim=(0, 1.14), ylim=(len(order) - 0.4, -0.6))
    for index, (model, result) in enumerate(named.items()):
        _bars(axes, model, result, order, (index, len(named)))
    axes.set_title(f"Accuracy under {len(order)} corruptions\n{_describe_images(named)}")
    clean = f", {short_percent(first.clean.accuracy)}" if len(named) == 1 else ""
    axes.set_xlabel(f"accuracy with 95% interval; vertical line: clean images{clean}")
    axes.xaxis.set_major_formatter(axis_percent)
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    axes.set_yticks(range(len(order)), [name.replace("_", " ") for name in order], color=INK)
    axes.tick_params(axis="y", length=0, pad=32 if examples else 4)
    axes.grid(visible=False, axis="y")
    for row, name in enumerate(order if examples else ()):
        _example(axes, (examples or {})[name], row)
    if len(named) > 1:
        figure.legend(loc="outside lower center", ncols=min(len(named), 4))
    return figure


def _bars(
    axes: "Axes", model: str, result: Robustness, order: list[str], position: tuple[int, int]
) -> None:
    """Draw the bars of one result; ``position`` is its index and the number of results."""
    index, results = position
    thickness = 0.72 / results
    middles = [row - 0.36 + (index + 0.5) * thickness for row in range(len(order))]
    counts = [result.corruptions[name] for name in order]
    axes.barh(
        middles,
        [count.accuracy for count in counts],
        0.9 * thickness,
        color=COLOURS[index],
        alpha=0.75,
        hatch=_HATCHES[index],
        edgecolor="white",
        linewidth=0,
        label=f"{model}, clean {short_percent(result.clean.accuracy)}",
    )
    for middle, count in zip(middles, counts, strict=True):
        axes.plot(count.interval95, [middle, middle], color=INK, linewidth=1.2)
        axes.annotate(
            short_percent(count.accuracy),
            (1.13, middle),  # beyond the bars and the lines of clean images
            ha="right",
            va="center",
            size=7.5,
        )
    axes.axvline(
        result.clean.accuracy, color=COLOURS[index], linestyle=_LINE_STYLES[index], linewidth=1
    )


def _example(axes: "Axes", image: Array, row: int) -> None:
    """Show a digit next to its bar, dark on white."""
    from matplotlib.offsetbox import AnnotationBbox, OffsetImage

    shown = OffsetImage(image[..., 0], zoom=0.75, cmap="gray_r", norm=None)
    shown.image.set_clim(0, 255)
    axes.add_artist(
        AnnotationBbox(
            shown,
            (0, row),
            xybox=(-17, 0),
            boxcoords="offset points",
            frameon=True,
            pad=0.05,
            bboxprops={"edgecolor": FAINT, "linewidth": 0.5},
        )
    )

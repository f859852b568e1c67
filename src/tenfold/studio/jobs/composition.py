"""A network that is put together layer by layer: the shape after each layer, and what is wrong."""

from typing import Any

from tenfold.recipes import Sequential
from tenfold.studio.server.messages import MessageError, read_field

__all__ = ["composition"]


def composition(entry: Any) -> dict[str, Any]:
    """Return the layers of ``{layout, padding}`` with shapes and numbers of parameters.

    ``rows`` ends before the first layer that is impossible; ``problem`` then says why.

    Raises:
        MessageError: If the entry has another form.
        ValueError: If the padding is neither "valid" nor "same".
    """
    if not isinstance(entry, dict):
        raise MessageError("a layout must be an object")
    entry = {"type": "compose"} | entry  # for the errors of ``read_field``
    network = Sequential(
        read_field(entry, "layout", str), read_field(entry, "padding", str, "valid")
    )
    rows: list[dict[str, Any]] = []
    problem = ""
    try:
        for stage in network.stages():
            count = sum(parameter.size for parameter in stage.layer.parameters)
            rows.append({"shape": list(stage.output), "parameters": count})
    except ValueError as error:
        problem = str(error)
    return {"rows": rows, "problem": problem}

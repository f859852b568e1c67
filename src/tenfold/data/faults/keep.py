"""Lines of Python that select images, for fixes."""

__all__ = ["code_to_keep", "code_to_keep_each_once"]


def code_to_keep(labelled: bool) -> str:
    """Return the line of Python that keeps the images in ``keep``, and their labels."""
    return "images, labels = images[keep], labels[keep]" if labelled else "images = images[keep]"


def code_to_keep_each_once(labelled: bool) -> str:
    """Return the lines that keep the first of equal images, and their labels, if any."""
    return (
        "keep = np.sort(np.unique(images.reshape(len(images), -1), axis=0, return_index=True)[1]); "
        f"{code_to_keep(labelled)}"
    )

"""Convolution and pooling in plain loops over plain numbers, as in ``reference.py``.

Images are lists, images[n][row][column][channel]; a weight is weight[k][l][c][f]. The positions of
a window are not computed by a formula: it slides from the edge of the padded image on, one stride
at a time, as long as it fits.
"""

from collections.abc import Iterator

__all__ = [
    "average_pool",
    "average_pool_backward",
    "conv_backward",
    "conv_forward",
    "max_pool",
    "max_pool_backward",
    "padding_around",
    "slide",
]

Image = list[list[list[float]]]
Images = list[Image]
Weight = list[Image]
Pair = tuple[int, int]


def padding_around(padding: str | int, kernel: int) -> Pair:
    """Return the number of zeros before and after an image, along each axis."""
    if isinstance(padding, int):
        return padding, padding
    # "same": kernel - 1 zeros; if they cannot be halved, one more after the image.
    zeros = kernel - 1 if padding == "same" else 0
    return zeros // 2, zeros - zeros // 2


def slide(size: int, kernel: int, stride: int, padding: Pair = (0, 0)) -> list[int]:
    """Return the first pixel of each window on an axis; in the padding it is negative."""
    starts, start = [], -padding[0]
    while start + kernel <= size + padding[1]:
        starts.append(start)
        start += stride
    return starts


def meetings(
    image: Image, weight: Weight, stride: int, padding: Pair
) -> Iterator[tuple[int, int, int, int, int, int]]:
    """Yield (i, j, k, l, row, column) where output (i, j) uses that pixel with weight (k, l)."""
    for i, top in enumerate(slide(len(image), len(weight), stride, padding)):
        for j, left in enumerate(slide(len(image[0]), len(weight[0]), stride, padding)):
            for k in range(len(weight)):
                for l in range(len(weight[0])):  # noqa: E741 - the formula's letter
                    row, column = top + k, left + l
                    if 0 <= row < len(image) and 0 <= column < len(image[0]):
                        yield i, j, k, l, row, column


def conv_forward(
    x: Images, weight: Weight, bias: list[float], stride: int, padding: Pair
) -> Images:
    """y[n][i][j][f] = bias[f] + sum over k, l, c of x[n][row][column][c] * weight[k][l][c][f]."""
    y = []
    for image in x:
        rows = slide(len(image), len(weight), stride, padding)
        columns = slide(len(image[0]), len(weight[0]), stride, padding)
        out = [[list(bias) for _ in columns] for _ in rows]
        for i, j, k, l, row, column in meetings(image, weight, stride, padding):  # noqa: E741
            for c in range(len(image[row][column])):
                for f in range(len(bias)):
                    out[i][j][f] += image[row][column][c] * weight[k][l][c][f]
        y.append(out)
    return y


def conv_backward(
    x: Images, weight: Weight, dy: Images, stride: int, padding: Pair
) -> tuple[Images, Weight, list[float]]:
    """Return (dx, dweight, dbias), one product of the chain rule at a time."""
    features = len(weight[0][0][0])
    dx, dbias = zeros_like(x), [0.0] * features
    dweight = zeros_like(weight)
    for image, dimage, dout in zip(x, dx, dy, strict=True):
        for i, j, k, l, row, column in meetings(image, weight, stride, padding):  # noqa: E741
            for c in range(len(image[row][column])):
                for f in range(features):
                    dimage[row][column][c] += dout[i][j][f] * weight[k][l][c][f]
                    dweight[k][l][c][f] += dout[i][j][f] * image[row][column][c]
        for drow in dout:
            for place in drow:
                for f in range(features):
                    dbias[f] += place[f]
    return dx, dweight, dbias


def max_pool(x: Images, window: Pair, stride: int) -> Images:
    """y[n][i][j][c] = the largest of the values in the window."""
    y = outputs(x, window, stride)
    for n, i, j, c, pixels in neighbourhoods(x, window, stride):
        row, column = first_largest(x[n], pixels, c)
        y[n][i][j][c] = x[n][row][column][c]
    return y


def max_pool_backward(x: Images, window: Pair, stride: int, dy: Images) -> Images:
    """Add each dy at the first of the largest values, row by row."""
    dx = zeros_like(x)
    for n, i, j, c, pixels in neighbourhoods(x, window, stride):
        row, column = first_largest(x[n], pixels, c)
        dx[n][row][column][c] += dy[n][i][j][c]
    return dx


def average_pool(x: Images, window: Pair, stride: int) -> Images:
    """y[n][i][j][c] = the sum of the values in the window, divided by their number."""
    y = outputs(x, window, stride)
    for n, i, j, c, pixels in neighbourhoods(x, window, stride):
        for row, column in pixels:
            y[n][i][j][c] += x[n][row][column][c] / len(pixels)
    return y


def average_pool_backward(x: Images, window: Pair, stride: int, dy: Images) -> Images:
    """Add an equal part of dy at each pixel of a window."""
    dx = zeros_like(x)
    for n, i, j, c, pixels in neighbourhoods(x, window, stride):
        for row, column in pixels:
            dx[n][row][column][c] += dy[n][i][j][c] / len(pixels)
    return dx


def neighbourhoods(
    x: Images, window: Pair, stride: int
) -> Iterator[tuple[int, int, int, int, list[Pair]]]:
    """Yield (n, i, j, c, the pixels of the window of this output, row by row)."""
    for n, image in enumerate(x):
        for i, top in enumerate(slide(len(image), window[0], stride)):
            for j, left in enumerate(slide(len(image[0]), window[1], stride)):
                rows, columns = range(top, top + window[0]), range(left, left + window[1])
                pixels = [(row, column) for row in rows for column in columns]
                for c in range(len(image[0][0])):
                    yield n, i, j, c, pixels


def first_largest(image: Image, pixels: list[Pair], c: int) -> Pair:
    best = pixels[0]
    for row, column in pixels:
        if image[row][column][c] > image[best[0]][best[1]][c]:
            best = row, column
    return best


def outputs(x: Images, window: Pair, stride: int) -> Images:
    """Return zeros, one for each window and channel."""
    return [
        [
            [[0.0 for _ in image[0][0]] for _ in slide(len(image[0]), window[1], stride)]
            for _ in slide(len(image), window[0], stride)
        ]
        for image in x
    ]


def zeros_like(images: Images) -> Images:
    return [[[[0.0 for _ in pixel] for pixel in row] for row in image] for image in images]

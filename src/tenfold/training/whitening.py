"""Whitening: initialise the first layer with the principal components of its inputs.

Neighbouring pixels are correlated, so the outputs of a randomly initialised layer are correlated,
too. Outputs along principal components are not correlated with each other.
"""

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn import Conv2D, ConvMaxPool, Dense, Network, stream
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.threads import limit_threads

__all__ = ["images_to_whiten", "whiten"]

_IMAGES = 1_000  # number of images that ``whiten`` uses
_MIN_VARIANCE = 1e-3  # share of the mean variance; components with less are left out


@checked
def whiten(network: Network, images: Array) -> None:
    r"""Set the weights of the first layer to principal components, in place. They stay trainable.

    Let x be the part of the input from which one output is computed: a patch, or for Dense the
    whole image. Let m be its mean and C = V diag(l) V^T its covariance, where l_1 is the largest
    variance. The first two outputs are

    .. math:: y = \pm\, v_1^T (x - m) / \sqrt{l_1}

    with both signs, so that a ReLU loses no information. The next two use l_2, and so on. Each
    output has variance 1, and different pairs are not correlated. If there are more outputs than
    components, the remaining ones keep their random weights.

    Args:
        network: A new network. Its first layer with parameters must be a dense layer or a
            convolution.
        images: Raw training images, as for ``network.forward``. A thousand of them are used, chosen
            by the network's seed.

    Raises:
        ValueError: If the first layer with parameters is of another type, or there are no images.
        TenfoldError: If the kernel is larger than an image.

    References:
        Jordan, "94% on CIFAR-10 in 3.29 seconds on a single GPU" (2024).
    """
    index = network.first  # index of the first layer with parameters
    layer = network.layers[index]
    if not isinstance(layer, (Conv2D, ConvMaxPool, Dense)):
        raise ValueError(
            "the first layer with parameters must be a Dense or a convolution to be whitened, got "
            f"{type(layer).__name__}"
        )
    if len(images) == 0:
        raise ValueError("images must not be empty: whitening is computed from them")
    x = images_to_whiten(network, images)
    with limit_threads(1):  # the last bits depend on the number of threads
        for fixed_layer in network.layers[:index]:
            x = fixed_layer.forward(x)
        mean, components = _components(_inputs(layer, x))
        pairs = np.repeat(components, 2, axis=1)[:, : layer.outputs]
    pairs[:, 1::2] *= -1
    layer.weight.value.reshape(-1, layer.outputs)[:, : pairs.shape[1]] = pairs
    if layer.bias in layer.parameters:
        layer.bias.value[: pairs.shape[1]] = -mean @ pairs


def images_to_whiten(network: Network, images: Array) -> Array:
    """Return the images that ``whiten`` uses: a thousand, or all if there are fewer.

    They are in the order of the training images.

    Args:
        network: The network, whose seed chooses the images.
        images: Training images, an array or the ``images`` of mapped data.
    """
    chosen = stream(network.seed, "whiten").permutation(len(images))[:_IMAGES]
    return images[np.sort(chosen)]


def _inputs(layer: Conv2D | ConvMaxPool | Dense, x: Array) -> Array:
    """Return a matrix: each row is the part of an image from which one output is computed.

    Patches that reach beyond the edge of the image are left out.
    """
    if isinstance(layer, Dense):
        return x
    if layer.kernel > min(x.shape[1:3]):
        raise TenfoldError(
            f"a kernel of {layer.kernel} x {layer.kernel} does not fit into an image of "
            f"{x.shape[1]} x {x.shape[2]}, so the layer cannot be whitened: use a smaller kernel"
        )
    window = (layer.kernel, layer.kernel)
    patches = np.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2))
    return patches.transpose(0, 1, 2, 4, 5, 3).reshape(-1, layer.weight.size // layer.outputs)


def _components(rows: Array) -> tuple[Array, Array]:
    """Return the mean of the rows and, as columns, v_j / sqrt(l_j) in descending order of l_j."""
    rows = rows.astype(np.float64)
    mean = rows.mean(axis=0)
    rows -= mean
    variances, vectors = np.linalg.eigh(rows.T @ rows / len(rows))
    is_large = variances > max(_MIN_VARIANCE * variances.mean(), np.finfo(np.float32).tiny)
    variances, vectors = variances[is_large][::-1], vectors[:, is_large][:, ::-1]
    # The sign of an eigenvector is arbitrary: here its entry of the largest size becomes positive.
    largest = np.abs(vectors).argmax(axis=0)
    signs = np.sign(vectors[largest, np.arange(vectors.shape[1])])
    return mean, vectors * signs / np.sqrt(variances)

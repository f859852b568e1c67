"""Models as PyTorch files, and back, without importing PyTorch.

The module ``parts`` converts arrays to PyTorch's order of the axes, ``source`` writes the code of
an ``nn.Module``, and ``export`` writes both to files.
"""

"""PyTorch, without importing it: ``parts`` (arrays with PyTorch's axes), ``source``, ``export``."""

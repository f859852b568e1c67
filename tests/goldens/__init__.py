"""Recorded values of PyTorch, with which the tests compare."""

"""The tests, in the same subpackages as the code of ``tenfold``."""

"""The proof of ``tenfold.nn.layers``."""

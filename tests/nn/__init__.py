"""The proof of ``tenfold.nn``."""

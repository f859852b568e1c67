"""The proof: these rooms mirror those of ``tenfold``."""

"""The commands, one module each: ``tenfold NAME`` is the function ``NAME`` of module ``NAME``."""

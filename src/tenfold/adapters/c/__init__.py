"""C: ``export`` writes a C header: the functions of ``functions.h`` and the weights of a model."""

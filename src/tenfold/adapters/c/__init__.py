"""Models as C headers: the functions of ``functions.h``, and the weights of a model."""

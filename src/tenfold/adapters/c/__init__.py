"""C: ``export`` writes a header with the functions of this folder and the weights of a model."""

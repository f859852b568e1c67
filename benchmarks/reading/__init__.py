"""Measure how well numbers are read from pictures: tenfold beside other programs.

In reading order: ``downloads`` (data outside the repository), ``brush`` (a pen), ``sources`` (the
digits), ``compose`` (the pictures), ``cases`` (which pictures are read), ``answer``, ``readers``,
``worker`` and ``process`` (a reader in its own process), ``score``, ``run``, ``page``. No source
here may be used for training, and this code shares nothing with the generator that makes training
pictures.
"""

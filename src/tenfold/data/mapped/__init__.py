"""Data larger than memory: a folder of memory-mapped arrays, from ``tenfold data convert``.

In reading order: ``manifest`` (what the folder contains), ``writing`` (a stream into a folder),
``images`` (the mapped array, and rows of it), ``dataset`` (a data set of such images) and
``folder`` (the format).
"""

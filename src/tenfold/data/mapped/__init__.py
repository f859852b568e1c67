"""Data larger than memory: a folder of mapped arrays, as ``tenfold data convert`` writes it.

In reading order: ``manifest`` (what the folder contains), ``writing`` (a stream into a folder),
``images`` (the mapped array, and rows of it), ``dataset`` (a data set of such images) and
``folder`` (the format).
"""

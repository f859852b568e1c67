"""Compare the speed of tenfold with other libraries and the BLAS: ``python -m benchmarks.run``.

In reading order: ``nets`` (the networks), ``cases`` (the measurements), ``libraries`` (the
libraries and their modes, called subjects), ``subjects`` (the code of each library), ``worker``
(the process of a subject), ``run`` (measures the subjects in turn) and ``page`` (writes
docs/benchmarks.md).
"""

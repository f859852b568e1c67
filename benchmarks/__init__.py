"""How fast tenfold is, beside its peers and the machine's own limit: ``python -m benchmarks.run``.

In reading order: ``nets`` (what is trained), ``cases`` (what is measured of it), ``subjects`` (who
does it, one library a file, each in a process of its own), ``worker`` (such a process, seen from
outside), ``run`` (asks them in turn) and ``page`` (writes docs/benchmarks.md).
"""

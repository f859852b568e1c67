"""Measure the studio as its users meet it: ``python -m benchmarks.studio``.

In reading order: ``program`` (the studio as a process of its own), ``talking`` (clients without a
browser), ``latency`` (from the pointer to the painted answer, in Chromium; its script is
``stopwatch.js``), ``crowd`` (many clients at once), ``stuck`` (a client that never reads),
``refusals`` (requests that must be refused) and ``rows`` (results and their targets).
"""

"""Measuring scripts and the JSON files that they write; the tables in README and docs show them.

Each script is run from the top folder of the repository, such as ``python -m
experiments.measure_baselines``. ``results`` holds what they share, ``tables`` turns results into
Markdown, and ``fill_tables`` writes it into the pages. ``ship_model`` and ``calibrate_model``
prepare the models that are bundled with the package.
"""

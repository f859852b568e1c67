"""Measuring scripts, and the JSON files that they write; docs/ shows the results."""

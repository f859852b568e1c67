"""Checks of a run folder."""

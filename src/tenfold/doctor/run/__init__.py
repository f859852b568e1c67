"""Checks of a finished run."""

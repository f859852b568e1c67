"""Tests of tenfold.data."""

"""Faults that images and labels show by themselves, without a model: one file for each kind."""

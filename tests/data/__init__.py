"""Proof of the room for data."""

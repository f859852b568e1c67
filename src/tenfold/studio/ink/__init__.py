"""Ink: from the strokes of the pad to images, and what the networks say about them."""

"""Synthetic handwriting: strokes of digits and of other things, to train the digit network."""

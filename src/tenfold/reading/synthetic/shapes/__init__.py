"""Shapes as strokes: the notation, and the shapes of digits, letters and other things."""

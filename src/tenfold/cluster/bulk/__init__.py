"""Answers for many images, computed in parts: on workers, in little memory, and resumable."""

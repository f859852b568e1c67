"""Training for a page: a process of its own, with low priority, that trains up to four networks."""

"""Tours through the views: what is shown step by step, as data. The page walks through them."""

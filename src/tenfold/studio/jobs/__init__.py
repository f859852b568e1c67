"""Training for a page, in processes with low priority: of up to four networks, or fine-tuning."""

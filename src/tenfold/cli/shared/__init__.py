"""What several commands share: progress, tables, series."""

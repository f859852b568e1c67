"""What several commands share: options, errors, progress, tables, results, training."""

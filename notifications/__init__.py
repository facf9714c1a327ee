"""Who hears of it, and by which road."""

"""What member units report, period by period: what is expected, what came, and what the office says of it."""

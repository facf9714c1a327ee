"""What is watched after the strike-off: consolidation, look-backs, reverse checks, prevention."""

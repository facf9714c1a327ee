"""Whether a finding is an earlier one that has come back: traits, comparison, candidates, weights."""

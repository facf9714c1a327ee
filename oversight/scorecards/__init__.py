"""Scorecards (百分制): what a county's scheme asks, what the records say of it, the published score, and the appeal."""

"""The escalation ladder: its rungs, its versions, who receives what, and what a change would have done."""

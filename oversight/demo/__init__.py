"""What the demo city tells at the offices' desk: its mechanism, and a period that has just passed."""

"""What the demo city's offices' desk tells. Everything is invented."""
"""The offices' desk of the demo city: what its lead office and its member units have done so far."""

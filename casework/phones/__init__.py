"""Phones that work without a network: what travels along, the pieces of files that arrive, and what is still unsent."""

"""Supervision stations (监督站): where volunteers tell what they see, and hear what became of it."""

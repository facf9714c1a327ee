"""Labelled findings: what the relapse model learns from, and how well it does on words that it has not seen."""

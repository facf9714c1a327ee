"""Reads the words of a finding: what it is about, where, and which duty. Pure: no database, its word lists as data."""

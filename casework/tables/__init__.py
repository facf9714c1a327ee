"""Reads tables that people hand in: cells, columns, rows, and what became of them."""

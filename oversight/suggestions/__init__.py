"""Complaints and suggestions about the system itself, and the office's answers."""

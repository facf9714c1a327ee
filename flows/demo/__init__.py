"""The demo city: invented units, people and problems, so that a newcomer sees the office at work."""

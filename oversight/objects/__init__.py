"""The objects of a village that are looked after: its clarity walls (明白墙)."""

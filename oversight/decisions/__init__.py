"""Major matters of a village, decided in six steps (四议两公开)."""

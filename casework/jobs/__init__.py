"""Long jobs that a worker does and a page waits for."""

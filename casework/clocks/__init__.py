"""What every clock works with: the moment, how far it came, rows that rest, and waking a worker before its time."""

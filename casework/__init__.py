"""What a case is, and what may happen to it. Knows no process engine and no screen."""

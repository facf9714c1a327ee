"""Units, people, posts and responsibilities: who sits where, from which day on."""

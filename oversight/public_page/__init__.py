"""What villagers read without an account, and what they say there: off until the city's office turns it on."""

"""Plain values as they come in and are said: numbers, places on the earth, text, days, short codes. No database."""

"""Numbers as they come from outside: bounded before anything is done with them."""

MOST = 2**63 - 1  # what a database's key can be
DIGITS = 19


def whole_number(words: str, *, most: int = MOST) -> int | None:
    """The whole number, not below 0, that these digits say; None for anything else and for what is larger than `most`."""
    if not words.isdecimal() or len(words) > DIGITS:
        return None
    number = int(words)
    return number if number <= most else None

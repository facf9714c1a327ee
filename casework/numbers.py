"""Numbers as they come from outside: bounded before anything is done with them."""

MOST = 2**63 - 1  # what a database's key can be
DIGITS = 19
PLACES = 7  # of a degree: a centimetre


def whole_number(words: str, *, most: int = MOST) -> int | None:
    """The whole number, not below 0, that these digits say; None for anything else and for what is larger than `most`."""
    if not words.isdecimal() or len(words) > DIGITS:
        return None
    number = int(words)
    return number if number <= most else None


def coordinate(degrees: float | None) -> float | None:
    """A latitude or longitude as it is stored and sealed: every database gives back what it was given."""
    return None if degrees is None else round(degrees, PLACES) + 0.0

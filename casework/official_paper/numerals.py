"""Numerals of an official document's levels and issues."""

DIGITS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """一 for 1, 十二 for 12: the first level of an official document's items; from a hundred on in Arabic numerals."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return f"{DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{DIGITS[ones] if ones else ''}"

"""The short code of a case: what stands on a sheet of paper beside its QR code, and is typed where that can't be read.

Seven signs say which case, the eighth checks them. There are 23 signs, a prime number, and each place has a weight of
its own: so one wrong sign is always noticed, and two that changed their places as well.
"""

import unicodedata

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid

# Without what is taken for something else in handwriting or a poor print: 0 O Q, 1 I L, 5 S, 2 Z, 8 B, 6 G, U V, N.
SIGNS = "23456789ACDEFHJKMPRTWXY"
BASE = len(SIGNS)
LENGTH = 8
WEIGHTS = tuple(range(1, LENGTH + 1))
MOST = BASE ** (LENGTH - 1)
# Neighbours in the order of reporting look different. It has no factor in common with `MOST`; it hides nothing.
SPREAD = 1_234_567_891


def code_of(case: int) -> str:
    """The code of the case with this key, as it is printed: two groups of four."""
    rest = case * SPREAD % MOST
    values = []
    for _place in range(LENGTH - 1):
        rest, value = divmod(rest, BASE)
        values.append(value)
    values.append(_check(values))
    signs = "".join(SIGNS[value] for value in values)
    return f"{signs[:4]}-{signs[4:]}"


def case_of(words: str) -> int:
    """The key of the case that a code names, however it is written. Refuses what can be no code."""
    signs = "".join(sign for sign in unicodedata.normalize("NFKC", words[:40]).upper() if not sign.isspace())
    signs = signs.replace("-", "").replace("–", "").replace("—", "")
    if len(signs) != LENGTH or not set(signs) <= set(SIGNS):
        raise Invalid(
            "code_unreadable",
            _("A code has eight letters and digits, such as %(example)s. Look at the sheet again.")
            % {"example": code_of(1)},
            field="code",
        )
    values = [SIGNS.index(sign) for sign in signs]
    if values[-1] != _check(values[:-1]):
        raise Invalid(
            "code_wrong",
            _("One sign of this code is wrong, or two are swapped. Compare it with the sheet."),
            field="code",
        )
    number = sum(value * BASE**place for place, value in enumerate(values[:-1]))
    return number * pow(SPREAD, -1, MOST) % MOST


def _check(values: list[int]) -> int:
    """The eighth value: with it the weighted sum is divisible by the base."""
    weighted = sum(weight * value for weight, value in zip(WEIGHTS, values, strict=False))
    return -weighted * pow(WEIGHTS[-1], -1, BASE) % BASE

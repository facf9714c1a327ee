"""Whether two reports say the same: texts that share most of their pairs of characters share one of four windows.

MinHash over the pairs, two hashes a window: texts that are three quarters alike meet in a window nineteen times of
twenty, strangers hardly ever, so that a few indexed columns find a copy among millions.
"""

import hashlib
from functools import cache

from recognition.mentions import plain

# Texts shorter than this are alike by nature.
SHORTEST = 20
WINDOWS = 4
HASHES = 2 * WINDOWS
# How alike two texts must be, of 100.
LEAST_LIKENESS = 92.0


def words_windows(words: str) -> tuple[int, ...] | None:
    """What a text is found by, whatever its figures and dates; None where it is too short to say anything."""
    kept = "".join(letter for letter in plain(words) if letter.isalpha())
    if len(kept) < SHORTEST:
        return None
    hashes = [_hashes(kept[place : place + 2]) for place in range(len(kept) - 1)]
    least = [min(one[number] for one in hashes) for number in range(HASHES)]
    return tuple((least[2 * place] * 31 + least[2 * place + 1]) & 0x7FFF_FFFF for place in range(WINDOWS))


@cache
def _hashes(pair: str) -> tuple[int, ...]:
    digest = hashlib.blake2b(pair.encode(), digest_size=4 * HASHES).digest()
    return tuple(int.from_bytes(digest[4 * number : 4 * number + 4]) for number in range(HASHES))

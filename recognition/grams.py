"""Texts as the characters and pairs of characters that stand in them: many at once, as the rows of a sparse table.

A gram is counted by a hash of its characters, so that no list of them has to be kept; two of some thousand that occur
share a number now and then, which changes nothing that could be noticed.
"""

from collections.abc import Sequence
from typing import Any

import numpy
from numpy.typing import NDArray
from scipy import sparse

Numbers = NDArray[numpy.float64]
# scipy says nothing of its types.
Table = Any

BITS = 18
SIZE = 1 << BITS
# Odd numbers without a pattern; they are part of what the learned words are counted by, and stay.
_MIX = numpy.uint64(0x9E3779B97F4A7C15)
_STEP = numpy.uint64(0x100000001B3)


def grams_of(texts: Sequence[str], length: int) -> Table:
    """A row for each text with a one for each gram of so many characters; texts as `mentions.plain` gives them.

    Only Chinese characters and letters count: figures, marks and what stands between them part the grams.
    """
    signs = numpy.frombuffer(("\n".join(texts) + "\n").encode("utf-32-le"), dtype=numpy.uint32)
    ends = signs == ord("\n")
    rows = numpy.cumsum(ends) - ends
    is_word = ((signs >= 0x4E00) & (signs <= 0x9FFF)) | ((signs >= ord("a")) & (signs <= ord("z")))
    count = len(signs) - length + 1
    if count <= 0 or not texts:
        return sparse.csr_matrix((len(texts), SIZE))
    whole = is_word[:count].copy()
    mixed = signs[:count].astype(numpy.uint64) + numpy.uint64(length)
    for place in range(1, length):
        whole &= is_word[place : place + count]
        mixed = mixed * _STEP + signs[place : place + count]
    columns = ((mixed[whole] * _MIX) >> numpy.uint64(64 - BITS)).astype(numpy.int32)
    table = sparse.csr_matrix(
        (numpy.ones(len(columns)), (rows[:count][whole], columns)), shape=(len(texts), SIZE), dtype=numpy.float64
    )
    table.sum_duplicates()
    table.data[:] = 1.0
    return table


def weighed(table: Table, weight: Numbers) -> Table:
    """The same rows with each gram's weight, to the length of one; a row without grams stays empty."""
    found = table.copy()
    found.data = weight[found.indices]
    lengths = numpy.sqrt(numpy.asarray(found.multiply(found).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1.0
    return sparse.diags(1 / lengths) @ found


def shared(one: Table, other: Table) -> Numbers:
    """Row by row, the sum of the products."""
    return numpy.asarray(one.multiply(other).sum(axis=1)).ravel()

"""What was learned from findings that people labelled: how rare each gram is, and which items it speaks of.

The counts are data (`words.json`), made by `python -m config.relapses learn`. Of a text they give how likely each item of
the default catalogue is; the more often a gram stood in findings of an item, the more it speaks for it.
"""

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray
from scipy import sparse

from recognition.aspects import ASPECTS
from recognition.grams import SIZE, Table, grams_of

Numbers = NDArray[numpy.float64]

# Of the form of the file; a file of another one is refused.
VERSION = 1
WORDS = Path(__file__).with_name("words.json")

CODES = [item.code for aspect in ASPECTS for item in aspect.items]
ASPECT_OF = numpy.array(
    [[float(code.partition("-")[0] == aspect.code) for aspect in ASPECTS] for code in CODES], dtype=numpy.float64
)
# A gram is known from so many documents on; how much is assumed before anything was counted; how much the description
# says beside the category.
LEAST, ASSUMED, BESIDE_CATEGORY = 2, 1.0, 0.6
NEVER = 1e-9
# What a text says of an item is divided by the root of its grams. So many are added to them, or a handful would be as sure
# as a page: of sets left out 0.86 of what got 0.9 was right without them, 0.92 with 20, 0.95 with 40, and with 80 hardly
# anything got it (docs/relapse.md).
STEADIED_BY = 40.0
# From so likely on an item is taken for a finding without asking.
SURE = 0.9


class OtherVersion(Exception):
    """A file of learned weights or words that this program does not read."""


@dataclass(frozen=True)
class Words:
    """How rare each gram is (`rarity`, by its number), and how strongly it speaks for each item (`speaks`)."""

    rarity: Numbers
    known: NDArray[numpy.int32]
    speaks: Numbers

    def likely_items(self, descriptions: Sequence[str], categories: Sequence[str]) -> tuple[Numbers, Numbers, Numbers]:
        """By the description alone, by the category alone, and by both: for each text, how likely each item is."""
        told, called = self._heard(descriptions), self._heard(categories)
        return _shares(told), _shares(called), _together(told, called)

    def steady_shares(self, descriptions: Sequence[str], categories: Sequence[str]) -> Numbers:
        """For each finding how likely each item is, by both texts: a row of shares for a row of `CODES`. Of those that get
        0.9 some nine in ten are right, also where the texts are short; without a known gram all are equally likely.

        For proposals and for what is taken without asking. The weights of a relapse were learned on `likely_items`, which
        is surer of short texts than it may be.
        """
        return _together(self._heard(descriptions, STEADIED_BY), self._heard(categories, STEADIED_BY))

    def _heard(self, texts: Sequence[str], steadied_by: float = 0.0) -> Numbers:
        table = _both(texts)[:, self.known]
        counted = numpy.maximum(numpy.asarray(table.sum(axis=1)).ravel() + steadied_by, 1.0)
        return numpy.asarray(table @ self.speaks) / numpy.sqrt(counted)[:, None]


def _both(texts: Sequence[str]) -> Table:
    return sparse.csr_matrix(grams_of(texts, 1) + grams_of(texts, 2))


def _shares(heard: Numbers) -> Numbers:
    raised = numpy.exp(heard - heard.max(axis=1, keepdims=True)) if len(heard) else heard
    return raised / raised.sum(axis=1, keepdims=True) if len(heard) else raised


def _logs(heard: Numbers) -> Numbers:
    return numpy.log(_shares(heard) + NEVER)


def _together(told: Numbers, called: Numbers) -> Numbers:
    return _shares(_logs(called) + BESIDE_CATEGORY * _logs(told))


def learn(texts: Sequence[str], documents: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Count: `texts` for how rare a gram is, `documents` (words and the code of their item) for what it speaks of."""
    both = _both(texts)
    found = numpy.asarray(both.sum(axis=0)).ravel()
    table = _both([words for words, _code in documents])
    often = numpy.asarray(table.sum(axis=0)).ravel()
    known = numpy.flatnonzero(often >= LEAST)
    place = {code: n for n, code in enumerate(CODES)}
    rows = numpy.array([place[code] for _words, code in documents], dtype=numpy.int64)
    belongs = sparse.csr_matrix((numpy.ones(len(rows)), (rows, numpy.arange(len(rows)))), shape=(len(CODES), len(rows)))
    counts = numpy.asarray((belongs @ table[:, known]).todense())
    return {
        "version": VERSION,
        "findings": len(texts),
        "seen": _packed(numpy.flatnonzero(found).astype("<i4")),
        "seen_in": _packed(found[found > 0].astype("<u2")),
        "known": _packed(known.astype("<i4")),
        "items": CODES,
        "counts": _packed(counts.astype("<u2")),
    }


def words_of(data: dict[str, Any]) -> Words:
    """Read what `learn` gives. Refuses a file of another version, or of other items."""
    if data.get("version") != VERSION or data.get("items") != CODES:
        raise OtherVersion(
            f"The learned words are of version {data.get('version')}, and version {VERSION} with this catalogue's items is"
            " read. Make them anew: python -m config.relapses learn"
        )
    seen_in = numpy.zeros(SIZE)
    seen_in[_unpacked(data["seen"], "<i4")] = _unpacked(data["seen_in"], "<u2")
    known = _unpacked(data["known"], "<i4").astype(numpy.int32)
    counts = _unpacked(data["counts"], "<u2").reshape(len(CODES), len(known)).astype(numpy.float64)
    overall = counts.sum(axis=0)
    # What every item is assumed to say before anything was counted: what they all say together.
    assumed = counts + ASSUMED * len(CODES) * overall / max(1.0, overall.sum())
    speaks = numpy.log(assumed / assumed.sum(axis=1, keepdims=True))
    return Words(
        rarity=numpy.log((data["findings"] + 1) / (seen_in + 0.5)),
        known=known,
        speaks=(speaks - speaks.mean(axis=0)).T,
    )


def _packed(numbers: NDArray[Any]) -> str:
    return base64.b64encode(zlib.compress(numbers.tobytes(), 9)).decode()


def _unpacked(packed: str, kind: str) -> NDArray[Any]:
    return numpy.frombuffer(zlib.decompress(base64.b64decode(packed)), dtype=kind)


@cache
def current_words() -> Words:
    """The words in the repository."""
    return words_of(json.loads(WORDS.read_text(encoding="utf-8")))


# An item is taken for what the words mean from so likely on, and for what they may mean as well.
MEANT, MAYBE = 0.3, 0.05


def items_meant(
    descriptions: Sequence[str], categories: Sequence[str], words: Words | None = None
) -> list[tuple[str, str]]:
    """For each finding the item that its words mean, and the next likely one; "" where none is likely enough.

    Descriptions and categories as `mentions.plain` gives them.
    """
    if not descriptions:
        return []
    likely = (words or current_words()).likely_items(descriptions, categories)[2]
    ordered = numpy.argsort(-likely, axis=1, kind="stable")
    return [
        (
            CODES[best] if likely[row, best] >= MEANT else "",
            CODES[next_best] if likely[row, next_best] >= MAYBE else "",
        )
        for row, (best, next_best) in enumerate(ordered[:, :2])
    ]


def likeliest_items(
    descriptions: Sequence[str], categories: Sequence[str], words: Words | None = None
) -> dict[str, float]:
    """For findings that have something in common, by the item's code how likely each is that it is meant by all of them:
    the mean of their steady shares.

    Descriptions and categories as `mentions.plain` gives them.
    """
    if not descriptions:
        return {}
    likely = (words or current_words()).steady_shares(descriptions, categories).mean(axis=0)
    return dict(zip(CODES, likely.tolist(), strict=True))


def sure_items(descriptions: Sequence[str], categories: Sequence[str], words: Words | None = None) -> list[str]:
    """For each finding the code of the item that it is surely about (`SURE`), "" where none is.

    Descriptions and categories as `mentions.plain` gives them; many are read at once.
    """
    if not descriptions:
        return []
    likely = (words or current_words()).steady_shares(descriptions, categories)
    best = likely.argmax(axis=1)
    return [CODES[item] if shares[item] >= SURE else "" for item, shares in zip(best, likely, strict=True)]

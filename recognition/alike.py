"""How alike two findings are by their words, at several grains: a row of numbers for each pair.

Nothing here knows a list: rarity and items are learned (`learned.py`), the rest is counted in the two texts. `MARGINS`
say by how much a pair is ahead of the best other one of the same finding, or behind it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from recognition.differing import swapped
from recognition.grams import Table, grams_of, shared, weighed
from recognition.learned import ASPECT_OF, Words
from recognition.meaning import Meanings, unit_rows

Numbers = NDArray[numpy.float64]
Places = NDArray[numpy.int64]

# Texts as alike as this were cast in one mould: then what differs is what they are about.
SAME_MOULD = 0.6
NEARLY_THE_SAME = 0.7
# Texts about another problem of the same kind are often as near in meaning as this.
OFTEN_AS_NEAR = 0.5

TEXT = (
    "likeness",
    "nearly_same",
    "same_but_amounts",
    "swapped",
    "same_characters",
    "same_pairs",
    "shared_characters",
    "shared_pairs",
    "length",
    "in_order_now",
    "alike_in_what_fails",
    "no_category",
    "item_likely",
    "item_told",
    "item_called",
    "item_crossed",
    "aspect_likely",
    "item_doubt",
    "meaning",
    "meaning_near",
)
MARGINS = {
    "ahead_in_meaning": "meaning",
    "ahead_in_words": "shared_pairs",
    "ahead_in_item": "item_likely",
    "ahead_in_called": "item_called",
}
NAMES = (*TEXT, *MARGINS)


@dataclass(frozen=True)
class Findings:
    """Findings by their words, as `mentions.plain` gives them, and by what those mean; a category may be missing."""

    descriptions: Sequence[str]
    categories: Sequence[str]
    meanings: Meanings


# 半年前, 三个月, 7月, 三季度: how long or when; and an amount. What is told again with another one is told again.
_SPAN = re.compile(
    r"(?:\d+|[一二两三四五六七八九十半几数]+)(?:多|来)?(?:个半?)?(?:年|月|季度|旬|周|星期|天|日|小时)(?:多|余)?"
)
_AMOUNT = re.compile(r"\d+(?:\.\d+)?")
_NO_WORD = re.compile(r"[^\u4e00-\u9fffa-z0-9]")


# 栏杆换好了，桥板烂了；手续齐备，惟无影像: what is in order now stands first, and what fails behind the turn.
_IN_ORDER = re.compile(
    r"(?:已(?!经?(?:过期|到期|超))|齐备|补正|补齐|换好|修好|修通|补好|到岗|在岗|寻回|归还|找回|取得|规范|翔实|一致|改成|倒有|有了|够了|没再|冇再"
    r"|(?:换|修|补|交|贴|发|登记|上账|上帐|公示|清|收|开|去|装|通|写|来|给|满|删)(?:出来|回来)?[^，,；;。]{0,6}?了)"
)
_TURN = re.compile(r"[，,；;。]?(?:但是|但|惟|然而|然|可是|可(?![能以])|却|不过|只是|仅|就是|还是)|[，,；;。]")


def split_at_turn(text: str) -> tuple[str, str]:
    """What a text grants to be in order, and what it finds: ("", text) where nothing is granted."""
    for turn in _TURN.finditer(text):
        granted = text[: turn.start()]
        if len(granted) > 3 and _IN_ORDER.search(granted) and len(text) - turn.end() > 2:
            return granted, text[turn.end() :]
    return "", text


def masked(text: str) -> str:
    """The text without marks, every amount, day and span the same."""
    return _AMOUNT.sub("0", without_spans(_NO_WORD.sub("", text)))


def without_spans(text: str) -> str:
    """Every day and span the same; what has a number, as 2号井, keeps it."""
    return _SPAN.sub("0", text)


def features_of(findings: Findings, pairs: Places, words: Words) -> Numbers:
    """A row for each pair of places in `findings`, a column for each of `TEXT`."""
    if not len(pairs):
        return numpy.zeros((0, len(TEXT)))
    one, other = pairs[:, 0], pairs[:, 1]
    texts = _text_features(findings.descriptions, one, other, words)
    near = _nearness(findings.meanings, one, other)
    return numpy.column_stack(
        [*texts, *_item_features(findings, one, other, words), near, numpy.maximum(near - OFTEN_AS_NEAR, 0.0)]
    )


def with_margins(one: Places, found: Numbers) -> Numbers:
    """The columns of `TEXT` and behind them those of `MARGINS`; `one` is whose pair each row is."""
    if not len(one):
        return numpy.zeros((0, len(NAMES)))
    return numpy.column_stack([found, *(_ahead(one, found[:, TEXT.index(name)]) for name in MARGINS.values())])


def _text_features(said: Sequence[str], one: Places, other: Places, words: Words) -> list[Numbers]:
    lengths = numpy.array([len(text) for text in said], dtype=numpy.float64)
    plainer = [masked(text) for text in said]
    mine, its = [plainer[n] for n in one], [plainer[n] for n in other]
    ratio = process.cpdist(mine, its, scorer=fuzz.ratio, dtype=numpy.float64) / 100
    timeless = [without_spans(text) for text in said]
    first, second = [timeless[n] for n in one], [timeless[n] for n in other]
    alike = process.cpdist(first, second, scorer=fuzz.ratio, dtype=numpy.float64) / 100
    differs = numpy.zeros(len(one))
    for place in numpy.flatnonzero(alike >= SAME_MOULD):
        differs[place] = swapped(first[place], second[place])
    characters, pairs = grams_of(said, 1), grams_of(said, 2)
    nearly = numpy.maximum(ratio - NEARLY_THE_SAME, 0.0)
    granted, found = zip(*(split_at_turn(text) for text in said), strict=True)
    rare_in_all = _rare(pairs, one, other, words.rarity)
    rare_in_found = _rare_between(grams_of(found, 2), pairs, one, other, words.rarity)
    grants = numpy.array([bool(text) for text in granted])[one]
    lengths = numpy.array([len(text) for text in said], dtype=numpy.float64)
    return [
        ratio,
        nearly,
        numpy.where(differs == 0, nearly, 0.0),
        differs,
        _cosine(characters, one, other, words.rarity),
        _cosine(pairs, one, other, words.rarity),
        _rare(characters, one, other, words.rarity),
        rare_in_all,
        numpy.minimum(lengths[one], lengths[other]) / 50,
        # How much of what both say is said to be in order now.
        numpy.where(grants, numpy.maximum(rare_in_all - rare_in_found, 0.0), 0.0),
        numpy.where(grants, rare_in_found, 0.0),
    ]


def _item_features(findings: Findings, one: Places, other: Places, words: Words) -> list[Numbers]:
    has = numpy.array([bool(called) for called in findings.categories])
    by_text, by_category, by_both = words.likely_items(findings.descriptions, findings.categories)
    likely = _agree(by_both, by_both, one, other)
    known = has[one] & has[other]
    aspects = by_both @ ASPECT_OF
    return [
        1.0 - known,
        likely,
        _agree(by_text, by_text, one, other),
        numpy.where(known, _agree(by_category, by_category, one, other), 0.0),
        numpy.where(has[other], _agree(by_text, by_category, one, other), 0.0),
        _agree(aspects, aspects, one, other),
        -numpy.log(likely + 1e-3),
    ]


def _cosine(table: Table, one: Places, other: Places, rarity: Numbers) -> Numbers:
    found = weighed(table, rarity)
    return shared(found[one], found[other])


def _rare(table: Table, one: Places, other: Places, rarity: Numbers) -> Numbers:
    """How rare what both have is, together; longer texts have to share more."""
    counted = numpy.diff(table.indptr).astype(numpy.float64)
    weight = table.copy()
    weight.data = rarity[weight.indices]
    shorter = numpy.maximum(numpy.minimum(counted[one], counted[other]), 1.0)
    return shared(weight[one], table[other]) / numpy.sqrt(shorter)


def _rare_between(mine: Table, its: Table, one: Places, other: Places, rarity: Numbers) -> Numbers:
    """How rare what these parts share with those texts is, on the scale of `_rare`."""
    counted = numpy.diff(its.indptr).astype(numpy.float64)
    weight = mine.copy()
    weight.data = rarity[weight.indices]
    shorter = numpy.maximum(numpy.minimum(counted[one], counted[other]), 1.0)
    return shared(weight[one], its[other]) / numpy.sqrt(shorter)


def _nearness(meanings: Meanings, one: Places, other: Places) -> Numbers:
    rows = unit_rows(meanings)
    return numpy.einsum("ij,ij->i", rows[one], rows[other]).astype(numpy.float64)


def _agree(mine: Numbers, its: Numbers, one: Places, other: Places) -> Numbers:
    """How far two distributions are the same, from 0 to 1."""
    return numpy.asarray((numpy.sqrt(mine)[one] * numpy.sqrt(its)[other]).sum(axis=1))


def _ahead(one: Places, values: Numbers) -> Numbers:
    """Of each pair, how far it is ahead of the best other pair of the same finding; alone, ahead of nothing."""
    order = numpy.lexsort((-values, one))
    groups, starts, sizes = numpy.unique(one[order], return_index=True, return_counts=True)
    best = values[order][starts]
    # The last of all has none behind it; where there is one pair alone, the place is not read.
    next_best = values[order][numpy.minimum(starts + 1, len(order) - 1)]
    next_best = numpy.where(sizes > 1, next_best, 0.0)
    group = numpy.searchsorted(groups, one)
    is_best = numpy.zeros(len(one), dtype=bool)
    is_best[order[starts]] = True
    return numpy.where(is_best, values - next_best[group], values - best[group])

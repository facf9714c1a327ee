"""Where two texts of the same mould name different things: 灭蝇药品票据 where the other says 防汛沙袋票据."""

import re

from rapidfuzz.distance import Levenshtein

from casework.recognition.where import GENERIC

MOST = 2.0


def swapped(one: str, other: str) -> float:
    """How much of one text stands in place of something else in the other, from 0 to 2; two characters count as one.

    Figures, days and words that stand before anything don't count, nor what was only put in.
    """
    count = 0
    for step in Levenshtein.opcodes(one, other):
        if step.tag == "replace":
            before, after = (
                _content(one[step.src_start : step.src_end]),
                _content(other[step.dest_start : step.dest_end]),
            )
            count += min(len(before), len(after))
    return min(count / 2, MOST)


def _content(words: str) -> str:
    return GENERIC.sub("", re.sub(r"[^\u4e00-\u9fff]", "", words))

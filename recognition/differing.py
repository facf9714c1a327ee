"""Where two texts of the same mould name different things: 灭蝇药品票据 where the other says 防汛沙袋票据."""

import re

from rapidfuzz.distance import Levenshtein

MOST = 2.0

_FIGURE = re.compile(r"[\d.,%〇零一二三四五六七八九十百千万两半多余来几]+")
# A figure before one of these is the name of a thing and no amount: 二道街, 3号井, 六组.
_NUMBERS_A_THING = re.compile(r"[\d〇一二三四五六七八九十]*(?:号|组|队|社|排|栋|道|街|巷|片|区|标段|期工|支渠|斗渠)")
_DIRECTION = re.compile(r"[东西南北中前后左右里外上下大小新老]+")
# What only binds the words together.
_BINDING = re.compile(r"[的了和与及对将把在从由因被为等处已又再仍还是也都就去今上下本该共约近逾超满达有没未无不个们]")
# 未清理 for 未处置: what was not done is told in many words, and names no thing.
_IS_NOT_DONE = re.compile(r"[未没无不]$")
# A direction before one of these is a time or a manner: 上半年, 前后两次.
_IS_TIME = re.compile(r"(?:个?月|旬|半年|年|季|次|周|期|午|任|届|来|去|账|报|交)")


def swapped(one: str, other: str) -> float:
    """How much of one text stands in place of something else in the other, from 0 to 2: one for a single character, and
    a half for each further one.

    A direction or a thing's number that is another one says by itself that another thing is meant. Amounts, days and
    words that only bind don't count, nor what was only put in.
    """
    count = 0
    for step in Levenshtein.opcodes(one, other):
        if step.tag == "replace":
            before, after = one[step.src_start : step.src_end], other[step.dest_start : step.dest_end]
            behind = one[step.src_end : step.src_end + 3]
            if _FIGURE.fullmatch(before) and _FIGURE.fullmatch(after):
                count += 2 if _NUMBERS_A_THING.match(behind) else 0
            elif _DIRECTION.fullmatch(before) and _DIRECTION.fullmatch(after):
                count += 0 if _IS_TIME.match(behind) else 2
            elif _DIRECTION.fullmatch(before) or _DIRECTION.fullmatch(after):
                count += max(len(_content(before)), len(_content(after)))
            elif not _IS_NOT_DONE.search(one[: step.src_start]):
                count += min(len(_content(before)), len(_content(after)))
    return min((count + 1) / 2, MOST) if count else 0.0


def _content(words: str) -> str:
    return _BINDING.sub("", re.sub(r"[^\u4e00-\u9fff]", "", words))

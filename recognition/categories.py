"""Which catalogue item the category of a file means, when it is none of the names that the catalogue knows.

Offices name an item in their own short words: 票据没过监委会, 明白墙位置偏. The words are folded to one way of saying
it and compared, by characters and pairs of them, with every known name; the description decides between near ones.
"""

import math
import re
from collections import Counter
from functools import cache

from recognition.aspects import ASPECTS
from recognition.mentions import plain
from recognition.other_names import OTHER_NAMES

# Ways to say the same, folded before anything is compared.
FOLDED: tuple[tuple[str, str], ...] = (
    ("没有|没能|从未|尚未|未能|不曾|没|无|不(?=公开|公示|更新|遮雨|防雨|交|登记|入账|签字)", "未"),
    ("(?:公示|公开|明白|公告|宣传|村务|信息)(?:栏|墙)|明白栏", "墙"),
    ("公布|公告|张榜|上墙|贴出来?|张贴|公式|贴", "公示"),
    ("村务?监督委员会|村?监委会?", "监"),
    ("报账|报帐", "报销"),
    ("入帐", "入账"),
    ("迟缓|滞后|拖延|拖沓|迟延|拖|晚", "迟"),
    ("[遮淋漏挡]雨|防水|受潮", "防雨"),
    ("选址|设置|设立|安装", "位置"),
    ("补助|津贴|惠[农民残]资金|惠[农民]补贴", "补贴"),
    ("承包费|承包款|租赁费|合同款|租赁款|场地费", "租金"),
    ("印章|用章|盖章管理", "公章"),
    ("失实|不真实|弄虚作假|造假|作假|假的", "虚假"),
    ("[空缺离]岗|不在岗|缺位", "脱岗"),
    ("亲戚|亲友|亲朋|近亲|家人", "亲属"),
    ("步骤|环节", "步"),
    ("双?月报|季报|工作信息", "报告"),
    ("人选|人员构成", "成员"),
    ("竞标|竞拍|竞价|公开招租", "招标"),
    ("账本|账册|账簿|账目|账", "账"),
    ("四义两公开|四议二公开|4议2公开", "四议两公开"),
)
# How much the words of the category must agree with a name, and what a sign in the description adds to it.
LEAST = 0.3
PER_SIGN = 0.03
MOST_SIGNS = 4


def folded(words: str) -> str:
    for pattern, one in FOLDED:
        words = re.sub(pattern, one, words)
    return words


def grams(words: str) -> frozenset[str]:
    said = folded(words)
    return frozenset(said) | {said[place : place + 2] for place in range(len(said) - 1)}


@cache
def _names() -> tuple[tuple[tuple[str, frozenset[str], float], ...], dict[str, float]]:
    """Every known name with its item, its grams and their length; and how rare each gram is."""
    known = {
        (item.code, grams(plain(name)))
        for aspect in ASPECTS
        for item in aspect.items
        for name in (item.name, *item.aliases, *OTHER_NAMES.get(item.code, "").split())
    }
    counts = Counter(gram for _code, found in known for gram in found)
    rarity = {gram: math.log((len(known) + 1) / (count + 0.5)) ** 2 for gram, count in counts.items()}
    return tuple((code, found, _length(found, rarity)) for code, found in sorted(known, key=str)), rarity


def _length(found: frozenset[str], rarity: dict[str, float]) -> float:
    unknown = math.log(len(rarity) + 1)
    return math.sqrt(sum(rarity.get(gram, unknown) for gram in found))


@cache
def aspect_named(category: str) -> str:
    """The aspect whose name these words are."""
    return next((one.code for one in ASPECTS if plain(one.name) in category), "")


@cache
def likely_items(category: str) -> dict[str, float]:
    """How well the words fit the best name of each item, from 0 to 1; items that don't fit at all are left out."""
    names, rarity = _names()
    wanted = grams(category)
    length = _length(wanted, rarity)
    found: dict[str, float] = {}
    for code, name, its in names:
        shared = sum(rarity[gram] for gram in wanted & name)
        if shared:
            found[code] = max(found.get(code, 0.0), shared / (length * its))
    return found


def item_meant(category: str, heard: dict[str, float]) -> str:
    """The item that a category means; `heard` are the signs of each item in the description, in characters."""
    likely = likely_items(category)
    if max(likely.values(), default=0.0) < LEAST:
        return ""
    weighed = {code: fit + PER_SIGN * min(heard.get(code, 0.0), MOST_SIGNS) for code, fit in likely.items()}
    return max(sorted(weighed), key=lambda code: weighed[code])

"""The things that a text names, in plain characters: which of them the finding is about, which only say where it is."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

from recognition.things import ABOUT, THINGS, Rank

NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
NUMERAL = r"(?:\d{1,2}|十[一二三四五六七八九]|[一二三四五六七八九十])"
# Whom something is let or given to is not what it is about: 租给服装加工点.
TAKER = re.compile(r"(?:租|包|卖|转|借|发|批)给[^,。;、]{0,6}$")
# A thing's word with one of these behind it names a place and not the object.
BESIDE = r"(?:旁边?|边上?|[东西南北]侧|[东西南北]边|[东西南北]面|[东西南北]头|[东西南北]墙|门口|门前|门外|对面|对过|附近|隔壁|前面|后面|路口|院内|院里|里面|旁的)"

_T2S = OpenCC("t2s")


@dataclass(frozen=True)
class Mention:
    start: int
    end: int
    code: str
    rank: Rank


def plain(words: str) -> str:
    """Simplified characters, half width, small letters, no spaces."""
    return re.sub(r"\s+", "", _T2S.convert(unicodedata.normalize("NFKC", words)).lower())


def number(numeral: str) -> int:
    """十二 and 12 alike."""
    if numeral.isdigit():
        return int(numeral)
    if len(numeral) == 2:
        return 10 + NUMERALS[numeral[1]]
    return NUMERALS[numeral]


@dataclass(frozen=True)
class Lexicon:
    """The words of things, the longest first, and what each stands for."""

    pattern: re.Pattern[str]
    codes: dict[str, tuple[str, Rank]]


def lexicon_of(things: dict[Rank, dict[str, str]]) -> Lexicon:
    codes = {
        plain(word): (f"{rank.name.lower()}/{code}", rank)
        for rank, words_of in things.items()
        for code, words in words_of.items()
        for word in words.split()
    }
    longest_first = sorted(codes, key=len, reverse=True)
    # Without any word the pattern matches nothing.
    return Lexicon(re.compile("|".join(map(re.escape, longest_first)) or r"(?!)"), codes)


@cache
def all_things() -> Lexicon:
    return lexicon_of(THINGS)


def mentions_in(text: str, lexicon: Lexicon | None = None) -> tuple[list[Mention], list[tuple[int, str]]]:
    """The things that are named, and those that only say where another one stands."""
    lexicon = lexicon or all_things()
    found, beside = [], []
    for match in lexicon.pattern.finditer(text):
        code, rank = lexicon.codes[match[0]]
        if TAKER.search(text[max(0, match.start() - 8) : match.start()]):
            continue
        if rank in (Rank.ASSET, Rank.WORKS) and re.match(BESIDE, text[match.end() :]):
            beside.append((match.start(), code.partition("/")[2]))
        else:
            found.append(Mention(match.start(), match.end(), code, rank))
    return found, beside


def main_of(mentions: list[Mention], aspect: str) -> tuple[Mention | None, Mention | None]:
    """The thing that the finding is about, and the next one."""
    about = ABOUT.get(aspect, ())
    ordered = sorted(mentions, key=lambda one: (one.code.partition("/")[2] not in about, one.rank, one.start))
    main = ordered[0] if ordered else None
    # 扶贫车间缝纫机: of two of one rank that touch, the last is the thing and the first says whose.
    for one in sorted(ordered, key=lambda one: one.start):
        if main and one.rank == main.rank and 0 <= one.start - main.end <= 1:
            main = one
    also = next((one for one in ordered if main and one.code != main.code and one.rank <= Rank.MONEY), None)
    return main, also

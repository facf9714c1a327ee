"""A day, however a spreadsheet, a phone or a person has written it: the right one, or a refusal that says why.

Nothing is guessed. What two readers would read as two days (04/09/2026, 26-09-04) is refused, and so is a day without
its year; a moment with an offset is the day on which it fell in China.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.tables.cells import as_text
from casework.working_time.deadlines import local_day

FIRST_YEAR, LAST_YEAR = 1950, 2199  # outside of them a number is no serial, and a year a slip of the pen
LONGEST = 60  # characters of the longest way to write a moment
# Excel counts from 1900 with a 29 February that never was; from 1950 on, counting from here is right.
EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)

NONE = ("/", "\\", "-", "--", "无")  # what offices write into a cell that stays empty
DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
WEEKDAY = re.compile(
    r"[,\s]?\(?(?:周|星期|礼拜)(?P<chinese>[一二三四五六日天])\)?"
    r"|\(?\b(?P<english>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?\)?,?",
    re.I,
)
HALF = r"(?:上午|下午|凌晨|清晨|早上|早晨|中午|傍晚|晚上|晚|[ap]\.?m\.?)"
CLOCK = re.compile(
    rf"(?P<gap>\s*[tT]\s*|\s+|(?<=日)|(?<=号)|(?={HALF}))(?P<half>{HALF})?\s*"
    r"(?P<hour>\d{1,2})\s*(?::|时|点)\s*(?:(?P<minute>\d{1,2})\s*(?::|分)?\s*(?P<second>\d{1,2})?(?:[.,]\d+)?\s*秒?)?"
    rf"\s*(?P<late_half>[ap]\.?m\.?)?\s*(?P<offset>z|(?:utc|gmt)?\s*[+-]\d{{1,2}}:?(?:\d{{2}})?|utc|gmt)?$",
    re.I,
)
YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
SHORT_YEAR_IN_CHINESE = re.compile(r"(\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
SERIAL = re.compile(r"\d{5}(\.\d+)?")
THREE_NUMBERS = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{1,2})")
WITHOUT_YEAR = re.compile(r"\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMED = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
DAY_AND_NAME = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[-\s,]*{NAMED}[-\s,]*(\d{{4}})", re.I)
NAME_AND_DAY = re.compile(rf"{NAMED}[-\s]*(\d{{1,2}})(?:st|nd|rd|th)?[-\s,]+(\d{{4}})", re.I)
SHORT_YEAR_NAMED = re.compile(rf"(\d)[-\s,]*{NAMED}[-\s,]*(\d{{2}})", re.I)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DIGITS = {
    **{sign: value for value, sign in enumerate("零一二三四五六七八九")},
    "〇": 0,
    "○": 0,
    "o": 0,
    "O": 0,
    "两": 2,
}
IN_CHINESE = re.compile(
    r"([零〇○oO一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十廿卅]{1,3})[日号]?"
)


def as_day(cell: Any) -> date | None:
    """A day, or None for an empty cell. Refuses what is no day of the calendar, and what could be two."""
    if isinstance(cell, datetime):
        return _within(local_day(cell) if cell.tzinfo else cell.date(), cell)
    if isinstance(cell, date):
        return _within(cell, cell)
    text = unicodedata.normalize("NFKC", as_text(cell)).translate(DASHES)
    text = " ".join(text.split())
    if not text or text in NONE:
        return None
    text = text.strip("'‘’` ").rstrip(".。;,")
    if len(text) > LONGEST:
        raise _no_day(cell)
    if isinstance(cell, bool | time | timedelta):
        raise _no_day(cell)
    weekday = WEEKDAY.search(text)
    text = WEEKDAY.sub(" ", text).strip()
    clock = CLOCK.search(text)
    text, moment = (text[: clock.start()].strip(), clock) if clock else (text, None)
    days = {day for day in _readings(text) if FIRST_YEAR <= day.year <= LAST_YEAR}
    if len(days) > 1:
        raise Invalid(
            "day_ambiguous",
            _("“%(text)s” can be read as two days. Write it with the year in front, like 2026-09-04.") % {"text": text},
        )
    if not days and WITHOUT_YEAR.fullmatch(text):
        raise Invalid(
            "year_missing",
            _("“%(text)s” has no year. Write it with the year in front, like 2026-09-04.") % {"text": text},
        )
    if not days:
        raise _no_day(cell)
    (day,) = days
    if weekday and _weekday(weekday) != day.weekday():
        raise Invalid(
            "weekday_contradicts",
            _("In “%(text)s” the day and the weekday do not agree. Check it.") % {"text": as_text(cell)},
        )
    return _in_china(day, moment, cell) if moment else day


def day_of_serial(number: float, *, epoch: date = EPOCH_1900) -> date | None:
    """The day that a workbook counts so, or None where the number is none of the years that a finding can name."""
    try:
        day = epoch + timedelta(days=int(number))
    except (OverflowError, ValueError):
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _readings(text: str) -> Iterator[date]:
    """Every day that a careful reader could see in these words."""
    if found := YEAR_FIRST.fullmatch(text) or COMPACT.fullmatch(text):
        yield from _day(*found.groups())
    elif found := SHORT_YEAR_IN_CHINESE.fullmatch(text):
        yield from _day(_whole_year(found[1]), found[2], found[3])
    elif SERIAL.fullmatch(text):
        day = day_of_serial(float(text))
        yield from [day] if day else []
    elif found := THREE_NUMBERS.fullmatch(text):
        first, second, third = found[1], found[3], found[4]
        yield from _last_is_year(first, second, third)
        if len(first) == 2 and len(third) <= 2:
            yield from _day(_whole_year(first), second, third)
    elif found := DAY_AND_NAME.fullmatch(text):
        yield from _day(found[3], _month(found[2]), found[1])
    elif found := NAME_AND_DAY.fullmatch(text):
        yield from _day(found[3], _month(found[1]), found[2])
    elif found := SHORT_YEAR_NAMED.fullmatch(text):
        yield from _day(_whole_year(found[3]), _month(found[2]), found[1])
    elif found := IN_CHINESE.fullmatch(text.replace(" ", "")):
        year = "".join(str(DIGITS[sign]) for sign in found[1])
        yield from _day(year, _chinese_number(found[2]), _chinese_number(found[3]))


def _last_is_year(first: str, second: str, year: str) -> Iterator[date]:
    """Day and month in either order, as the British and the Americans do; a year of one digit nobody writes."""
    if len(year) == 1:
        return
    year = year if len(year) == 4 else _whole_year(year)
    yield from _day(year, second, first)
    yield from _day(year, first, second)


def _day(year: str | int, month: str | int, day: str | int) -> Iterator[date]:
    try:
        yield date(int(year), int(month), int(day))
    except ValueError:
        return


def _whole_year(two_digits: str) -> str:
    """26 is 2026; 99 is 1999 to one reader and 2099 to another, so it is no year."""
    return ("20" if two_digits < "70" else "") + two_digits


def _month(name: str) -> int:
    return MONTHS.index(name[:3].lower()) + 1


def _weekday(found: re.Match[str]) -> int:
    if found["chinese"]:
        return min("一二三四五六日天".index(found["chinese"]), 6)
    return WEEKDAYS.index(found["english"][:3].lower())


def _chinese_number(signs: str) -> int:
    """九, 十, 十二, 三十一, 廿四 as numbers; 0, and with it no day, for what is none."""
    signs = signs.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = signs.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return 0
    return (DIGITS.get(tens, 1) * 10 if ten else 0) + DIGITS.get(ones, 0)


def _in_china(day: date, clock: re.Match[str], cell: Any) -> date:
    """The day of a moment; with an offset, the day on which it fell in China."""
    hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
    half = clock["half"] or clock["late_half"] or ""
    if hour > 23 or minute > 59 or second > 59 or (half and clock["offset"]):
        raise _no_day(cell)
    if not clock["offset"]:
        return day
    offset = re.sub(r"utc|gmt|[z:\s]", "", clock["offset"].lower())
    sign, digits = offset[:1], offset[1:]
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits or 0), 0)
    ahead = timedelta(hours=hours, minutes=minutes) * (-1 if sign == "-" else 1)
    if abs(ahead) > timedelta(hours=14) or minutes > 59:
        raise _no_day(cell)
    moment = datetime.combine(day, time(hour, minute, second), timezone(ahead))
    return _within(local_day(moment), cell)


def _within(day: date, cell: Any) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _no_day(cell)
    return day


def _no_day(cell: Any) -> Invalid:
    text = as_text(cell)[:LONGEST]
    return Invalid("not_a_day", _("“%(words)s” is not a day. Write it like 2021-08-06.") % {"words": text})

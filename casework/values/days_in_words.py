"""Days as sentences say them. What is stored, counted and sent to programs keeps its ISO day; nobody reads one."""

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

ISO_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


def exact_day(on: date) -> str:
    """A day with its year, in the language that is active."""
    return date_format(on, gettext("N j, Y"))


def chinese_day(on: date | None) -> str:
    """2021年3月19日, as official documents have it: Arabic numerals without leading zeros, whoever reads it."""
    return f"{on.year}年{on.month}月{on.day}日" if on else ""


def with_days_in_words(words: str) -> str:
    """A text that was stored with its days in ISO, as its reader sees it."""
    return ISO_DAY.sub(_in_words, words)


def _in_words(match: re.Match[str]) -> str:
    try:
        return exact_day(date.fromisoformat(match[0]))
    except ValueError:  # written by a person, and no day
        return match[0]

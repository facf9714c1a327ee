"""How long is left, in words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation

from casework.models import Case
from casework.stages import Stage
from web.templatetags.words import days_until, time_left

CHINA = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("now", "due_on", "words"),
    [
        (datetime(2026, 11, 27, 10), date(2026, 11, 27), "今天到期"),
        (datetime(2026, 11, 27, 0, 30), date(2026, 11, 27), "今天到期"),  # the day before in UTC
        (datetime(2026, 11, 27, 23, 59), date(2026, 11, 27), "今天到期"),
        (datetime(2026, 11, 28, 0, 1), date(2026, 11, 27), "休息日"),
        (datetime(2026, 11, 28, 10), date(2026, 11, 28), "今天到期"),  # a Saturday
        (datetime(2026, 11, 27, 10), date(2026, 11, 28), "明天到期"),
        (datetime(2026, 11, 27, 10), date(2026, 11, 29), "11月29日"),  # a Sunday
        (datetime(2026, 11, 27, 10), date(2026, 11, 30), "1"),
        (datetime(2026, 11, 30, 10), date(2026, 11, 27), "1"),
    ],
)
def test_no_deadline_has_zero_days_left(now: datetime, due_on: date, words: str) -> None:
    case = Case(stage=Stage.RECTIFICATION, due_on=due_on)
    with time_machine.travel(now.replace(tzinfo=CHINA), tick=False), translation.override("zh-hans"):
        said = time_left(case)
    assert words in said
    assert "0 个" not in said and "0个" not in said.replace("10个", "")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_term_without_an_end_has_no_dash_for_it(language: str) -> None:
    first, last = date(2024, 1, 1), date(2025, 6, 30)
    with translation.override(language):
        said = [days_until(*days) for days in ((first, None), (None, last), (first, last), (None, None))]
    assert ["–" in words for words in said] == [False] * 4
    assert ["2024" in words for words in said] == [True, False, True, False]
    assert ["2025" in words for words in said] == [False, True, True, False]

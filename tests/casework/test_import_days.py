"""A day in any of its spellings, epochs and offsets: the right one, or refused with a sentence; never another."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import Invalid
from casework.tables.days import EPOCH_1904, as_day, day_of_serial

THE_DAY = date(2026, 9, 4)  # a Friday

RIGHT = [
    "2026-09-04", "2026-9-4", "2026/9/4", "2026/09/04", "2026.9.4", "2026.9.4.", "2026年9月4日", "2026年09月04日",
    "2026年9月4号", " 2026 年 9 月 4 日 ", "２０２６－０９－０４", "２０２６．９．４", "2026–09–04", "20260904", 20260904, 20260904.0,
    "二〇二六年九月四日", "二零二六年九月四号", "二○二六年九月四日", "二O二六年九月四日", "26年9月4日", "26.9.4", "9/14/2026", "14/09/2026",
    "04/04/2026", "2026-09-04(周五)", "2026年9月4日（星期五）", "2026年9月4日 星期五", "周五 2026-9-4", "Fri Sep 4 2026",
    "4 Sep 2026", "Sep 4, 2026", "September 4, 2026", "4-Sep-2026", "4-Sep-26", "2026-09-04 00:30", "2026-09-04T00:30:00",
    "2026/9/4 0:00:00", "2026/9/4 上午 12:30:00", "2026/9/4 下午3:05", "2026/9/4 12:30:00 AM", "2026年9月4日 10时30分",
    "2026年9月4日23时59分59秒", "'2026-09-04", "\ufeff2026-09-04\u00a0", 46269, 46269.0, 46269.75, "46269", "46269.5",
    "2026-09-03T16:00:00Z", "2026-09-03T16:30:00.123Z", "2026-09-04T15:59:59Z", "2026-09-04T00:30:00+08:00",
    "2026-09-04T00:00:00.000+0800", "2026-09-03T20:00:00-0500", "2026-09-03 20:30 UTC", "2026-09-04T01:00:00+09:00",
    THE_DAY, datetime(2026, 9, 4), datetime(2026, 9, 4, 23, 59), datetime(2026, 9, 3, 16, 30, tzinfo=UTC),
]  # fmt: skip
OTHERWISE = {
    "9/14/2026": date(2026, 9, 14),
    "14/09/2026": date(2026, 9, 14),
    "04/04/2026": date(2026, 4, 4),
}
REFUSED = {
    "day_ambiguous": ["04/09/2026", "4.9.2026", "9-4-2026", "9/4/26", "26-09-04", "26/9/14", "9/4/2026 0:00"],
    "year_missing": ["9月4日", "9-4", "9.4", "9/4", "09月04号"],
    "weekday_contradicts": ["2026-09-04(周六)", "2026年9月4日星期日", "Mon Sep 4 2026"],
    "not_a_day": [
        "2026-02-29", "2026年2月29日", "二〇二六年二月二十九日", "1900-02-29", "60", "59", "0", "1", "2026", "2026-09",
        "2026年9月", "2026-9-31", "2026-13-01", "2026-00-04", "20260931", "昨天", "待定", "。", ",", "民国115年9月4日", "115年9月4日",
        "115-09-04", "2026-9-4至2026-9-6", "2026.9.4-9.6", "2026-9-4~9-6", "2026年9月4-6日", "2026年9月4日前", "2026年9月上旬",
        1788451200, "1788451200", 1788451200000, "1788451200000", "260904", "2026-W36-5", "2026-247", "2026 9 4",
        "2026-09-04 24:00", "2026-09-04 25:10", "2026-09-04 09:61", "2026-09-04T08:00:00+99:00", "0001-01-01", "1899-12-31",
        "3026-09-04", "99年9月4日", "2026-09-04 08:00 CST", "星期五", "上午", "2026-09-04 2026-09-05", "04-Sep-26", "－3",
        "8" * 5000, "," * 5000, True, time(9, 30), timedelta(days=3), datetime(1904, 1, 1), date(9999, 12, 31), float("nan"),
        float("inf"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("cell", RIGHT, ids=repr)
def test_a_day_is_read_however_it_is_written(cell: Any) -> None:
    assert as_day(cell) == OTHERWISE.get(cell, THE_DAY)


@pytest.mark.parametrize(("code", "cell"), [(code, cell) for code, cells in REFUSED.items() for cell in cells])
def test_what_is_no_day_or_could_be_two_is_refused_with_a_sentence(code: str, cell: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        as_day(cell)
    assert refusal.value.code == code
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert 10 < len(str(refusal.value)) < 200


@pytest.mark.parametrize("cell", ["", "  ", None, "\u3000", "\ufeff", "/", "／", "—", "——", "无"])
def test_an_empty_cell_names_no_day(cell: Any) -> None:
    assert as_day(cell) is None


WRITERS = [
    "{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0.year}.{0.month}.{0.day}", "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}", "{0:%d %b %Y}",
    "{0:%B} {0.day}, {0.year}", "{0:%Y-%m-%d} 08:30", "{0:%Y-%m-%d}T23:59:59+08:00", "{0:%a %b} {0.day} {0.year}",
]  # fmt: skip
DAYS = st.dates(date(1950, 1, 1), date(2199, 12, 31))


@given(DAYS, st.sampled_from(WRITERS))
def test_what_is_written_with_its_year_reads_back_as_the_same_day(day: date, writer: str) -> None:
    assert as_day(writer.format(day)) == day


# The last serial of five digits; one of six is no day but a number.
LAST_SERIAL = date(2173, 10, 13)


def test_a_serial_of_six_digits_is_no_day() -> None:
    assert as_day((LAST_SERIAL - date(1899, 12, 30)).days) == LAST_SERIAL
    with pytest.raises(Invalid):
        as_day(100_000)


@given(st.dates(date(1950, 1, 1), LAST_SERIAL))
def test_a_serial_reads_back_by_either_epoch(day: date) -> None:
    assert as_day((day - date(1899, 12, 30)).days) == day
    assert day_of_serial((day - EPOCH_1904).days, epoch=EPOCH_1904) == day


@given(DAYS)
def test_chinese_numerals_read_back_as_the_same_day(day: date) -> None:
    signs = "〇一二三四五六七八九"

    def spelled(number: int) -> str:
        tens, ones = divmod(number, 10)
        return (("" if tens == 1 else signs[tens]) + "十" if tens else "") + (signs[ones] if ones else "")

    year = "".join(signs[int(sign)] for sign in str(day.year))
    assert as_day(f"{year}年{spelled(day.month)}月{spelled(day.day)}日") == day


@given(st.datetimes(datetime(1992, 1, 1), datetime(2190, 1, 1)), st.integers(-12 * 60, 14 * 60))
def test_a_moment_with_an_offset_is_its_day_in_china(at: datetime, offset: int) -> None:
    moment = at.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
    assert as_day(moment.isoformat()) == as_day(moment) == (moment.astimezone(UTC) + timedelta(hours=8)).date()


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["{0:%d/%m/%Y}", "{0:%m/%d/%Y}", "{0:%y-%m-%d}", "{0:%d.%m.%y}"]))  # fmt: skip
def test_a_spelling_without_a_fixed_order_is_the_right_day_or_refused(day: date, writer: str) -> None:
    try:
        assert as_day(writer.format(day)) == day
    except Invalid as refusal:
        assert refusal.code in ("day_ambiguous", "not_a_day")


@given(st.text(max_size=30))
def test_any_text_is_a_day_nothing_or_refused(text: str) -> None:
    try:
        day = as_day(text)
    except Invalid:
        return
    assert day is None or 1950 <= day.year <= 2199

"""A bulletin is drafted and edited: by whom, over which days, and what is refused."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from oversight.bulletins.composing import days_in_words
from oversight.bulletins.drafting import change_head, count_again, edit_section, name_unit
from oversight.bulletins.figures import frozen
from oversight.bulletins.tokens import for_form, from_form, keys_in
from oversight.models import (
    BulletinPart,
    Figure,
)
from tests.cast import Cast
from tests.oversight.bulletin_desk import (
    FIRST,
    LAST,
    add_cases,
    draft,
    edited,
    refusal_of,
    section,
    text_of,
)
from tests.oversight.desk import make_desk, make_period
from tests.walk import NOW, TODAY

pytestmark = pytest.mark.django_db


# --- drafting


def test_the_first_text_says_the_usual_sentence_in_tokens(cast: Cast) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, closed=6, in_progress=16)
    bulletin = draft(desk)
    assert (
        "期内发现的{{findings}}件问题，截至2026年3月2日已办结{{closed}}件，占比{{closed_share}}；"
        "正在办理{{in_progress}}件，占比{{in_progress_share}}。" in section(bulletin, BulletinPart.PROBLEMS).text
    )
    assert bulletin.title == "2026年1—2月份全市村务监督工作推进情况通报"
    assert set(keys_in(text_of(bulletin))) <= set(frozen(bulletin))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 1, 1), date(2026, 2, 28), "2026年1—2月份"),
        (date(2028, 2, 1), date(2028, 2, 29), "2028年2月份"),
        (date(2025, 12, 1), date(2026, 1, 31), "2025年12月至2026年1月"),
        (date(2026, 1, 5), date(2026, 1, 31), "2026年1月5日至2026年1月31日"),
    ],
)
def test_a_span_is_said_in_months_where_it_is_whole_months(first: date, last: date, words: str) -> None:
    assert days_in_words(first, last) == words


def test_a_span_without_any_finding_has_a_text_too(cast: Cast) -> None:
    assert "未发现问题" in text_of(draft(make_desk(cast)))


def test_a_span_with_an_open_period_is_refused_and_says_until_when(cast: Cast) -> None:
    desk = make_desk(cast)
    make_period(desk, FIRST, LAST, on_time=NOW + timedelta(days=1))
    refused = refusal_of(lambda: draft(desk))
    assert (refused.code, refused.field) == ("period_open", "last_day")
    assert "Mar" in str(refused) or "3月" in str(refused)


def test_a_period_that_closes_this_very_moment_is_closed(cast: Cast) -> None:
    desk = make_desk(cast)
    period = make_period(desk, FIRST, LAST)
    period.closes_at = NOW
    period.save()
    assert draft(desk).pk


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ((FIRST, TODAY), "span_not_over"),
        ((FIRST, TODAY + timedelta(days=40)), "span_not_over"),
        ((LAST, FIRST), "days_swapped"),
    ],
)
def test_days_that_are_not_over_or_swapped_are_refused(cast: Cast, days: tuple[date, date], code: str) -> None:
    desk = make_desk(cast)
    assert refusal_of(lambda: draft(desk, first_day=days[0], last_day=days[1])).code == code


def test_yesterday_is_over(cast: Cast) -> None:
    assert draft(make_desk(cast), last_day=TODAY - timedelta(days=1)).pk


def test_an_area_outside_of_the_mechanism_is_refused(cast: Cast) -> None:
    desk = make_desk(cast)
    outside = Unit.objects.get(pk=cast.city.parent_id)
    assert refusal_of(lambda: draft(desk, area=outside)).code == "area_unfit"


def test_a_second_bulletin_of_the_same_days_is_refused(cast: Cast) -> None:
    desk = make_desk(cast)
    draft(desk)
    assert refusal_of(lambda: draft(desk)).code == "bulletin_exists"
    assert draft(desk, area=cast.county).pk, "another area is another bulletin"


@pytest.mark.parametrize("who", ["county_supervisor", "inspector", "administrator", "outsider_county", "willow_head"])
def test_only_the_lead_office_writes(cast: Cast, who: str) -> None:
    desk = make_desk(cast)
    assert refusal_of(lambda: draft(desk, by=getattr(cast, who))).code == "not_your_mechanism"
    bulletin = draft(desk)
    assert isinstance(refusal_of(lambda: edited(bulletin, BulletinPart.OPENING, "x", getattr(cast, who))), NotAllowed)


# --- editing


def test_words_change_and_figures_stay(cast: Cast) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, closed=1, in_progress=2)
    bulletin = draft(desk)
    one = edited(
        bulletin,
        BulletinPart.PROBLEMS,
        "全市共有{{findings=3}}件，比上期减少5件。\n\n {{closed}}件已销号。",
        desk.officer,
    )
    assert one.text == "全市共有{{findings}}件，比上期减少5件。\n{{closed}}件已销号。"
    assert (one.version, one.edited_by) == (2, desk.officer)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("共{{findings=4}}件", "figure_typed_over"),
        ("共{{findings=03}}件", "figure_typed_over"),
        ("共{{found=3}}件", "figure_unknown"),
        ("共{{}}件", "figure_unknown"),
        ("共{{findings件", "figure_broken"),
        ("共findings=3}}件", "figure_broken"),
        ("共{{{{findings=3}}件", "figure_broken"),
        ("共{{findings=3}}}}件", "figure_broken"),
    ],
)
def test_a_figure_that_was_typed_over_is_refused(cast: Cast, text: str, code: str) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, in_progress=3)
    bulletin = draft(desk)
    before = section(bulletin, BulletinPart.PROBLEMS).text
    refused = refusal_of(lambda: edited(bulletin, BulletinPart.PROBLEMS, text, desk.officer))
    assert (refused.code, refused.field) == (code, "text")
    assert section(bulletin, BulletinPart.PROBLEMS).text == before


@pytest.mark.parametrize("text", ["", "全市{{findings}}件{{findings}}件。", "一个{括号}和一个}也是字"])
def test_what_a_form_shows_reads_back(cast: Cast, text: str) -> None:
    figures = frozen(draft(make_desk(cast)))
    assert from_form(for_form(text, figures), figures) == text


def test_words_over_an_older_text_are_a_conflict(cast: Cast) -> None:
    desk = make_desk(cast)
    bulletin = draft(desk)
    edited(bulletin, BulletinPart.OPENING, "甲", desk.officer)
    one = section(bulletin, BulletinPart.OPENING)
    refused = refusal_of(lambda: edit_section(section=one, text="乙", version=1, by=desk.colleague, at=NOW))
    assert refused.code == "section_changed" and "officer" in str(refused)


def test_counting_again_changes_the_figures_and_no_word(cast: Cast) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, in_progress=2)
    bulletin = draft(desk)
    before = text_of(bulletin)
    later = NOW + timedelta(hours=3)
    add_cases(cast, cast.poplar, in_progress=1, at=later)
    bulletin = count_again(bulletin=bulletin, by=desk.officer, at=later)
    assert frozen(bulletin)["findings"].words == "3"
    assert text_of(bulletin) == before
    assert Figure.objects.filter(bulletin=bulletin, key="findings").count() == 2, "the first count is kept"


def test_counted_twice_in_one_moment_it_is_counted_once(cast: Cast) -> None:
    desk = make_desk(cast)
    bulletin = draft(desk)
    count_again(bulletin=bulletin, by=desk.officer, at=NOW)
    assert Figure.objects.filter(bulletin=bulletin, key="findings").count() == 1


def test_title_and_addressee_are_needed(cast: Cast) -> None:
    desk = make_desk(cast)
    bulletin = draft(desk)
    with pytest.raises(Refusal) as refused, transaction.atomic():
        change_head(bulletin=bulletin, title=" ", addressed_to="", copied_to="", cites=[], by=desk.officer, at=NOW)
    assert [one.field for one in refused.value.each()] == ["title", "addressed_to"]


# --- naming


def test_a_unit_outside_of_the_limits_is_named_with_its_numbers(cast: Cast) -> None:
    desk = make_desk(cast)
    add_cases(cast, cast.willow, closed=2, in_progress=28)
    add_cases(cast, cast.reed, closed=28, in_progress=2)
    bulletin = draft(desk)
    for unit, kind, is_good in (
        (cast.other_county, BulletinPart.PROGRESS, True),
        (cast.county, BulletinPart.PROBLEMS, False),
    ):
        assert name_unit(bulletin=bulletin, unit=unit, by=desk.officer, at=NOW).is_good == is_good
        assert f"{unit.name}期内发现问题{{{{findings@{unit.code}}}}}件" in section(bulletin, kind).text
    again = refusal_of(lambda: name_unit(bulletin=bulletin, unit=cast.county, by=desk.officer, at=NOW))
    assert again.code == "named_already"


def test_a_unit_within_the_limits_is_not_named(cast: Cast) -> None:
    """2 of 5 beside 3 of 5 is the lowest of all, and says nothing."""
    desk = make_desk(cast)
    add_cases(cast, cast.willow, closed=2, in_progress=3)
    add_cases(cast, cast.reed, closed=3, in_progress=2)
    bulletin = draft(desk)
    refused = refusal_of(lambda: name_unit(bulletin=bulletin, unit=cast.county, by=desk.officer, at=NOW))
    assert refused.code == "within_limits"

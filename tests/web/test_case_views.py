"""The same filter as a board by stage and as a calendar by deadline."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.models import Case, Person
from casework.stages import OPEN, Stage
from casework.working_time.calendar import current
from tests.cast import Cast
from tests.many_cases import many_cases
from tests.walk import TODAY, assigned, case_at, closed, reported, screened
from web.pages.case_calendar import beside, month_of

SignedIn = Callable[[Person], Client]


def columns_of(client: Client, query: str = "") -> dict[str, tuple[list[Case], int, bool]]:
    page = client.get(f"/cases?view=board{query}")
    assert page.status_code == 200
    return {one["stage"]: (one["cases"], one["count"], one["is_more"]) for one in page.context["columns"]}


def test_a_board_has_a_column_for_each_open_stage_with_the_most_urgent_first(cast: Cast, signed_in: SignedIn) -> None:
    many_cases(cast, 300, open_share=0.9)
    for who in (cast.county_supervisor, cast.city_supervisor, cast.town_reviewer, cast.willow_head):
        seen = columns_of(signed_in(who))
        assert list(seen) == list(OPEN)
        for stage, (cases, count, is_more) in seen.items():
            visible = [case for case in cases if case.stage == stage]
            assert len(visible) == len(cases) == min(count, 8) and not is_more
            days = [case.due_on or date.max for case in cases]
            assert days == sorted(days)


def test_a_column_counts_what_its_list_shows(cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        reported(cast)
    Case.objects.update(reported_by=cast.county_supervisor)  # seen for two reasons, counted once
    review = case_at(Stage.FIRST_REVIEW, cast)
    client = signed_in(cast.county_supervisor)
    assert {stage: count for stage, (_cases, count, _more) in columns_of(client).items() if count} == {
        "screening": 4,
        "first_review": 1,
    }
    assert columns_of(client, "&stage=first_review") == {"first_review": ([review], 1, False)}
    assert columns_of(client, "&village=杨树村")["screening"][1] == 0
    monkeypatch.setattr("web.pages.case_board.MOST_IN_COLUMN", 3)
    monkeypatch.setattr("web.pages.case_board.SHOWN", 2)
    cases, count, is_more = columns_of(client)["screening"]
    assert (len(cases), count, is_more) == (2, 3, True)


def test_what_ended_has_a_board_of_its_own(cast: Cast, signed_in: SignedIn) -> None:
    ended, still = closed(cast, case_at(Stage.STRIKE_OFF, cast)), reported(cast)
    client = signed_in(cast.county_supervisor)
    assert columns_of(client, "&state=closed")["closed"][0] == [ended]
    both = columns_of(client, "&state=all")
    assert (both["closed"][0], both["screening"][0]) == ([ended], [still])


def days_of(client: Client, query: str = "") -> dict[date, tuple[int, list[Case]]]:
    page = client.get(f"/cases?view=calendar{query}")
    assert page.status_code == 200
    return {one["day"]: (one["count"], one["cases"]) for week in page.context["weeks"] for one in week if one["count"]}


def test_a_calendar_shows_on_each_day_what_is_due(cast: Cast, signed_in: SignedIn) -> None:
    cases = [
        assigned(cast, screened(cast, reported(cast)), due_on=TODAY + timedelta(days=days)) for days in (9, 9, 9, 9, 10)
    ]
    Case.objects.update(reported_by=cast.county_supervisor)  # seen for two reasons, shown once
    client = signed_in(cast.county_supervisor)
    assert days_of(client) == {
        TODAY + timedelta(days=9): (4, cases[:3]),
        TODAY + timedelta(days=10): (1, cases[4:]),
    }
    assert days_of(client, "&state=all&village=杨树村") == {}
    assert days_of(client, "&month=2026-01") == {}
    page = client.get("/cases?view=calendar")
    day = (TODAY + timedelta(days=9)).isoformat()
    assert f"due_from={day}&amp;due_until={day}" in page.content.decode()
    assert client.get(f"/cases?due_from={day}&due_until={day}").context["count_words"].count("4") == 1


def test_a_calendar_marks_days_off_and_today(cast: Cast, signed_in: SignedIn) -> None:
    weeks = signed_in(cast.county_supervisor).get("/cases?view=calendar&month=2026-10").context["weeks"]
    by_day = {one["day"]: one for week in weeks for one in week}
    assert by_day[date(2026, 10, 1)]["is_off"] and not by_day[date(2026, 10, 9)]["is_off"]
    assert [one["is_off"] for one in by_day.values()] == [not current().is_working(day) for day in by_day]
    assert not any(one["is_today"] for one in by_day.values())
    this = signed_in(cast.county_supervisor).get("/cases?view=calendar").context["weeks"]
    assert [one["day"] for week in this for one in week if one["is_today"]] == [TODAY]


@pytest.mark.parametrize(
    "words", ["", "soon", "2026-13", "0001-01", "9999-12", "2079-12", "2000-01", "2026-3", "2026-03-01"]
)
def test_a_month_that_is_none_is_this_one(words: str) -> None:
    assert month_of(words, date(2026, 5, 20)) == date(2026, 5, 1)


def test_months_follow_each_other_across_the_year() -> None:
    assert month_of("2026-12", TODAY) == date(2026, 12, 1)
    assert beside(date(2026, 12, 1)) == (date(2026, 11, 1), date(2027, 1, 1))
    assert beside(date(2026, 1, 1)) == (date(2025, 12, 1), date(2026, 2, 1))


def test_a_month_with_very_many_deadlines_is_cut_and_says_so(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        assigned(cast, screened(cast, reported(cast)), due_on=TODAY + timedelta(days=9))
    client = signed_in(cast.county_supervisor)
    assert not client.get("/cases?view=calendar").context["is_cut"]
    monkeypatch.setattr("web.pages.case_calendar.MOST_IN_MONTH", 2)
    assert client.get("/cases?view=calendar").context["is_cut"]


@pytest.mark.parametrize(("view", "most"), [("board", 10), ("calendar", 10)])
def test_a_view_takes_as_many_queries_for_one_case_as_for_many(
    view: str, most: int, cast: Cast, signed_in: SignedIn
) -> None:
    client = signed_in(cast.city_supervisor)
    taken = []
    for count in (3, 200):
        many_cases(cast, count, open_share=1)
        client.get(f"/cases?view={view}")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/cases?view={view}")
        taken.append(len(captured))
    assert taken[1] <= most, taken
    assert taken[1] - taken[0] <= 1  # one for what the first three left out


def test_cards_of_board_and_calendar_are_ticked_as_rows_are(cast: Cast, signed_in: SignedIn) -> None:
    case = assigned(cast, screened(cast, reported(cast)))
    box = f'type="checkbox" form="ticked" name="case" value="{case.number}"'
    for query in ("", "?view=board", f"?view=calendar&month={case.due_on:%Y-%m}"):
        page = signed_in(cast.county_supervisor).get(f"/cases{query}").content.decode()
        assert box in page, query
        assert page.count('<form id="ticked"') == 1
        village = signed_in(cast.willow_head).get(f"/cases{query}").content.decode()
        assert box not in village and '<form id="ticked"' not in village

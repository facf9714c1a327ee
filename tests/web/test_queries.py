"""How many queries a page takes, however long its list or history is."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.lists.paging import page_of
from casework.models import Case, CaseEvent, Person
from casework.queries import visible_parts
from casework.stages import Stage
from casework.talk.commenting import edit_comment, resolve_question, write_comment
from casework.talk.following import follow
from tests.cast import Cast
from tests.walk import NOW, TODAY, assigned, case_at, closed, rectified, reported, reviewed, screened

SignedIn = Callable[[Person], Client]
# Session and person: what every page asks before it begins.
EVERY_PAGE = 4  # the session, the person, the bell, the lists of the menu


def queries_of(client: Client, address: str) -> list[str]:
    client.get(address)  # what is remembered between requests is remembered now
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.fixture
def many(cast: Cast) -> list[Case]:
    return [assigned(cast, screened(cast, reported(cast, village=cast.willow))) for _ in range(8)]


@pytest.mark.parametrize("who", ["willow_head", "town_reviewer", "county_supervisor", "city_supervisor", "inspector"])
@pytest.mark.parametrize("query", ["", "?light=red&severity=3", "?sort=-due", "?words=明白墙", "?state=all&waiting=1"])
def test_a_list_takes_at_most_six_queries_and_five_to_look_words_up(
    who: str, query: str, cast: Cast, many: list[Case], signed_in: SignedIn
) -> None:
    queries = queries_of(signed_in(getattr(cast, who)), f"/cases{query}")
    assert len(queries) - EVERY_PAGE <= (11 if "words" in query else 6), queries
    if "words" not in query:
        assert not any("COUNT(" in query and "notifications_message" not in query for query in queries)


def test_a_list_of_several_pages_is_counted_no_further_than_it_says(
    cast: Cast, many: list[Case], signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.cases.page_of", partial(page_of, size=3))
    queries = queries_of(signed_in(cast.county_supervisor), "/cases")
    assert len(queries) - EVERY_PAGE <= 7, queries
    counts = [query for query in queries if "COUNT(" in query and "notifications_message" not in query]
    assert len(counts) == 1 and counts[0].count("LIMIT 10001") == 2, counts  # the county's, and what was reported


def test_a_longer_list_takes_no_more_queries(cast: Cast, signed_in: SignedIn) -> None:
    reported(cast)
    client = signed_in(cast.county_supervisor)
    few = len(queries_of(client, "/cases"))
    for _ in range(10):
        reported(cast)
    assert len(queries_of(client, "/cases")) == few


def test_home_takes_as_many_queries_for_ten_cases_as_for_twenty(cast: Cast, signed_in: SignedIn) -> None:
    for _ in range(10):
        reported(cast)
    client = signed_in(cast.county_supervisor)
    few = len(queries_of(client, "/"))
    for _ in range(10):
        reported(cast)
    assert len(queries_of(client, "/")) == few <= 16


def test_a_case_page_takes_at_most_fifteen_queries_whatever_its_history(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    case = reviewed(case, cast.town_reviewer, returned=(1,))
    case = reviewed(reviewed(rectified(cast, case), cast.town_reviewer), cast.county_supervisor)
    short = queries_of(signed_in(cast.county_supervisor), f"/cases/{case.number}")
    assert len(short) <= 15, short
    last = case.events.order_by("-id").first()
    assert last is not None
    CaseEvent.objects.bulk_create(
        CaseEvent(
            case=case,
            kind="extension_asked",
            at=NOW + timedelta(minutes=n),
            by=cast.willow_head,
            round=1,
            version=last.version,
            stage_after=case.stage,
        )
        for n in range(300)
    )
    assert len(queries_of(signed_in(cast.county_supervisor), f"/cases/{case.number}")) <= 15


def test_comments_and_following_take_one_query_more(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    client = signed_in(cast.county_supervisor)
    silent = len(queries_of(client, f"/cases/{case.number}"))
    for number in range(12):
        said = write_comment(case=case, words=f"@willow_head {number}", kind="question", by=cast.town_reviewer, at=NOW)
        edit_comment(comment=said, words=f"@willow_member {number}", by=cast.town_reviewer, at=NOW)
        resolve_question(comment=said, by=cast.town_reviewer, at=NOW)
        write_comment(case=case, words="好", quotes=said, files=[], by=cast.willow_head, at=NOW)
    follow(case=case, is_on=True, by=cast.county_supervisor, at=NOW)
    assert len(queries_of(client, f"/cases/{case.number}")) == silent + 1 <= 16


def test_a_struck_off_case_takes_at_most_sixteen_queries(cast: Cast, signed_in: SignedIn) -> None:
    case = closed(cast, case_at(Stage.STRIKE_OFF, cast))
    assert len(queries_of(signed_in(cast.county_supervisor), f"/cases/{case.number}")) <= 16


def test_a_village_page_takes_as_many_queries_for_one_case_as_for_ten(cast: Cast, signed_in: SignedIn) -> None:
    reported(cast)
    client = signed_in(cast.county_supervisor)
    few = len(queries_of(client, f"/villages/{cast.willow.code}"))
    for _ in range(10):
        reported(cast)
    assert (
        len(queries_of(client, f"/villages/{cast.willow.code}")) == few <= 15
    )  # one of them for its visits, one for its walls


def test_pages_by_key_show_every_case_once(cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [reported(cast) for _ in range(4)]
    cases += [
        assigned(cast, screened(cast, reported(cast)), due_on=TODAY + timedelta(days=days)) for days in (9, 3, 3, 20)
    ]
    for sort in ("due", "-due", "new", "old"):
        seen: list[int] = []
        key = ""
        while True:
            page = page_of(visible_parts(cast.county_supervisor, TODAY), sort=sort, after=key, size=3)
            seen += [case.pk for case in page.cases]
            key = page.next_key
            if not key:
                break
        assert sorted(seen) == sorted(case.pk for case in cases), sort
        days = [Case.objects.get(pk=pk).due_on for pk in seen]
        if sort in ("due", "-due"):
            dated = [day for day in days if day]
            assert dated == sorted(dated, reverse=sort == "-due")
            assert days[len(dated) :] == [None] * 4
        else:
            assert seen == sorted(seen, reverse=sort == "new")

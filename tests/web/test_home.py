"""Home: each case once, with why it came back; counts that are those of the lists."""

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.utils.html import escape

from casework.models import Case, Person
from casework.stages import Stage
from casework.working_time.deadlines import add_working_days, midnight
from tests.cast import Cast
from tests.walk import case_at, reported, reviewed
from web.pages.home import SHOWN

SignedIn = Callable[[Person], Client]


def lists_of(client: Client) -> dict[str, tuple[list[str], bool]]:
    lists = client.get("/").context["lists"]
    return {name: ([case.number for case in cases], has_more) for name, cases, has_more in lists}


def returned(cast: Cast) -> Case:
    return reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer, returned=(1,))


def test_what_came_back_and_is_late_stands_once_with_its_reason(
    cast: Cast, signed_in: SignedIn, clock: time_machine.Traveller
) -> None:
    case = returned(cast)
    clock.move_to(midnight(add_working_days(case.due_on, 2)))
    client = signed_in(cast.willow_head)
    assert lists_of(client) == {
        "waiting": ([case.number], False),
        "came_back": ([], False),
        "extensions": ([], False),
        "overdue": ([], False),
    }
    page = client.get("/").content.decode()
    assert page.count(f'href="/cases/{case.number}"') == 1
    assert escape("照片看不清公示内容") in page


def test_a_case_that_was_handed_in_again_says_no_more_why_it_came_back(cast: Cast, signed_in: SignedIn) -> None:
    case = returned(cast)
    assert "照片看不清" in signed_in(cast.willow_head).get("/").content.decode()
    from tests.walk import rectified

    rectified(cast, case)
    assert "照片看不清" not in signed_in(cast.town_reviewer).get("/").content.decode()


@pytest.mark.parametrize("count", [SHOWN, SHOWN + 1, 3 * SHOWN])
def test_a_list_says_that_there_is_more_only_where_there_is(count: int, cast: Cast, signed_in: SignedIn) -> None:
    for _ in range(count):
        reported(cast)
    numbers, has_more = lists_of(signed_in(cast.county_supervisor))["waiting"]
    assert len(numbers) == SHOWN
    assert has_more == (count > SHOWN)


def test_what_does_not_fit_above_stands_below(cast: Cast, signed_in: SignedIn) -> None:
    for _ in range(SHOWN):
        case_at(Stage.RECTIFICATION, cast)
    case = returned(cast)
    lists = lists_of(signed_in(cast.willow_head))
    assert case.number not in lists["waiting"][0]
    assert lists["came_back"] == ([case.number], False)

"""Several reports accepted and assigned at once: a result per row, and what failed stays ticked with its reason."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client

from casework.models import Case, Person, Post
from casework.stages import Stage
from casework.working_time.deadlines import add_working_days
from tests.cast import Cast
from tests.walk import TODAY, case_at, closed, head_post, reported, screened

SignedIn = Callable[[Person], Client]
ADDRESS = "/assignments"


def ticked(client: Client, *cases: Case) -> dict[str, Any]:
    """What the page sends when these rows are ticked."""
    rows = client.get(ADDRESS).context["rows"]
    hidden = {f"key-{row.case.pk}": row.key for row in rows} | {
        f"version-{row.case.pk}": row.case.version for row in rows
    }
    return {**hidden, "case": [case.pk for case in cases]}


def stages(*cases: Case) -> list[str]:
    return [Case.objects.get(pk=case.pk).stage for case in cases]


def test_what_is_ticked_is_accepted_and_assigned_and_nothing_else(cast: Cast, signed_in: SignedIn) -> None:
    first, second = reported(cast), screened(cast, reported(cast, village=cast.poplar))
    left = reported(cast, village=cast.elm)
    client = signed_in(cast.county_supervisor)
    answer = client.post(ADDRESS, ticked(client, first, second))
    assert answer.status_code == 200
    assert stages(first, second, left) == [Stage.PLANNING, Stage.PLANNING, Stage.SCREENING]
    first.refresh_from_db()
    assert first.assignments.get().post == head_post(cast.willow)
    assert first.due_on == add_working_days(TODAY, first.days)
    page = answer.content.decode()
    assert "已受理并交办 2 件" in page and left.number in page


def test_what_fails_stays_ticked_with_its_reason_and_the_rest_is_done(cast: Cast, signed_in: SignedIn) -> None:
    good, unclassified = reported(cast), reported(cast, item=None, village=cast.poplar)
    client = signed_in(cast.county_supervisor)
    answer = client.post(ADDRESS, ticked(client, good, unclassified))
    assert answer.status_code == 422
    assert stages(good, unclassified) == [Stage.PLANNING, Stage.SCREENING]
    (row,) = answer.context["rows"]
    assert row.is_ticked and "请先选择" in str(row.error.sentence)
    assert f'value="{unclassified.pk}" checked' in answer.content.decode()


def test_what_may_be_known_already_is_looked_at_by_itself(cast: Cast, signed_in: SignedIn) -> None:
    earlier = closed(cast, case_at(Stage.STRIKE_OFF, cast))
    back = reported(cast, relapse_of=earlier, found_on=TODAY)
    client = signed_in(cast.county_supervisor)
    answer = client.post(ADDRESS, ticked(client, back))
    assert "可能是已知的问题，请单独查看。" in answer.content.decode()
    assert stages(back) == [Stage.SCREENING]


def test_a_case_that_moved_on_meanwhile_is_said_and_left_alone(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast)
    client = signed_in(cast.county_supervisor)
    words = ticked(client, case)
    assert client.post(ADDRESS, words).status_code == 200
    answer = client.post(ADDRESS, words)
    assert "有 1 件已不再等您办理" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).assignments.count() == 1


def test_a_row_from_an_older_state_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast)
    client = signed_in(cast.county_supervisor)
    words = ticked(client, case)
    screened(cast, case)
    answer = client.post(ADDRESS, words)
    assert answer.status_code == 422 and stages(case) == [Stage.ASSIGNMENT]


def test_another_countys_report_is_not_touched(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast)
    client = signed_in(cast.outsider_county)
    assert client.get(ADDRESS).context["rows"] == []
    client.post(ADDRESS, {"case": [case.pk, "x", "9" * 30]})
    assert stages(case) == [Stage.SCREENING]


def test_a_post_that_somebody_holds_comes_before_the_heads_vacant_one(cast: Cast, signed_in: SignedIn) -> None:
    post = head_post(cast.willow)
    post.terms.update(valid_until=TODAY - timedelta(days=1))
    case = reported(cast)
    client = signed_in(cast.county_supervisor)
    client.post(ADDRESS, ticked(client, case))
    assert case.assignments.get().post == Post.objects.get(unit=cast.willow, role="committee_member")


def test_a_longer_list_takes_no_more_queries(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        reported(cast)
    client = signed_in(cast.county_supervisor)
    client.get(ADDRESS)
    with django_assert_max_num_queries(8):
        client.get(ADDRESS)

"""One form for acceptance, category and assignment: all of it or nothing, with what is usual filled in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client

from casework.lifecycle.assignment import default_due_on
from casework.models import Case, CaseObject, Person, Screening
from casework.stages import Stage
from casework.working_time.deadlines import add_working_days
from tests.cast import Cast
from tests.factories import item
from tests.walk import TODAY, head_post, reported, screened

SignedIn = Callable[[Person], Client]


def as_shown(client: Client, address: str) -> dict[str, Any]:
    """The form as it stands on the page: what one click on its button sends."""
    fields = client.get(address).context["form"]
    return {field.html_name: field.value() for field in fields if field.value() not in (None, "")}


def kinds(case: Case) -> list[str]:
    return list(case.events.order_by("id").values_list("kind", flat=True))


def test_one_click_accepts_and_assigns_with_what_is_usual(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast)
    client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/screening"
    assert client.post(address, as_shown(client, address)).status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.responsible) == (Stage.PLANNING, cast.willow)
    assert case.due_on == default_due_on(case, on=TODAY)
    assert case.assignments.get().post == head_post(cast.willow)
    assert kinds(case) == ["reported", "accepted", "assigned"]


def test_a_report_without_a_category_gets_it_on_the_way(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast, item=None)
    case.refresh_from_db()
    assert case.is_unclassified
    client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/screening"
    shown = as_shown(client, address)
    answer = client.post(address, shown)
    assert answer.status_code == 422
    assert 'id="id_item_error"' in answer.content.decode()
    case.refresh_from_db()
    assert (case.stage, kinds(case)) == (Stage.SCREENING, ["reported"])
    chosen = item(3)
    client.post(address, {**shown, "item": chosen.pk, "severity": "3", "object_name": "西侧明白墙"})
    case.refresh_from_db()
    assert (case.stage, case.item, case.severity) == (Stage.PLANNING, chosen, 3)
    assert case.object == CaseObject.objects.get(name="西侧明白墙")
    assert case.due_on == add_working_days(TODAY, chosen.days)
    assert kinds(case) == ["reported", "accepted", "classified", "assigned"]


def test_nothing_is_accepted_when_the_deadline_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast)
    client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/screening"
    late = {**as_shown(client, address), "due_on": (TODAY - timedelta(days=1)).isoformat(), "note": "先看现场"}
    answer = client.post(address, late)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_due_on_error"' in page and "先看现场" in page
    case.refresh_from_db()
    assert (case.stage, case.version, kinds(case)) == (Stage.SCREENING, 1, ["reported"])
    assert not Screening.objects.exists()


def test_without_a_post_it_is_asked_for(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast)
    client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/screening"
    answer = client.post(address, {**as_shown(client, address), "post": ""})
    assert answer.status_code == 422 and 'id="id_post_error"' in answer.content.decode()


def test_it_is_accepted_alone_and_assigned_later(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast)
    client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/screening"
    client.post(address, {**as_shown(client, address), "outcome": "accepted", "post": "", "due_on": "x"})
    case.refresh_from_db()
    assert (case.stage, kinds(case)) == (Stage.ASSIGNMENT, ["reported", "accepted"])


def test_a_refusal_needs_its_reason_and_nothing_else(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast)
    client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/screening"
    refused = {**as_shown(client, address), "outcome": "refused", "post": "", "due_on": "x", "severity": "9"}
    answer = client.post(address, refused)
    assert answer.status_code == 422 and 'id="id_reason_error"' in answer.content.decode()
    assert client.post(address, {**refused, "reason": "已由镇里处理"}).status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.REFUSED


def test_an_open_case_that_it_may_be_is_named_before_it_is_accepted(cast: Cast, signed_in: SignedIn) -> None:
    other = screened(cast, reported(cast))
    case = reported(cast)
    client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/screening"
    assert "可能已是本村未办结的问题" in client.get(address).content.decode()
    client.post(address, {**as_shown(client, address), "outcome": "duplicate"})
    case.refresh_from_db()
    assert case.stage == Stage.DUPLICATE
    assert case.screenings.get().duplicate_of == other


def test_a_second_click_assigns_nothing_twice(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast)
    client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/screening"
    shown = as_shown(client, address)
    first, second = client.post(address, shown), client.post(address, shown)
    assert (first.status_code, second.status_code) == (302, 302)
    assert case.assignments.count() == 1


def test_an_accepted_case_gets_category_and_post_in_one_form(cast: Cast, signed_in: SignedIn) -> None:
    case = screened(cast, reported(cast, item=None))
    client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/assignment"
    page = client.get(f"/cases/{case.number}").content.decode()
    assert f'class="button" href="{address}"' in page
    client.post(address, {**as_shown(client, address), "item": item(2).pk})
    case.refresh_from_db()
    assert (case.stage, case.item) == (Stage.PLANNING, item(2))
    assert kinds(case)[-2:] == ["classified", "assigned"]


def test_what_was_not_changed_is_not_classified_anew(cast: Cast, signed_in: SignedIn) -> None:
    case = screened(cast, reported(cast))
    client, address = signed_in(cast.county_supervisor), f"/cases/{case.number}/assignment"
    assert client.post(address, as_shown(client, address)).status_code == 302
    assert "classified" not in kinds(case)

"""What a list is narrowed by: each filter by what it finds, what is set as words that can be taken away, what is gone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from casework.lists.filters import CaseFilters, looked_up
from casework.models import Case, CatalogueItem, Person
from casework.models.category import Severity
from casework.queries import visible_parts
from casework.stages import Role, Stage, Watch
from oversight.spot_checks.visiting import draw_key
from oversight.visits.making import answer_items, link_found_case
from oversight.visits.queries import lines_of
from tests.cast import Cast
from tests.factories import appoint
from tests.oversight.draws import frozen
from tests.oversight.visiting import made_visit
from tests.walk import NOW, TODAY, assigned, case_at, reported, screened

SignedIn = Callable[[Person], Client]


def found(reader: Person, **query: str) -> set[int]:
    """What a narrowed list holds, part by part, held to what the ledger would hold."""
    looked = looked_up(CaseFilters.from_query(query), TODAY)
    parts = looked.narrow(visible_parts(reader, TODAY), reader, TODAY)
    pks = {pk for part in parts for pk in part.values_list("pk", flat=True)}
    whole = looked.filters.apply(Case.objects.all(), reader, TODAY)
    assert pks == set(whole.values_list("pk", flat=True)), query
    return pks


@pytest.fixture
def cases(cast: Cast) -> dict[str, Case]:
    """One report of the inspector's that the county screens, one of a volunteer's at the desk of Poplar."""
    new = reported(cast, village=cast.willow, source="petition")
    planned = reported(cast, by=cast.volunteer, village=cast.poplar, item=CatalogueItem.objects.order_by("-pk").first())
    planned = assigned(cast, screened(cast, planned), due_on=TODAY + timedelta(days=9))
    return {"new": new, "planned": planned}


def test_each_filter_finds_what_it_names(cast: Cast, cases: dict[str, Case]) -> None:
    county, new, planned = cast.county_supervisor, cases["new"].pk, cases["planned"].pk
    assert new != planned and found(county) == {new, planned}
    for query, expected in (
        ({"village": "上柳村"}, {new}),
        ({"village": cast.poplar.code}, {planned}),
        ({"village": "柳河镇"}, {new, planned}),  # a town is no village: left out, and said
        ({"town": "柳河镇"}, {new, planned}),
        ({"desk": "青禾区"}, {new}),
        ({"desk": "杨树村"}, {planned}),
        ({"item": cases["planned"].item.code}, {planned}),
        ({"aspect": cases["planned"].item.aspect.code}, {planned}),
        ({"item": cases["planned"].item.code, "aspect": cases["new"].item.aspect.code}, set()),
        ({"person": cast.volunteer.name}, {planned}),
        ({"person": cast.poplar_head.name}, {planned}),
        ({"person": cast.county_supervisor.name}, {new}),
        ({"person": cast.willow_head.name}, set()),
        ({"source": "petition"}, {new}),
        ({"due_from": (TODAY + timedelta(days=9)).isoformat()}, {planned}),
        ({"due_from": (TODAY + timedelta(days=10)).isoformat()}, set()),
        ({"due_until": (TODAY + timedelta(days=8)).isoformat()}, set()),
        ({"watch": "watched", "state": "all"}, set()),
    ):
        assert found(county, **query) == expected, query


def test_what_became_of_a_strike_off_is_a_filter(cast: Cast) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    Case.objects.filter(pk=case.pk).update(stage=Stage.CLOSED, closed_on=TODAY, waits_at=None, watch=Watch.FAILED)
    assert found(cast.county_supervisor, state="all", watch="failed") == {case.pk}
    assert found(cast.county_supervisor, state="all", watch="archived") == set()


def test_a_post_that_ended_brings_no_case_to_its_holder(cast: Cast, cases: dict[str, Case]) -> None:
    former = appoint(cast.discipline, Role.COMMITTEE_MEMBER, cast.poplar, until=TODAY - timedelta(days=1))
    assert former and found(cast.county_supervisor, person=cast.discipline.name) == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("village", "没有村"),
        ("town", "990000"),
        ("desk", "没有局"),
        ("item", "gone"),
        ("aspect", "gone"),
        ("person", "无名"),
    ],
)
def test_what_is_gone_is_said_and_the_rest_of_the_filter_works(
    name: str, value: str, cast: Cast, cases: dict[str, Case], signed_in: SignedIn
) -> None:
    query = {name: value, "source": "petition"}
    assert found(cast.county_supervisor, **query) == {cases["new"].pk}
    page = signed_in(cast.county_supervisor).get("/cases", query)
    assert [value in note for note in page.context["panel"].notes] == [True]
    assert [chip["url"] for chip in page.context["panel"].chips] == ["?"]  # the source, and nothing of what is gone
    assert page.context["panel"].notes[0] in page.content.decode().replace("&quot;", '"')
    ledger = CaseFilters.from_query(query).apply(Case.objects.all(), cast.county_supervisor, TODAY)
    assert [case.pk for case in ledger] == [cases["new"].pk]


def test_a_unit_out_of_use_is_said_and_still_found(cast: Cast, cases: dict[str, Case], signed_in: SignedIn) -> None:
    cast.willow.is_active = False
    cast.willow.save()
    page = signed_in(cast.county_supervisor).get("/cases", {"village": "上柳村"})
    assert "上柳村" in page.context["panel"].notes[0]
    assert cases["new"].number in page.content.decode()


def test_what_is_set_stands_in_words_and_is_taken_away_one_by_one(
    cast: Cast, cases: dict[str, Case], signed_in: SignedIn
) -> None:
    query = {"state": "all", "village": cast.willow.code, "severity": "2", "found_from": "2026-01-02", "waiting": "1"}
    panel = signed_in(cast.county_supervisor).get("/cases", query).context["panel"]
    assert [chip["value"] for chip in panel.chips] == [str(Severity.MODERATE.label), "上柳村", "2026年1月2日"]
    for chip, name in zip(panel.chips, ("severity", "village", "found_from"), strict=True):
        assert f"{name}=" not in chip["url"] and "state=all" in chip["url"] and "waiting=1" in chip["url"]
    assert [one["is_set"] for one in panel.quick] == [True, False, False, False, False]
    assert "waiting" not in panel.quick[0]["url"] and "overdue=1" in panel.quick[1]["url"]
    assert ("waiting", "1") in panel.hidden and ("state", "all") in panel.hidden  # stay when the form is sent


@pytest.mark.parametrize(
    "query",
    [
        {"village": "上柳村", "desk": "青禾区", "person": "某人", "item": "late", "watch": "failed"},
        {"due_from": "2026-01-01", "due_until": "2026-01-31", "view": "calendar"},
        {"taken_over": "1", "term_from": "2026-01-01", "term_until": "2026-01-31"},
    ],
)
def test_an_address_leads_back_to_its_filters(query: dict[str, str]) -> None:
    filters = CaseFilters.from_query(query)
    assert filters.as_query() == query
    assert CaseFilters.from_query(filters.as_query()) == filters


def test_cases_are_found_by_the_visit_or_the_plan_that_they_come_from(
    cast: Cast, cases: dict[str, Case], signed_in: SignedIn
) -> None:
    draw = frozen(cast)
    county = cast.county_supervisor
    for case, kind, key in ((cases["new"], "campaign", ""), (reported(cast), "spot_check", draw_key(draw))):
        visit = made_visit(cast, kind=kind, draw_key=key)
        answer_items(visit=visit, answers={lines_of(visit)[0].pk: "finding"}, by=cast.inspector, at=NOW)
        link_found_case(answer=visit.answers.get(), case=case, by=cast.inspector, at=NOW)
    assert found(county, visit="campaign") == {cases["new"].pk}
    assert found(county, visit="spot_check") == found(county, visit=f"plan-{draw.plan_id}") == {case.pk}
    assert found(county, visit="tour") == found(county, visit=f"plan-{draw.plan_id + 1}") == set()
    client = signed_in(county)
    body = client.get(f"/cases?visit=plan-{draw.plan_id}").content.decode()
    assert f'<option value="plan-{draw.plan_id}" selected>{draw.plan.purpose[:20]}' in body
    assert (
        f'href="/cases?state=all&amp;visit=plan-{draw.plan_id}"'
        in client.get(f"/spot-checks/plans/{draw.plan_id}").content.decode()
    )
    # Whoever does not see the plan reads nothing of it, and an unknown word is said and left out.
    town = signed_in(cast.town_reviewer).get(f"/cases?visit=plan-{draw.plan_id}").content.decode()
    assert draw.plan.purpose[:20] not in town
    assert "“nonsense”" in client.get("/cases?visit=nonsense").content.decode()
    assert found(county, visit="nonsense") == found(county)

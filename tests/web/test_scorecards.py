"""The pages of scorecards: what is typed stays, every point lost opens its record, an appeal goes to the level above."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casework.models import Case, Person
from casework.stages import Stage
from oversight.models import AppealDecision, ScoreScheme, ScoreSheet
from tests.cast import Cast
from tests.oversight.score_desk import AFTER, FIRST, LAST, drafted, published, scored
from tests.walk import case_at

SignedIn = Callable[[Person], Client]
PERIOD = {"level": "village", "first_day": str(FIRST), "last_day": str(LAST)}


def typed(*items: dict[str, Any]) -> dict[str, Any]:
    form: dict[str, Any] = {"name": "百分制考核", "grading": "stars", "items-TOTAL_FORMS": len(items)}
    form["items-INITIAL_FORMS"] = 0
    for place, item in enumerate(items):
        said = {"name": "按期销号", "code": "overdue", "weight": "99", "mark": "result", **item}
        form |= {f"items-{place}-{name}": value for name, value in said.items()}
    return form


@pytest.fixture
def late(cast: Cast) -> Case:
    return case_at(Stage.RECTIFICATION, cast)


@pytest.fixture
def sheet(cast: Cast, late: Case) -> ScoreSheet:
    return scored(cast, published(cast))["上柳村"]


@pytest.fixture
def in_april(time_machine: Any) -> None:
    time_machine.move_to(AFTER + timedelta(hours=1), tick=False)


def test_a_draft_of_ninety_nine_is_kept_and_not_published(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    kept = client.post("/scorecards/schemes/new", typed({}))
    scheme = ScoreScheme.objects.get()
    assert kept["Location"] == f"/scorecards/schemes/{scheme.pk}"
    answer = client.post(f"/scorecards/schemes/{scheme.pk}/publication", follow=True)
    assert "99" in "".join(str(one) for one in answer.context["messages"])
    assert ScoreScheme.objects.get().published_at is None


@pytest.mark.parametrize(
    "changed", [{"weight": "-5"}, {"code": "log_ins"}, {"code": "", "appraiser": "nobody"}, {"weight": "1e9"}]
)
def test_a_draft_that_is_refused_keeps_what_was_typed(changed: dict[str, str], cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    answer = client.post("/scorecards/schemes/new", typed({"name": "只此一项"}, {"name": "第二项", **changed}))
    assert answer.status_code == 422
    assert "只此一项" in answer.content.decode() and "第二项" in answer.content.decode()
    assert answer.context["items"].forms[1].errors
    assert not ScoreScheme.objects.exists()


def test_a_draft_is_its_offices_own(cast: Cast, signed_in: SignedIn) -> None:
    scheme = drafted(cast)
    assert signed_in(cast.county_supervisor).get(f"/scorecards/schemes/{scheme.pk}").status_code == 200
    for person in (cast.willow_head, cast.city_supervisor, cast.outsider_county):
        assert signed_in(person).get(f"/scorecards/schemes/{scheme.pk}").status_code == 404


def test_a_scheme_with_a_trace_warns_and_names_the_rule(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    page = client.post("/scorecards/schemes/new", typed({"code": "reports", "mark": "trace"}), follow=True)
    assert page.context["has_trace"] and "2024" in page.content.decode()


def test_scores_are_looked_at_and_published(cast: Cast, late: Case, in_april: None, signed_in: SignedIn) -> None:
    scheme = published(cast)
    client = signed_in(cast.county_supervisor)
    looked = client.get(f"/scorecards/schemes/{scheme.pk}/scoring", PERIOD)
    assert [str(row.unit) for row, _grade in looked.context["rows"]] == ["上柳村", "杨树村", "榆钱村"]
    assert not ScoreSheet.objects.exists()
    done = client.post(f"/scorecards/schemes/{scheme.pk}/scoring", PERIOD, follow=True)
    assert done.status_code == 200 and "上柳村" in done.content.decode()
    assert ScoreSheet.objects.filter(unit=cast.willow).exists()


def test_a_period_that_is_open_is_refused_with_a_sentence(cast: Cast, late: Case, signed_in: SignedIn) -> None:
    scheme = published(cast)
    answer = signed_in(cast.county_supervisor).post(f"/scorecards/schemes/{scheme.pk}/scoring", PERIOD)
    assert answer.status_code == 422
    assert answer.context["form"].errors["last_day"]


def test_each_point_lost_is_a_click_from_its_record(
    sheet: ScoreSheet, late: Case, cast: Cast, signed_in: SignedIn
) -> None:
    for person in (cast.willow_head, cast.county_supervisor, cast.city_supervisor):
        page = signed_in(person).get(f"/scorecards/sheets/{sheet.pk}").content.decode()
        assert f'href="/cases/{late.number}"' in page
    for person in (cast.poplar_head, cast.outsider_county):
        assert signed_in(person).get(f"/scorecards/sheets/{sheet.pk}").status_code == 404


def test_a_village_appeals_and_the_city_decides(
    sheet: ScoreSheet, cast: Cast, in_april: None, signed_in: SignedIn
) -> None:
    line = sheet.lines.get(item__code="overdue")
    village, city = signed_in(cast.willow_head), signed_in(cast.city_supervisor)
    assert village.post(f"/scorecards/lines/{line.pk}/appeal", {"words": " "}).status_code == 422
    assert village.post(f"/scorecards/lines/{line.pk}/appeal", {"words": "雨季停工"}).status_code == 302
    line.refresh_from_db()
    assert "雨季停工" in city.get("/scorecards").content.decode()
    address = f"/scorecards/appeals/{line.appeal.pk}/decision"
    said = {"points_back": "999", "words": "属实"}
    refused = city.post(address, said)
    assert refused.status_code == 422 and "属实" in refused.content.decode()
    assert signed_in(cast.county_supervisor).post(address, {**said, "points_back": "5"}).status_code == 403
    assert city.post(address, {**said, "points_back": "5"}).status_code == 302
    assert AppealDecision.objects.get().by == cast.city_supervisor


def test_a_named_person_appraises_and_the_refused_words_stay(cast: Cast, in_april: None, signed_in: SignedIn) -> None:
    scheme = published(cast)
    item = scheme.items.get(name="群众评议")
    client = signed_in(cast.city_supervisor)
    said = {"item": item.pk, "unit": "芦苇村", "first_day": str(FIRST), "last_day": str(LAST), "points": "12"}
    refused = client.post("/scorecards/appraisals", {**said, "words": "公示不全"})
    assert refused.status_code == 422 and "公示不全" in refused.content.decode()
    assert client.post("/scorecards/appraisals", {**said, "unit": "上柳村", "words": "公示不全"}).status_code == 302
    assert signed_in(cast.county_supervisor).get("/scorecards/appraisals").status_code == 403


@pytest.mark.parametrize("address", ["/scorecards/comparison?of=x&unit=", "/scorecards/comparison?of=overdue"])
def test_units_stand_beside_each_other_without_a_rank(
    address: str, cast: Cast, late: Case, signed_in: SignedIn
) -> None:
    assert signed_in(cast.city_supervisor).get(address).status_code == 200
    assert signed_in(cast.willow_head).get(address).status_code == 403
    assert signed_in(cast.outsider_county).get(f"/scorecards/comparison?unit={cast.county.code}").status_code == 404


@pytest.mark.parametrize("query", ["", "?scheme=x", "?scheme=99999999999999999999&first=2026-03-01&last=2026-03-31"])
def test_a_period_that_is_not_there(query: str, cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.county_supervisor).get(f"/scorecards/period{query}").status_code == 404

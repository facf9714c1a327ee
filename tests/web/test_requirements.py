"""The pages of opinions and requirements: issued, signed for, passed on; the tree says where it stopped."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casework.models import Case, Person, Source
from casework.stages import Stage
from oversight.models import Opinion, OpinionCase, Requirement
from oversight.opinions.issuing import Issued, issue_opinion
from oversight.opinions.passing import pass_on, sign_requirement
from tests.cast import Cast
from tests.oversight.desk import Desk, make_desk
from tests.walk import NOW, TODAY, reported
from tests.web.test_queries import EVERY_PAGE, queries_of

SignedIn = Callable[[Person], Client]
LATER = TODAY + timedelta(days=30)


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def opinion(cast: Cast, desk: Desk) -> Opinion:
    issued = Issued("明白墙闲置", "逐村排查明白墙", LATER, "village", [cast.county, cast.department])
    return issue_opinion(mechanism=desk.mechanism, issued=issued, by=desk.officer, at=NOW)


def row_of(opinion: Opinion, unit: Any) -> Requirement:
    return Requirement.objects.get(opinion=opinion, unit=unit)


def words(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {
        "words": "明白卡没有入户",
        "requirement": "逐户补发明白卡",
        "deadline": str(LATER),
        "reaches": "village",
        "addressees": [str(cast.county.pk)],
        **changed,
    }


def test_the_lead_office_issues_one_and_finds_it_in_its_list(cast: Cast, desk: Desk, signed_in: SignedIn) -> None:
    client = signed_in(desk.officer)
    sent = client.post("/opinions/new", words(cast))
    made = Opinion.objects.get()
    assert sent["Location"] == f"/opinions/{made.pk}"
    assert "明白卡没有入户" in client.get("/opinions").content.decode()
    assert "青禾区" in client.get(sent["Location"]).content.decode()


@pytest.mark.parametrize(
    "odd",
    [
        {"words": ""},
        {"requirement": " "},
        {"deadline": str(TODAY - timedelta(1))},
        {"deadline": "2026-02-30"},
        {"deadline": "9999-12-31"},
        {"reaches": "province"},
        {"reaches": ""},
        {"addressees": []},
        {"addressees": ["0"]},
        {"addressees": ["x"]},
        {"requirement": "长" * 2001},
    ],
)
def test_what_is_refused_is_said_and_not_lost(odd: dict[str, Any], cast: Cast, desk: Desk, signed_in: SignedIn) -> None:
    sent = signed_in(desk.officer).post("/opinions/new", words(cast, **odd))
    page = sent.content.decode()
    assert sent.status_code == 422 and 'class="errorlist"' in page
    assert ("明白卡没有入户" in page) == ("words" not in odd)
    assert not Opinion.objects.exists()


def test_others_keep_no_opinions(cast: Cast, desk: Desk, opinion: Opinion, signed_in: SignedIn) -> None:
    for person in (cast.county_supervisor, cast.willow_head, desk.county_reporter, cast.inspector):
        for address in ("/opinions", "/opinions/new", f"/opinions/{opinion.pk}"):
            assert signed_in(person).get(address).status_code == 403
    assert signed_in(desk.officer).get("/opinions/999999").status_code == 404


def test_from_home_a_village_signs_with_two_taps(cast: Cast, desk: Desk, opinion: Opinion, signed_in: SignedIn) -> None:
    county = row_of(opinion, cast.county)
    client = signed_in(cast.county_supervisor)
    assert f"/requirements/{county.pk}" in client.get("/").content.decode()
    client.post(f"/requirements/{county.pk}/receipt", {"name": "县督导"})
    page = client.get(f"/requirements/{county.pk}").content.decode()
    assert page.count('name="units"') == 2 and page.count("checked") == 2
    client.post(f"/requirements/{county.pk}/passing-on", {"units": [str(cast.town.pk)], "note": "本周内"})
    town = row_of(opinion, cast.town)
    sign_requirement(requirement=town, name="镇", by=cast.town_reviewer, at=NOW)
    pass_on(requirement=town, units=[cast.willow], by=cast.town_reviewer, at=NOW)
    village, head = row_of(opinion, cast.willow), signed_in(cast.willow_head)
    assert f'href="/requirements/{village.pk}"' in head.get("/").content.decode()
    page = head.get(f"/requirements/{village.pk}").content.decode()
    assert 'value="willow_head"' in page and "逐村排查明白墙" in page
    assert head.post(f"/requirements/{village.pk}/receipt", {"name": "willow_head"}).status_code == 302
    assert f'href="/requirements/{village.pk}"' not in head.get("/").content.decode()


def test_what_is_refused_of_a_receipt_is_said(cast: Cast, desk: Desk, opinion: Opinion, signed_in: SignedIn) -> None:
    address = f"/requirements/{row_of(opinion, cast.county).pk}"
    client = signed_in(cast.county_supervisor)
    assert client.post(f"{address}/receipt", {"name": " "}).status_code == 422
    assert client.post(f"{address}/receipt", {"name": "名" * 61}).status_code == 422
    assert client.post(f"{address}/passing-on", {"units": [str(cast.town.pk)]}).status_code == 409
    assert client.post(f"{address}/receipt", {"name": "县督导"}).status_code == 302
    assert client.post(f"{address}/receipt", {"name": "县督导"}).status_code == 409
    for units in ([], ["x"], [str(cast.willow.pk)], ["99999999999999999999"]):
        sent = client.post(f"{address}/passing-on", {"units": units, "note": "写过的话"})
        assert sent.status_code == 422 and "写过的话" in sent.content.decode()
    client.post(f"{address}/passing-on", {"units": [str(cast.town.pk)]})
    twice = client.post(f"{address}/passing-on", {"units": [str(cast.town.pk), str(cast.elm.parent_id)]})
    assert twice.status_code == 409 and "柳河镇" in twice.content.decode()


def test_a_requirement_is_read_from_its_unit_up(cast: Cast, desk: Desk, opinion: Opinion, signed_in: SignedIn) -> None:
    county = row_of(opinion, cast.county)
    address = f"/requirements/{county.pk}"
    for person in (cast.county_supervisor, desk.county_reporter, desk.officer, cast.city_supervisor):
        assert signed_in(person).get(address).status_code == 200
    for person in (cast.outsider_county, cast.town_reviewer, cast.willow_head, desk.department_reporter):
        assert signed_in(person).get(address).status_code == 404
    assert signed_in(desk.officer).post(f"{address}/receipt", {"name": "x"}).status_code == 403
    assert signed_in(cast.inspector).get("/requirements").status_code == 403


def test_the_tree_names_the_town_that_did_not_pass_it_on(
    cast: Cast, desk: Desk, opinion: Opinion, signed_in: SignedIn
) -> None:
    row = row_of(opinion, cast.county)
    sign_requirement(requirement=row, name="县", by=cast.county_supervisor, at=NOW)
    pass_on(requirement=row, units=[cast.town, cast.elm.parent], by=cast.county_supervisor, at=NOW)
    sign_requirement(requirement=row_of(opinion, cast.town), name="镇", by=cast.town_reviewer, at=NOW)
    page = signed_in(desk.officer).get(f"/opinions/{opinion.pk}").content.decode()
    tree = page[page.index('class="plain tree"') :]
    town, other = tree[tree.index("柳河镇") : tree.index("榆林镇")], tree[tree.index("榆林镇") :]
    assert 'class="stopped"' in town and "2" in town  # villages that know nothing of it
    assert 'class="stopped"' in other[: other.index("</li>")]
    assert page.index("柳河镇") < page.index('class="plain tree"')
    below = signed_in(cast.county_supervisor).get(f"/requirements/{row.pk}").content.decode()
    assert "柳河镇" in below and "市农业农村局" not in below


class TestCases:
    def test_by_its_number(self, cast: Cast, desk: Desk, opinion: Opinion, signed_in: SignedIn) -> None:
        client, case = signed_in(desk.officer), reported(cast)
        address = f"/opinions/{opinion.pk}/cases"
        assert client.post(address, {"case_number": f" {case.number} "}).status_code == 302
        assert case.number in client.get(f"/opinions/{opinion.pk}").content.decode()
        assert client.post(address, {"case_number": case.number}).status_code == 409
        for number in ("", "QH-1", "长" * 41, "%"):
            assert client.post(address, {"case_number": number}).status_code == 422

    def test_newly_reported_for_it(self, cast: Cast, desk: Desk, opinion: Opinion, signed_in: SignedIn) -> None:
        client = signed_in(desk.officer)
        page = client.get(f"/cases/new?opinion={opinion.pk}&village={cast.willow.code}")
        assert "明白墙闲置" in page.content.decode()
        given = {name: field for name, field in page.context["form"].initial.items() if field is not None}
        given |= {"description": "西墙明白墙仍空置,没有公开内容。", "village": "上柳村"}
        for _ in range(2):  # a double click
            assert client.post("/cases/new", given).status_code == 302
        case = Case.objects.get()
        assert OpinionCase.objects.get().case == case
        assert (case.source, case.stage) == (Source.OTHER, Stage.SCREENING)

    def test_an_opinion_that_is_not_the_readers_is_left_out(
        self, cast: Cast, desk: Desk, opinion: Opinion, signed_in: SignedIn
    ) -> None:
        for pk in (opinion.pk, "x", "9" * 400):
            page = signed_in(cast.inspector).get(f"/cases/new?opinion={pk}")
            assert page.status_code == 200 and "明白墙闲置" not in page.content.decode()


def test_the_pages_take_as_many_queries_for_many_units(
    cast: Cast, desk: Desk, opinion: Opinion, signed_in: SignedIn
) -> None:
    officer, county = signed_in(desk.officer), signed_in(cast.county_supervisor)
    addresses = [(officer, "/opinions"), (officer, f"/opinions/{opinion.pk}"), (county, "/requirements")]
    few = [len(queries_of(client, address)) for client, address in addresses]
    row = row_of(opinion, cast.county)
    sign_requirement(requirement=row, name="县", by=cast.county_supervisor, at=NOW)
    pass_on(requirement=row, units=[cast.town, cast.elm.parent], by=cast.county_supervisor, at=NOW)
    for number in range(3):
        issued = Issued(f"意见{number}", "排查", LATER, "town", [cast.county])
        issue_opinion(mechanism=desk.mechanism, issued=issued, by=desk.officer, at=NOW)
    assert [len(queries_of(client, address)) for client, address in addresses] == few
    assert max(few) - EVERY_PAGE <= 12, few

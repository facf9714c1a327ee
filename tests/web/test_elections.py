"""The pages of elections: daily reports, nominees with their check, lists, the structure of committees."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casework.models import Person
from oversight.eligibility.checking import decide_eligibility
from oversight.models import Election, ElectionReport, EligibilityList, Nominee
from tests.cast import Cast
from tests.oversight.electing import (
    BARS,
    FIRST,
    LAST,
    YESTERDAY,
    elected_in,
    listed,
    nominee_of,
    reported,
    sign,
    signed,
)
from tests.walk import NOW, TODAY
from tests.web.test_queries import EVERY_PAGE, queries_of

SignedIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    """Sentences are read as they stand in the code."""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def election(cast: Cast) -> Election:
    listed(cast)
    return elected_in(cast)


def rows(election: Election, *villages: Any, **said: str) -> dict[str, Any]:
    values: dict[str, Any] = {"day": str(YESTERDAY), "village": [str(one.pk) for one in villages]}
    step = str(election.steps.get(order=1).pk)
    for one in villages:
        values |= {f"v{one.pk}-step": step, f"v{one.pk}-happened": "入户宣传"}
        values |= {f"v{one.pk}-{name}": words for name, words in said.items()}
    return values


class TestElections:
    def opened(self, **changed: str) -> dict[str, str]:
        steps = {"steps-TOTAL_FORMS": "2", "steps-INITIAL_FORMS": "0", "steps-0-name": "宣传", "steps-1-name": "投票"}
        days = {"begins_on": str(FIRST), "ends_on": str(LAST), "steps-1-due_on": str(LAST)}
        return {"name": "村级换届", **days, **steps, **changed}

    def test_an_office_opens_one_and_names_its_steps(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.county_supervisor)
        assert client.get("/elections/new").status_code == 200
        sent = client.post("/elections/new", self.opened(unit=str(cast.county.pk)))
        made = Election.objects.get()
        assert sent["Location"] == f"/elections/{made.pk}"
        assert [(one.name, one.due_on) for one in made.steps.all()] == [("宣传", None), ("投票", LAST)]

    @pytest.mark.parametrize(
        "odd", [{"ends_on": ""}, {"ends_on": "2020-01-01"}, {"steps-0-name": " "}, {"name": ""}, {"unit": "x"}]
    )
    def test_what_is_refused_loses_nothing(self, odd: dict[str, str], cast: Cast, signed_in: SignedIn) -> None:
        sent = signed_in(cast.county_supervisor).post(
            "/elections/new", self.opened(**{"unit": str(cast.county.pk), **odd})
        )
        page = sent.content.decode()
        assert sent.status_code == 422 and 'class="alert"' in page and "投票" in page
        assert not Election.objects.exists()

    def test_the_next_morning_names_who_did_not_report(
        self, cast: Cast, election: Election, signed_in: SignedIn
    ) -> None:
        reported(cast, election, trouble="选票未印好")
        page = signed_in(cast.county_supervisor).get(f"/elections/{election.pk}").content.decode()
        assert "2 villages of 3" in page and "杨树村" in page and "选票未印好" in page
        page = signed_in(cast.town_reviewer).get(f"/elections/{election.pk}").content.decode()
        assert "1 village of 2" in page and "榆钱村" not in page
        listed_ones = signed_in(cast.county_supervisor).get(f"/elections/{election.pk}/silent").content.decode()
        assert "杨树村" in listed_ones and "榆钱村" in listed_ones and "上柳村" not in listed_ones
        assert signed_in(cast.outsider_county).get(f"/elections/{election.pk}").status_code == 404

    def test_its_pages_take_as_many_queries_for_many(self, cast: Cast, election: Election, signed_in: SignedIn) -> None:
        client = signed_in(cast.county_supervisor)
        addresses = [f"/elections/{election.pk}", f"/elections/{election.pk}/reports", "/elections/nominees"]
        nominee_of(cast, election)
        few = [len(queries_of(client, one)) for one in addresses]
        for village in (cast.willow, cast.poplar):
            reported(cast, election, village, day=TODAY, trouble="x", is_done=True)
            nominee_of(cast, election, "槐安", village)
        assert [len(queries_of(client, one)) for one in addresses] == few
        assert max(few) <= EVERY_PAGE + 20


class TestReports:
    def test_a_town_reports_for_its_villages_and_leaves_out_empty_rows(
        self, cast: Cast, election: Election, signed_in: SignedIn
    ) -> None:
        client, address = signed_in(cast.town_reviewer), f"/elections/{election.pk}/reports"
        page = client.get(f"{address}?day={YESTERDAY}").content.decode()
        assert "上柳村" in page and "杨树村" in page and "榆钱村" not in page
        empty = {f"v{cast.poplar.pk}-happened": "", f"v{cast.poplar.pk}-step": ""}
        assert client.post(address, rows(election, cast.willow, cast.poplar) | empty).status_code == 302
        assert ElectionReport.objects.get().village == cast.willow

    @pytest.mark.parametrize("day", [str(TODAY + timedelta(days=1)), str(FIRST - timedelta(days=1)), "", "x", "9" * 40])
    def test_another_day_is_refused_and_loses_nothing(
        self, day: str, cast: Cast, election: Election, signed_in: SignedIn
    ) -> None:
        given = rows(election, cast.willow) | {"day": day}
        sent = signed_in(cast.willow_head).post(f"/elections/{election.pk}/reports", given)
        assert sent.status_code == 422 and "入户宣传" in sent.content.decode()
        assert not ElectionReport.objects.exists()

    def test_a_second_report_of_a_day_is_refused_with_its_words(
        self, cast: Cast, election: Election, signed_in: SignedIn
    ) -> None:
        reported(cast, election)
        sent = signed_in(cast.willow_head).post(
            f"/elections/{election.pk}/reports", rows(election, cast.willow, trouble="新困难")
        )
        assert sent.status_code == 409 and "新困难" in sent.content.decode()

    def test_it_is_corrected_with_a_reason(self, cast: Cast, election: Election, signed_in: SignedIn) -> None:
        report = reported(cast, election)
        client, address = signed_in(cast.willow_head), f"/elections/reports/{report.pk}"
        said = {"step": str(report.step_id), "happened": "会议改期"}
        assert client.post(address, said).status_code == 422
        assert client.post(address, said | {"reason": "写错"}).status_code == 302
        assert signed_in(cast.county_supervisor).post(address, said | {"reason": "x"}).status_code == 403
        assert signed_in(cast.poplar_head).get(address).status_code == 404


class TestNominees:
    def test_the_whole_check(self, cast: Cast, election: Election, signed_in: SignedIn) -> None:
        town = signed_in(cast.town_reviewer)
        said = {"village": str(cast.willow.pk), "name": "柏青山", "birth_year": "1980", "is_party_member": "yes"}
        sent = town.post(f"/elections/{election.pk}/nomination", said)
        nominee = Nominee.objects.get()
        address = f"/elections/nominees/{nominee.pk}"
        assert sent["Location"] == address
        department = signed_in(cast.department_member)
        assert "柏青山" in department.get("/elections").content.decode()
        page = department.get(address).content.decode()
        assert "1980" not in page and BARS not in page
        item = nominee.list.items.get(department=cast.department)
        signing = f"{address}/opinions/{cast.department.code}"
        assert department.post(signing, {f"item-{item.pk}": "yes"}).status_code == 422
        given = {f"item-{item.pk}": "yes", f"words-{item.pk}": "上届测评末位"}
        assert department.post(signing, given).status_code == 302
        again = department.post(signing, given)
        assert again.status_code == 409 and "上届测评末位" in again.content.decode()
        county = signed_in(cast.county_supervisor)
        passing = {"is_eligible": "yes", "reason": "已经整改"}
        blocked = county.post(f"{address}/decision", passing)
        assert blocked.status_code == 422 and "已经整改" in blocked.content.decode()
        sign(nominee, cast.discipline_unit, cast.discipline)
        assert county.post(f"{address}/decision", {"is_eligible": "yes"}).status_code == 422
        assert county.post(f"{address}/decision", passing).status_code == 302
        assert town.post(f"{address}/elected", {"elected_on": str(TODAY)}).status_code == 302
        structure = county.get(f"/elections/{election.pk}/structure").content.decode()
        assert "1 person was elected" in structure and "柏青山" not in structure

    def test_a_town_reads_no_word_of_a_department(self, cast: Cast, election: Election, signed_in: SignedIn) -> None:
        nominee = signed(cast, nominee_of(cast, election), bars=True)
        reason = "因九不能不予通过"
        decide_eligibility(nominee=nominee, is_eligible=False, reason=reason, by=cast.county_supervisor, at=NOW)
        page = signed_in(cast.town_reviewer).get(f"/elections/nominees/{nominee.pk}").content.decode()
        assert "May not stand" in page and "查有记录" not in page and reason not in page
        assert "查有记录" in signed_in(cast.county_supervisor).get(f"/elections/nominees/{nominee.pk}").content.decode()
        for person in (cast.willow_head, cast.outsider_county, cast.inspector):
            assert signed_in(person).get(f"/elections/nominees/{nominee.pk}").status_code == 404

    @pytest.mark.parametrize(
        ("odd", "status"),
        [
            ({"name": "柏青山"}, 409),
            ({"village": "9" * 30}, 422),
            ({"birth_year": "9" * 30}, 422),
            ({"name": "柏411102"}, 422),
        ],
    )
    def test_what_is_refused_loses_nothing(
        self, odd: dict[str, str], status: int, cast: Cast, election: Election, signed_in: SignedIn
    ) -> None:
        nominee_of(cast, election)
        said = {"village": str(cast.willow.pk), "name": "槐安", "terms_before": "3", **odd}
        sent = signed_in(cast.town_reviewer).post(f"/elections/{election.pk}/nomination", said)
        assert sent.status_code == status and 'value="3"' in sent.content.decode()
        assert Nominee.objects.count() == 1

    def test_one_is_taken_back_with_a_reason(self, cast: Cast, election: Election, signed_in: SignedIn) -> None:
        nominee = nominee_of(cast, election)
        client, address = signed_in(cast.town_reviewer), f"/elections/nominees/{nominee.pk}/withdrawal"
        assert client.post(address, {"reason": ""}).status_code == 422
        assert client.post(address, {"reason": "本人放弃"}).status_code == 302
        assert client.post(address, {"reason": "再来"}).status_code == 409
        assert signed_in(cast.discipline).post(address, {"reason": "x"}).status_code == 403


class TestLists:
    def list_of(self, cast: Cast, **changed: str) -> dict[str, str]:
        items = {
            "items-TOTAL_FORMS": "2",
            "items-INITIAL_FORMS": "0",
            "items-0-kind": "cannot",
            "items-1-kind": "cannot",
        }
        words = {"items-0-words": "受过刑事处罚", "items-0-department": str(cast.discipline_unit.pk)}
        return {"valid_from": str(TODAY), **items, **words, **changed}

    def test_the_city_publishes_the_next(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.city_supervisor)
        assert "No list is published yet" in client.get("/elections/lists").content.decode()
        assert client.post("/elections/lists/new", self.list_of(cast)).status_code == 302
        assert [one.words for one in EligibilityList.objects.get().items.all()] == ["受过刑事处罚"]
        assert "受过刑事处罚" in client.get("/elections/lists/new").content.decode()
        assert signed_in(cast.county_supervisor).post("/elections/lists/new", self.list_of(cast)).status_code == 403

    @pytest.mark.parametrize("odd", [{"valid_from": ""}, {"items-0-department": ""}, {"items-1-department": "999999"}])
    def test_what_is_refused_loses_nothing(self, odd: dict[str, str], cast: Cast, signed_in: SignedIn) -> None:
        sent = signed_in(cast.city_supervisor).post("/elections/lists/new", self.list_of(cast, **odd))
        page = sent.content.decode()
        assert sent.status_code == 422 and "受过刑事处罚" in page and 'class="alert"' in page
        assert not EligibilityList.objects.exists()

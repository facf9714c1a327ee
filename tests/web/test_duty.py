"""The pages of duty days, rosters, rules and gaps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from casework.models import Case, Person, Source
from oversight.duty.minutes import Held, correct_minutes, enter_minutes
from oversight.duty.queries import VillageWork
from oversight.duty.rules import Asked, set_rule
from oversight.models import DutyRule, GapVerdict, Minutes, MinutesKind, Roster
from oversight.objects.walls import Described, register_wall, renew_wall
from tests.cast import Cast
from tests.oversight.desk import make_desk
from tests.oversight.electing import elected_in
from tests.oversight.electing import reported as election_report
from tests.oversight.reports import opened
from tests.walk import NOW, TODAY, photo
from tests.web.test_queries import EVERY_PAGE, queries_of

SignedIn = Callable[[Person], Client]
WEEK = date(2026, 2, 9)


@pytest.fixture
def rule(cast: Cast) -> DutyRule:
    asked = Asked(date(2026, 2, 9), "week", True, True)
    return set_rule(county=cast.county, asked=asked, by=cast.county_supervisor, at=NOW)


def words(cast: Cast, **changed: Any) -> dict[str, Any]:
    people = [str(cast.willow_head.pk), str(cast.willow_member.pk)]
    return {"kind": "duty", "held_on": str(WEEK), "present": people, "words": "查看鱼塘合同", **changed}


def enter(cast: Cast, day: date, *present: Person, kind: str = "duty", subject: str = "") -> Minutes:
    held = Held(MinutesKind(kind), day, [one.pk for one in present or (cast.willow_head,)], subject, "x")
    return enter_minutes(village=cast.willow, held=held, by=cast.willow_head, at=NOW)


def key(cast: Cast, kind: str = "no_duty", day: date = WEEK, about: str = "") -> str:
    return f"/gaps/{kind}~{cast.willow.code}~{day}~{about}"


def test_a_village_enters_its_day_with_the_sheet_and_the_county_reads_it(
    cast: Cast, rule: DutyRule, signed_in: SignedIn
) -> None:
    client, address = signed_in(cast.willow_head), f"/duty/villages/{cast.willow.code}"
    assert client.get("/duty")["Location"] == address
    assert client.post(address, words(cast, uploads=[photo(9)])).status_code == 302
    made = Minutes.objects.get()
    page = signed_in(cast.county_supervisor).get(f"/duty/minutes/{made.pk}").content.decode()
    assert "查看鱼塘合同" in page and "willow_member" in page
    assert signed_in(cast.county_supervisor).get(f"/duty/minutes/{made.pk}/files/1").status_code == 200
    assert signed_in(cast.outsider_county).get(f"/duty/minutes/{made.pk}/files/1").status_code == 404


def test_the_town_enters_from_paper_and_it_is_marked(cast: Cast, rule: DutyRule, signed_in: SignedIn) -> None:
    client, address = signed_in(cast.town_reviewer), f"/duty/villages/{cast.willow.code}"
    assert client.post(address, words(cast)).status_code == 302
    assert Minutes.objects.get().from_paper and "tag from-paper" in client.get(address).content.decode()
    assert signed_in(cast.county_supervisor).post(address, words(cast)).status_code == 403


@pytest.mark.parametrize(
    "odd",
    [
        {"held_on": str(TODAY + timedelta(1))},
        {"held_on": "x"},
        {"kind": "party"},
        {"kind": "major_matter"},
        {"present": []},
        {"present": ["0"]},
        {"present": ["x" * 50]},
    ],
)
def test_what_is_refused_loses_neither_words_nor_files(odd: dict[str, Any], cast: Cast, signed_in: SignedIn) -> None:
    given = {**words(cast), **odd, "uploads": [photo(9)]}
    sent = signed_in(cast.willow_head).post(f"/duty/villages/{cast.willow.code}", given)
    page = sent.content.decode()
    assert sent.status_code == 422 and "查看鱼塘合同" in page and 'name="kept"' in page and 'class="alert"' in page
    assert not Minutes.objects.exists()


def test_minutes_are_corrected_and_taken_back(cast: Cast, signed_in: SignedIn) -> None:
    entry, client = enter(cast, WEEK), signed_in(cast.willow_head)
    address = f"/duty/minutes/{entry.pk}"
    assert client.post(address, words(cast)).status_code == 422
    assert client.post(address, words(cast, reason="漏写一人")).status_code == 302
    assert client.post(address, words(cast, reason="再改")).status_code == 409
    later = Minutes.objects.get(replaces=entry)
    assert client.post(f"/duty/minutes/{later.pk}/withdrawal", {"reason": ""}).status_code == 422
    assert client.post(f"/duty/minutes/{later.pk}/withdrawal", {"reason": "未值班"}).status_code == 302
    assert "未值班" in client.get(f"/duty/minutes/{later.pk}").content.decode()


class TestGaps:
    def test_one_becomes_a_case_with_its_source_and_a_second_click_is_the_same(
        self, cast: Cast, rule: DutyRule, signed_in: SignedIn
    ) -> None:
        client, address = signed_in(cast.town_reviewer), key(cast)
        assert address in client.get("/gaps").content.decode()
        form = client.get(address).context["opening"]
        assert cast.willow.name in form.initial["description"]
        given = {"description": "第七周没有值班记录,也没有补登。"}
        sent = client.post(f"{address}/case", given)
        case = Case.objects.get()
        assert sent["Location"] == f"/cases/{case.number}"
        assert (case.source, case.item.code, case.fact_on) == (
            Source.DUTY_GAP,
            "committee-duty-missed",
            WEEK + timedelta(days=6),
        )
        assert client.post(f"{address}/case", given).status_code == 409
        assert GapVerdict.objects.get().case == Case.objects.get()
        assert address not in client.get("/gaps").content.decode()
        assert case.number in client.get("/gaps?decided=1").content.decode()

    def test_one_is_dismissed_with_a_reason(self, cast: Cast, rule: DutyRule, signed_in: SignedIn) -> None:
        client, address = signed_in(cast.county_supervisor), key(cast)
        assert client.post(f"{address}/dismissal", {"reason": ""}).status_code == 422
        assert client.post(f"{address}/dismissal", {"reason": "防汛停休"}).status_code == 302
        assert "防汛停休" in client.get(address).content.decode()
        assert not Case.objects.exists()

    def test_the_village_reads_its_own_and_decides_nothing(
        self, cast: Cast, rule: DutyRule, signed_in: SignedIn
    ) -> None:
        client, address = signed_in(cast.willow_head), key(cast)
        assert client.get(address).status_code == 200
        assert client.post(f"{address}/dismissal", {"reason": "x"}).status_code == 403
        assert client.post(f"{address}/case", {"description": "没有值班记录"}).status_code == 403
        assert not GapVerdict.objects.exists() and not Case.objects.exists()
        assert signed_in(cast.poplar_head).get(address).status_code == 404

    def test_one_that_was_closed_by_an_entry_is_there_no_more(
        self, cast: Cast, rule: DutyRule, signed_in: SignedIn
    ) -> None:
        enter(cast, WEEK)
        assert signed_in(cast.town_reviewer).get(key(cast)).status_code == 404

    @pytest.mark.parametrize("odd", ["x", "~~~", "no_duty~x~2026-02-30~", "no_duty~x~9999-12-31~", "~x~0001-01-01~"])
    def test_an_odd_key_is_no_fault(self, odd: str, cast: Cast, rule: DutyRule, signed_in: SignedIn) -> None:
        client = signed_in(cast.town_reviewer)
        assert client.get(f"/gaps/{odd.replace('~x~', f'~{cast.willow.code}~')}").status_code == 404

    def test_the_list_takes_as_many_queries_for_many(self, cast: Cast, rule: DutyRule, signed_in: SignedIn) -> None:
        client = signed_in(cast.county_supervisor)
        few = len(queries_of(client, "/gaps"))
        enter(cast, WEEK, kind="major_matter", subject="鱼塘承包")
        enter(cast, WEEK, cast.willow_member, kind="major_matter", subject="道路硬化")
        assert len(queries_of(client, "/gaps")) == few <= EVERY_PAGE + 22


class TestRosters:
    def test_it_is_proposed_saved_and_printed(self, cast: Cast, rule: DutyRule, signed_in: SignedIn) -> None:
        client, address = signed_in(cast.willow_head), f"/duty/villages/{cast.willow.code}/rosters/2026-03"
        assert client.get(f"{address}/sheet").status_code == 404
        assert client.get(address).content.decode().count('value="2026-03-') == 5
        head = str(cast.willow_head.pk)
        assert client.post(address, {"day": ["2026-03-02", ""], "person": [head, ""]}).status_code == 302
        assert Roster.objects.get().turns.get().person == cast.willow_head
        sheet = client.get(f"{address}/sheet").content.decode()
        assert "willow_head" in sheet and "data-print" in sheet

    @pytest.mark.parametrize(
        ("day", "person"), [("2026-04-01", "head"), ("x", "head"), ("2026-03-02", ""), ("2026-03-02", "9" * 30)]
    )
    def test_what_is_refused_stays_in_the_form(
        self, day: str, person: str, cast: Cast, rule: DutyRule, signed_in: SignedIn
    ) -> None:
        client, address = signed_in(cast.willow_head), f"/duty/villages/{cast.willow.code}/rosters/2026-03"
        who = str(cast.willow_head.pk) if person == "head" else person
        sent = client.post(address, {"day": [day], "person": [who]})
        assert sent.status_code == 422 and f'value="{day}"' in sent.content.decode()
        assert client.get(address.replace("2026-03", "2026-13")).status_code == 404


def test_a_rule_needs_its_day(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    given = {"county": str(cast.county.pk), "duty_every": "week", "meets_monthly": "on", "basis": "青禾办〔2026〕3号"}
    sent = client.post("/duty/rules", {**given, "valid_from": ""})
    assert sent.status_code == 422 and "青禾办〔2026〕3号" in sent.content.decode()
    assert client.post("/duty/rules", {**given, "valid_from": "2026-03-01"}).status_code == 302
    assert "青禾办〔2026〕3号" in client.get("/duty/rules").content.decode()
    other = {**given, "county": str(cast.other_county.pk), "valid_from": "2026-03-01"}
    assert client.post("/duty/rules", other).status_code == 422
    assert DutyRule.objects.get().county == cast.county


def test_the_burden_meter_counts_each_entry_once_and_by_whom(cast: Cast, rule: DutyRule, signed_in: SignedIn) -> None:
    enter(cast, WEEK)
    town = {"village": cast.willow, "by": cast.town_reviewer, "at": NOW}
    enter_minutes(held=Held(MinutesKind.MEETING, WEEK, [cast.willow_head.pk], words="x"), **town)
    answer = signed_in(cast.county_supervisor).get("/burden?month=2026-03")
    ((burden, entered),) = answer.context["burdens"]
    assert (burden.village, burden.entries, burden.total) == (cast.willow, 2, 2)
    assert (entered.by_itself, entered.by_town) == (1, 1)
    assert answer.context["asked_by"] == [(cast.county.name, 2)]
    assert signed_in(cast.outsider_county).get("/burden?month=2026-03").context["burdens"] == []
    assert signed_in(cast.county_supervisor).get("/burden?month=2026-02").context["burdens"] == []


@pytest.mark.parametrize(
    ("at", "month"),
    [
        ("2026-01-31T23:59:59", "2026-01"),
        ("2026-02-01T00:00:00", "2026-02"),
        ("2026-02-28T23:59:59", "2026-02"),
        ("2026-03-01T00:00:00", "2026-03"),
    ],
)
def test_an_entry_counts_once_in_the_month_of_china_in_which_it_was_made(
    at: str, month: str, cast: Cast, signed_in: SignedIn
) -> None:
    moment = datetime.fromisoformat(f"{at}+08:00")
    given = {"by": cast.willow_head, "at": moment}
    held = Held(MinutesKind.MEETING, date(2026, 1, 20), [cast.willow_head.pk], words="x")
    minutes = enter_minutes(village=cast.willow, held=held, **given)
    client = signed_in(cast.county_supervisor)
    for asked in ("2026-01", "2026-02", "2026-03"):
        burdens = client.get(f"/burden?month={asked}").context["burdens"]
        assert [one.entries for one, _entered in burdens] == ([1] if asked == month else [])
    # A correction is work as well, and what it takes the place of was work before.
    correct_minutes(minutes=minutes, held=replace(held, words="y"), reason="x", **given)
    ((burden, _entered),) = client.get(f"/burden?month={month}").context["burdens"]
    assert burden.entries == 2


def test_what_is_entered_into_registers_and_elections_is_an_entry_as_well(cast: Cast, signed_in: SignedIn) -> None:
    wall = register_wall(village=cast.willow, described=Described("一组", "村口"), by=cast.willow_head, at=NOW)
    renew_wall(wall=wall, day=TODAY, by=cast.town_reviewer, at=NOW)
    election_report(cast, elected_in(cast))
    ((_burden, entered),) = signed_in(cast.county_supervisor).get("/burden?month=2026-03").context["burdens"]
    assert (entered.by_itself, entered.by_town) == (1, 1)


def test_the_list_of_villages_takes_as_many_queries_for_many(cast: Cast, rule: DutyRule, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    few = len(queries_of(client, "/duty"))
    enter(cast, WEEK)
    assert len(queries_of(client, "/duty")) == few <= EVERY_PAGE + 10
    village = f"/duty/villages/{cast.willow.code}"
    one = len(queries_of(client, village))
    for week in range(3):
        enter(cast, WEEK - timedelta(days=7 * week + 1), cast.willow_head, cast.willow_member)
    assert len(queries_of(client, village)) == one <= EVERY_PAGE + 30


def test_a_countys_report_says_what_its_villages_entered_without_asking_them_again(
    cast: Cast, signed_in: SignedIn
) -> None:
    desk = make_desk(cast)
    period = opened(desk)
    enter(cast, period.first_day)
    enter(cast, period.first_day - timedelta(days=1))
    report = period.expected.get(unit=cast.county)
    page = signed_in(desk.county_reporter).get(f"/unit-reports/{report.pk}")
    assert page.context["village_work"] == VillageWork(1, 0, 0)
    other = period.expected.get(unit=cast.other_county)
    assert signed_in(desk.other_county_reporter).get(f"/unit-reports/{other.pk}").context[
        "village_work"
    ] == VillageWork(0, 0, 0)

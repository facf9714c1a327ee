"""Rows that are ticked in the list: reassigned, reminded of, exported, printed; one result a row."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from casework.models import Case, CaseEvent, Person, Post
from casework.stages import Stage
from casework.values.days_in_words import exact_day
from tests.cast import Cast
from tests.walk import case_at, closed, head_post, planned, reported
from tests.web.test_forms import hidden
from tests.web.test_queries import queries_of
from web.pages.ticked import MOST

SignedIn = Callable[[Person], Client]
REASSIGN, REMIND = "/reassignments", "/reminders"


def address(base: str, *cases: Case) -> str:
    return base + "?" + "&".join(f"case={case.number}" for case in cases)


def said(client: Client, base: str, shown: list[Case], ticked: list[Case], **words: Any) -> dict[str, Any]:
    """What the page of these rows sends when some of them stay ticked."""
    rows = client.get(address(base, *shown)).context["rows"]
    hidden = {f"key-{row.case.pk}": row.key for row in rows} | {
        f"version-{row.case.pk}": row.case.version for row in rows
    }
    numbers = {"row": [case.number for case in shown], "case": [case.number for case in ticked]}
    return {**hidden, **numbers, **words}


def department(cast: Cast) -> Post:
    return Post.objects.get(unit=cast.department)


def responsible(*cases: Case) -> list[int | None]:
    return [Case.objects.get(pk=case.pk).responsible_id for case in cases]


@pytest.fixture
def county(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.county_supervisor)


class TestTheList:
    def test_an_office_and_a_town_tick_rows_and_a_village_does_not(self, cast: Cast, signed_in: SignedIn) -> None:
        case = case_at(Stage.PLANNING, cast)
        box = f'form="ticked" name="case" value="{case.number}"'
        for who, acts in (("county_supervisor", 2), ("town_reviewer", 0)):
            page = signed_in(getattr(cast, who)).get("/cases").content.decode()
            assert box in page
            assert page.count(f'formaction="{REASSIGN}"') + page.count(f'formaction="{REMIND}"') == acts
        assert box not in signed_in(cast.willow_head).get("/cases").content.decode()

    def test_nothing_that_asks_for_a_look_is_offered(self, cast: Cast, county: Client) -> None:
        case_at(Stage.SECOND_REVIEW, cast), case_at(Stage.STRIKE_OFF, cast)
        page = county.get("/cases").content.decode()
        bar = page[page.index('class="tick-bar"') :]
        bar = bar[: bar.index("</form>")]
        assert "review" not in bar and "closure" not in bar and "strike" not in bar


class TestReassigning:
    def test_what_is_ticked_goes_to_the_one_post_and_nothing_else(self, cast: Cast, county: Client) -> None:
        first, second, left = (case_at(Stage.PLANNING, cast) for _ in range(3))
        words = {"post": department(cast).pk, "reason": "由农业农村局统一整改"}
        answer = county.post(REASSIGN, said(county, REASSIGN, [first, second, left], [first, second], **words))
        assert answer.status_code == 200
        assert responsible(first, second, left) == [cast.department.pk, cast.department.pk, cast.willow.pk]
        assert [row.case for row in answer.context["done"]] == [first, second]
        assert [(row.case, row.is_ticked) for row in answer.context["rows"]] == [(left, False)]
        assert set(CaseEvent.objects.filter(kind="reassigned").values_list("by__username", flat=True)) == {
            "county_supervisor"
        }

    def test_what_fails_stays_ticked_with_its_reason_and_the_rest_is_done(self, cast: Cast, county: Client) -> None:
        good, late = case_at(Stage.PLANNING, cast), case_at(Stage.FIRST_REVIEW, cast)
        words = {"post": department(cast).pk, "reason": "换人"}
        answer = county.post(REASSIGN, said(county, REASSIGN, [good, late], [good, late], **words))
        assert answer.status_code == 422
        assert responsible(good, late) == [cast.department.pk, cast.willow.pk]
        (row,) = answer.context["rows"]
        assert row.is_ticked and row.error.code == "wrong_stage"
        page = answer.content.decode()
        assert f'value="{late.number}" checked' in page and f'value="{department(cast).pk}" selected' in page
        assert "换人" in page

    def test_a_post_of_another_village_is_refused_row_by_row(self, cast: Cast, county: Client) -> None:
        willow = case_at(Stage.PLANNING, cast)
        poplar = case_at(Stage.PLANNING, cast)
        Case.objects.filter(pk=poplar.pk).update(village=cast.poplar)
        words = {"post": head_post(cast.poplar).pk, "reason": "换人"}
        answer = county.post(REASSIGN, said(county, REASSIGN, [willow, poplar], [willow, poplar], **words))
        assert [row.error.code for row in answer.context["rows"]] == ["post_of_other_village"]
        assert responsible(poplar) == [cast.poplar.pk]

    def test_a_case_that_moved_on_meanwhile_says_so(self, cast: Cast, county: Client) -> None:
        case = case_at(Stage.PLANNING, cast)
        form = said(county, REASSIGN, [case], [case], post=department(cast).pk, reason="换人")
        planned(cast, case)
        answer = county.post(REASSIGN, form)
        assert [row.error.code for row in answer.context["rows"]] == ["stale"]
        assert responsible(case) == [cast.willow.pk]

    def test_sent_twice_it_is_done_once(self, cast: Cast, county: Client) -> None:
        case = case_at(Stage.PLANNING, cast)
        form = said(county, REASSIGN, [case], [case], post=department(cast).pk, reason="换人")
        assert [county.post(REASSIGN, form).status_code for _ in range(2)] == [200, 200]
        assert CaseEvent.objects.filter(kind="reassigned").count() == 1

    @pytest.mark.parametrize(
        "words", [{"reason": "换人"}, {"post": "x", "reason": "换人"}, {"post": "", "reason": ""}, {"reason": " "}]
    )
    def test_words_that_are_missing_keep_every_tick(self, words: dict[str, str], cast: Cast, county: Client) -> None:
        case = case_at(Stage.PLANNING, cast)
        answer = county.post(REASSIGN, said(county, REASSIGN, [case], [case], **words))
        assert answer.status_code == 422
        assert f'value="{case.number}" checked' in answer.content.decode()
        assert responsible(case) == [cast.willow.pk]


class TestReminding:
    def test_each_ticked_case_is_reminded_of_and_a_second_time_says_why_not(self, cast: Cast, county: Client) -> None:
        first, second = case_at(Stage.PLANNING, cast), case_at(Stage.FIRST_REVIEW, cast)
        own = case_at(Stage.SECOND_REVIEW, cast)
        shown = [first, second, own]
        answer = county.post(REMIND, said(county, REMIND, shown, shown, words="周五前"))
        assert answer.status_code == 422
        assert [row.error.code for row in answer.context["rows"]] == ["own_desk"]
        assert CaseEvent.objects.filter(kind="urged", words="周五前").count() == 2
        answer = county.post(REMIND, said(county, REMIND, shown, [first]))
        assert {row.case: row.error and row.error.code for row in answer.context["rows"]} == {
            first: "reminded_today",
            second: None,
            own: None,
        }

    def test_too_long_a_word_reminds_nobody(self, cast: Cast, county: Client) -> None:
        case = case_at(Stage.PLANNING, cast)
        answer = county.post(REMIND, said(county, REMIND, [case], [case], words="好" * 501))
        assert answer.status_code == 422 and not CaseEvent.objects.filter(kind="urged").exists()


def test_one_case_is_reminded_of_from_its_own_page(cast: Cast, county: Client) -> None:
    case = case_at(Stage.PLANNING, cast)
    page = f"/cases/{case.number}/reminder"
    assert page in county.get(f"/cases/{case.number}").content.decode()
    assert county.post(page, {**hidden(county, page), "word_to_them": "周五前"}).status_code == 302
    assert CaseEvent.objects.get(kind="urged").words == "周五前"
    answer = county.post(page, {**hidden(county, page), "word_to_them": "再催一次"})
    assert answer.status_code == 409 and "再催一次" in answer.content.decode()


@pytest.mark.parametrize("base", [REASSIGN, REMIND])
class TestOddHands:
    def test_nothing_ticked(self, base: str, cast: Cast, county: Client) -> None:
        case = case_at(Stage.PLANNING, cast)
        answer = county.post(base, said(county, base, [case], [], post=department(cast).pk, reason="x"))
        assert answer.status_code == 200 and answer.context["is_empty_hand"]
        assert county.get(base).status_code == 200

    def test_cases_out_of_sight_and_unknown_numbers_are_counted_and_left(
        self, base: str, cast: Cast, signed_in: SignedIn
    ) -> None:
        case = case_at(Stage.PLANNING, cast)
        outsider = signed_in(cast.outsider_county)
        form = {"case": [case.number, "QH-2026-999999", "", " ", "' OR 1=1", "号" * 90], "reason": "x"}
        answer = outsider.post(base, form)
        assert answer.context["rows"] == [] and answer.context["gone"] == 4
        assert case.number not in answer.content.decode()
        assert CaseEvent.objects.filter(kind__in=("urged", "reassigned")).count() == 0

    def test_whoever_is_no_office_is_told_who_is(self, base: str, cast: Cast, signed_in: SignedIn) -> None:
        case = case_at(Stage.PLANNING, cast)
        for who in ("town_reviewer", "willow_head", "inspector"):
            assert signed_in(getattr(cast, who)).post(base, {"case": case.number}).status_code == 403

    def test_more_rows_than_fit_are_left_out(self, base: str, cast: Cast, county: Client) -> None:
        numbers = [f"QH-2026-{n:06d}" for n in range(MOST + 50)]
        answer = county.get(base, {"case": numbers})
        assert answer.status_code == 200 and answer.context["gone"] == MOST

    def test_many_rows_take_as_many_queries_as_one(self, base: str, cast: Cast, county: Client) -> None:
        cases = [case_at(Stage.PLANNING, cast) for _ in range(6)]
        few = len(queries_of(county, address(base, cases[0])))
        assert len(queries_of(county, address(base, *cases))) == few


def cells(answer: Any) -> list[str]:
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    return [str(row[1]) for row in book.get_sheet_by_index(0).to_python()[1:]]


class TestExportAndPrint:
    def test_the_ledger_holds_the_ticked_rows_alone(self, cast: Cast, county: Client) -> None:
        first, _left, third = (reported(cast) for _ in range(3))
        answer = county.get(address("/ledger", third, first) + "&ticked=1")
        assert cells(answer) == [first.number, third.number]

    def test_with_nothing_ticked_it_is_not_the_whole_ledger(self, cast: Cast, county: Client) -> None:
        reported(cast)
        for query in ("?ticked=1", "?ticked=1&case=QH-2026-999999", "?ticked=1&case="):
            assert county.get(f"/ledger{query}").status_code == 422

    def test_a_case_out_of_sight_is_in_no_file_and_on_no_paper(self, cast: Cast, signed_in: SignedIn) -> None:
        case = case_at(Stage.PLANNING, cast)
        outsider = signed_in(cast.outsider_county)
        assert outsider.get(address("/ledger", case) + "&ticked=1").status_code == 422
        assert case.description not in outsider.get(address("/paper-list", case)).content.decode()

    def test_the_paper_has_measures_and_deadlines_in_the_order_of_the_list(
        self, cast: Cast, signed_in: SignedIn
    ) -> None:
        ended = closed(cast, case_at(Stage.STRIKE_OFF, cast))
        case = case_at(Stage.RECTIFICATION, cast)
        for who in ("county_supervisor", "town_reviewer"):
            page = signed_in(getattr(cast, who)).get(address("/paper-list", case, ended)).content.decode()
            paper = page[page.index('class="paper-table"') : page.index("</table>")]
            assert paper.index(case.number) < paper.index(ended.number)
            assert "上柳村" in paper and "在西侧明白墙加装雨棚" in paper and exact_day(case.due_on) in paper
            assert ended.closing_number in paper

    def test_the_paper_takes_as_many_queries_for_six_as_for_one(self, cast: Cast, county: Client) -> None:
        cases = [case_at(Stage.RECTIFICATION, cast) for _ in range(6)]
        few = len(queries_of(county, address("/paper-list", cases[0])))
        assert len(queries_of(county, address("/paper-list", *cases))) == few

"""The page for those who lead: a sentence, decisions, figures with their way to the records, papers."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from docx import Document
from python_calamine import CalamineWorkbook

from casework.escalation.sweeping import sweep
from casework.models import Case, Person
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, closed, reported
from tests.web.test_queries import queries_of

SignedIn = Callable[[Person], Client]


@pytest.fixture
def cases(cast: Cast) -> list[Case]:
    found = [
        case_at(Stage.RECTIFICATION, cast),
        case_at(Stage.SECOND_REVIEW, cast),
        closed(cast, case_at(Stage.STRIKE_OFF, cast)),
        reported(cast, village=cast.elm),
    ]
    sweep(at=NOW)
    return found


def test_an_office_reads_a_sentence_and_what_it_has_to_decide(
    cast: Cast, cases: list[Case], signed_in: SignedIn
) -> None:
    answer = signed_in(cast.county_supervisor).get("/figures")
    page = answer.content.decode()
    assert answer.context["sheet"].sentence in page
    decisions = page[page.index('id="decisions"') : page.index('id="at-a-glance"')]
    assert "/cases?waiting=1" in decisions and "<strong>2</strong>" in decisions


def test_each_count_is_a_click_from_its_cases(cast: Cast, cases: list[Case], signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    figures = {one.key: (one, address) for one, address in client.get("/figures").context["figures"]}
    for key in ("open", "closed", "found"):
        figure, address = figures[key]
        assert client.get(address).content.decode().count('class="row-link"') == figure.value, key
    assert 'class="row-link"' not in client.get(figures["overdue"][1]).content.decode()


def test_a_committee_is_not_told_of_what_it_does_not_know_yet(
    cast: Cast, cases: list[Case], signed_in: SignedIn
) -> None:
    reported(cast)
    sweep(at=NOW)
    page = signed_in(cast.willow_head).get("/figures")
    assert page.context["sheet"].figure("open").value == 2
    assert "Not assigned yet" not in page.content.decode()


def test_only_ones_own_area_is_there(cast: Cast, cases: list[Case], signed_in: SignedIn) -> None:
    client = signed_in(cast.town_reviewer)
    assert client.get(f"/figures/{cast.willow.code}").status_code == 200
    for other in (cast.elm, cast.county, cast.department):
        assert client.get(f"/figures/{other.code}").status_code == 404
    assert signed_in(cast.inspector).get("/figures").status_code == 403


@pytest.mark.parametrize("query", ["?month=2019-01", "?month=2026-3", "?month=9999-99&length=77", "?length=2"])
def test_odd_months_show_the_running_one(query: str, cast: Cast, cases: list[Case], signed_in: SignedIn) -> None:
    page = signed_in(cast.city_supervisor).get(f"/figures{query}")
    assert page.status_code == 200
    assert page.context["sheet"].months.last == TODAY.replace(day=1)


def test_the_document_says_what_the_page_says(cast: Cast, cases: list[Case], signed_in: SignedIn) -> None:
    client = signed_in(cast.city_supervisor)
    document = Document(io.BytesIO(client.get(f"/figures/{cast.city.code}.docx?length=2").content))
    assert document.paragraphs[0].text == "澄川市问题整改情况（2026年2月至3月）"
    assert [row.cells[1].text for row in document.tables[0].rows][:2] == ["数值", "3"]
    assert len(document.tables[0].rows) == 1 + len(client.get("/figures?length=2").context["figures"])
    assert client.get(f"/figures/{cast.city.code}.pdf").content.startswith(b"%PDF")


def test_the_workbook_has_the_tables_behind_the_charts(cast: Cast, cases: list[Case], signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    file = io.BytesIO(client.get(f"/figures/{cast.county.code}.xlsx").content)
    book = CalamineWorkbook.from_filelike(file)
    assert book.sheet_names == ["指标", "逐月", "所属单位"]
    rows = book.get_sheet_by_name("逐月").to_python()
    assert len(rows) == 1 + 13 and rows[-1][0] == "2026-03" and rows[-1][1] == 3


def test_the_number_of_queries_does_not_grow_with_the_units(cast: Cast, cases: list[Case], signed_in: SignedIn) -> None:
    city, county = signed_in(cast.city_supervisor), signed_in(cast.county_supervisor)
    assert len(queries_of(city, "/figures")) <= 40
    assert len(queries_of(county, "/figures")) <= 40

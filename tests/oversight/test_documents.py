"""Numbers of documents as offices write them, and the register of what an office stands on and issues."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from casework.errors import NotAllowed, Refusal
from oversight.documents.numbers import issued_in, offer, parsed, tidied
from oversight.documents.queries import cited_in, documents_seen_by
from oversight.documents.register import add_base_document, change_base_document, enter_issued
from oversight.models import BaseDocument, IssuedDocument
from tests.cast import Cast
from tests.oversight.desk import Desk, make_desk
from tests.walk import NOW, TODAY

pytestmark = pytest.mark.django_db


def refusal_of(act: Any) -> Refusal:
    with pytest.raises(Refusal) as refused, transaction.atomic():
        act()
    return refused.value.each()[0]


def enter(desk: Desk, number: str, issued_on: date = TODAY, **values: Any) -> IssuedDocument:
    given = {"title": "关于推广三项创新成果的通知", "by": desk.officer, "at": NOW, **values}
    return enter_issued(mechanism=desk.mechanism, number=number, issued_on=issued_on, **given)


def add(desk: Desk, **values: Any) -> BaseDocument:
    given = {"title": "村务监督委员会工作规则", "by": desk.officer, "at": NOW, **values}
    return add_base_document(mechanism=desk.mechanism, **given)


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("[2020]08", "〔2020〕8号"),
        ("澄阳光建办[2021]1号", "澄阳光建办〔2021〕1号"),
        ("澄阳光建办〔2021〕1号", "澄阳光建办〔2021〕1号"),
        ("澄阳光建办（2021）001号", "澄阳光建办〔2021〕1号"),
        ("澄阳光建办(2021)第12号", "澄阳光建办〔2021〕12号"),
        ("澄阳光建办【2021】１２号", "澄阳光建办〔2021〕12号"),
        (" 澄阳光建办［２０２１］ 3 ", "澄阳光建办〔2021〕3号"),
    ],
)
def test_a_number_is_offered_as_it_is_written_today(typed: str, tidy: str) -> None:
    assert tidied(typed) == tidy
    assert tidied(tidy) == tidy


@pytest.mark.parametrize(
    "typed",
    ["澄村社办工作提示10号", "", "第8号", "[1820]08", "[2020]0", "[2020]", "澄办〔2020〕8号之二", "[2020]123456"],
)
def test_free_form_references_stay_as_they_are(typed: str) -> None:
    assert parsed(typed) is None
    assert tidied(typed) == typed


def test_numbers_begin_anew_each_year_and_the_total_goes_on(cast: Cast) -> None:
    desk = make_desk(cast)
    last_year = date(2025, 12, 30)
    enter(desk, "澄阳光建办〔2025〕9号", last_year, issue=5, total=5, reason="纸质")
    of_last_year, of_this_year = (offer(desk.mechanism, day) for day in (last_year, TODAY))
    assert (of_last_year.number, of_last_year.issue, of_last_year.total) == ("澄阳光建办〔2025〕10号", 6, 6)
    assert (of_this_year.number, of_this_year.issue, of_this_year.total) == ("澄阳光建办〔2026〕1号", 1, 6)


def test_an_office_without_a_document_is_offered_no_code(cast: Cast) -> None:
    found = offer(make_desk(cast).mechanism, TODAY)
    assert (found.number, found.issue, found.total) == ("", 1, 1)


def test_another_code_counts_for_itself(cast: Cast) -> None:
    desk = make_desk(cast)
    enter(desk, "澄阳光建办〔2026〕4号")
    enter(desk, "澄村社办〔2026〕1号", reason="另一机构代字")
    assert offer(desk.mechanism, TODAY).number == "澄村社办〔2026〕2号"


@pytest.mark.parametrize("again", ["澄阳光建办〔2026〕4号", "澄阳光建办[2026]04", "澄阳光建办（2026）4号"])
def test_a_number_twice_is_refused_in_any_spelling(cast: Cast, again: str) -> None:
    desk = make_desk(cast)
    enter(desk, "澄阳光建办〔2026〕4号")
    refused = refusal_of(lambda: enter(desk, again, reason="x"))
    assert (refused.code, refused.field) == ("number_taken", "number")
    assert "关于推广三项创新成果的通知" in str(refused) and "5号" in str(refused)


def test_the_database_refuses_a_number_twice_as_well(cast: Cast) -> None:
    desk = make_desk(cast)
    one = enter(desk, "澄阳光建办〔2026〕4号")
    one.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


@pytest.mark.parametrize(("issue", "total", "field"), [(3, 9, "issue"), (4, 8, "total")])
def test_an_issue_twice_is_refused(cast: Cast, issue: int, total: int, field: str) -> None:
    desk = make_desk(cast)
    enter(desk, "澄阳光建办〔2026〕4号", issue=3, total=8, reason="纸质")
    refused = refusal_of(lambda: enter(desk, "澄阳光建办〔2026〕5号", issue=issue, total=total, reason="x"))
    assert (refused.code, refused.field) == ("issue_taken", field)


def test_another_number_needs_a_reason_and_keeps_what_was_offered(cast: Cast) -> None:
    desk = make_desk(cast)
    enter(desk, "澄阳光建办〔2026〕4号")
    assert refusal_of(lambda: enter(desk, "澄阳光建办〔2026〕7号")).field == "reason"
    taken = enter(desk, "澄阳光建办〔2026〕7号", reason="5、6号已用于纸质文件")
    assert taken.offered["number"] == "澄阳光建办〔2026〕5号" and taken.reason == "5、6号已用于纸质文件"
    with pytest.raises(DatabaseError), transaction.atomic():
        IssuedDocument.objects.filter(pk=taken.pk).update(reason="")


def test_the_offered_number_keeps_no_reason(cast: Cast) -> None:
    desk = make_desk(cast)
    enter(desk, "澄阳光建办〔2026〕4号")
    assert enter(desk, "澄阳光建办〔2026〕5号", reason="顺延").reason == ""


def test_the_year_s_documents_are_counted_by_their_day(cast: Cast) -> None:
    desk = make_desk(cast)
    for number, day in enumerate((date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)), start=1):
        enter(desk, f"旧编号{number}", day)
    assert (issued_in(desk.mechanism, 2025), issued_in(desk.mechanism, 2026)) == (2, 1)
    assert issued_in(desk.mechanism, 2025, until=date(2025, 12, 30)) == 1


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(1949, 9, 30), date(1, 1, 1), date(9999, 12, 31)])
def test_a_document_has_a_day_that_can_be(cast: Cast, day: date) -> None:
    desk = make_desk(cast)
    assert refusal_of(lambda: enter(desk, "旧1", day)).field == "issued_on"
    assert refusal_of(lambda: add(desk, dated=day)).field == "dated"


def test_a_basis_document_in_an_old_spelling_is_asked_about_once(cast: Cast) -> None:
    desk = make_desk(cast)
    refused = refusal_of(lambda: add(desk, number="[2020]08"))
    assert (refused.field, refused.values["offered"]) == ("number", "〔2020〕8号")
    assert add(desk, number="[2020]08", keep_as_written=True).number == "[2020]08"
    assert refusal_of(lambda: add(desk, number="〔2020〕8号")).code == "number_taken"


def test_a_basis_document_s_number_twice_is_refused_in_any_spelling(cast: Cast) -> None:
    desk = make_desk(cast)
    add(desk, number="澄办〔2020〕8号")
    for again in ("澄办〔2020〕8号", "澄办[2020]08"):
        refused = refusal_of(lambda again=again: add(desk, number=again, keep_as_written=True))
        assert refused.code == "number_taken"
    assert add(desk).pk and add(desk).pk, "documents without a number may be many"


def test_a_change_keeps_what_it_said_before(cast: Cast) -> None:
    desk = make_desk(cast)
    document = add(desk, number="澄办〔2020〕8号")
    changed = change_base_document(
        document=document, title="《规则（修订）》", number="澄办〔2020〕8号", by=desk.colleague, at=NOW
    )
    assert changed.title == "规则（修订）"
    assert [row.title for row in changed.history.order_by("history_id")] == ["村务监督委员会工作规则", "规则（修订）"]


def test_who_keeps_and_who_reads_documents(cast: Cast) -> None:
    desk = make_desk(cast)
    document = add(desk)
    for person in (desk.county_reporter, cast.county_supervisor, cast.willow_head, cast.administrator):
        assert isinstance(refusal_of(lambda person=person: add(desk, by=person)), NotAllowed)
    readers = {
        name
        for name in ("willow_head", "town_reviewer", "inspector", "city_supervisor", "administrator", "volunteer")
        if documents_seen_by(getattr(cast, name), TODAY).filter(pk=document.pk).exists()
    }
    assert readers == {"willow_head", "town_reviewer", "inspector", "city_supervisor"}


def test_a_text_cites_by_number_or_title(cast: Cast) -> None:
    desk = make_desk(cast)
    by_number, by_title, short = (
        add(desk, title="通知", number="澄办〔2020〕8号"),
        add(desk, title="村务公开办法"),
        add(desk, title="规则"),
    )
    text = "依据《村务公开办法》第十二条和澄办〔2020〕\n8号，按规则办理"
    assert cited_in(text, [by_number, by_title, short]) == [by_number, by_title]
    assert cited_in("", [by_number, by_title]) == []

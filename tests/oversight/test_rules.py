"""Clauses of basis documents by version, and what a finding's citation read on its day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.errors import NotAllowed, Refusal
from oversight.documents.register import add_base_document
from oversight.models import BaseDocument, RuleClause, RuleVersion
from oversight.rules.citing import citation_refusals, cited_clauses, version_on
from oversight.rules.reading import number_of, read_clauses
from oversight.rules.versions import publish_version
from tests.cast import Cast
from tests.oversight.desk import Desk, make_desk
from tests.walk import NOW, TODAY

pytestmark = pytest.mark.django_db
FIRST, SECOND = date(2024, 3, 1), date(2025, 9, 1)
TITLE = "村务监督委员会工作规则"


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def document(desk: Desk) -> BaseDocument:
    made = add_base_document(mechanism=desk.mechanism, title=TITLE, number="澄办〔2024〕21号", by=desk.officer, at=NOW)
    publish(desk, made, FIRST, "第一条 每月公开一次。\n第二条 明白墙每组一面。")
    publish(desk, made, SECOND, "第一条 每月公开两次。\n第二条 明白墙每组一面，\n能防风避雨。\n第三条 每周值班。")
    return made


def publish(desk: Desk, document: BaseDocument, begins_on: date, text: str, **changed: Any) -> RuleVersion:
    given = {"by": desk.officer, "at": NOW, **changed}
    return publish_version(document=document, begins_on=begins_on, text=text, **given)


def refused(act: Any) -> tuple[str, str]:
    with pytest.raises(Refusal) as found, transaction.atomic():
        act()
    first = found.value.each()[0]
    return first.code, str(first.field)


@pytest.mark.parametrize(
    ("written", "number"),
    [("五", "5"), ("十", "10"), ("十二", "12"), ("二十", "20"), ("一百零三", "103"), ("12", "12"), ("１２", "12"), ("5.02", "5.2"), ("二〇", "20")],
)  # fmt: skip
def test_a_number_is_one_number_however_it_is_written(written: str, number: str) -> None:
    assert number_of(written) == number


def test_a_text_is_read_by_the_numbers_at_its_lines() -> None:
    clauses, before = read_clauses("第一条　甲\n续行 2021年起\n二、乙\n3. 丙\n3.1 丁\n")
    assert [(one.number, one.label, one.words) for one in clauses] == [
        ("1", "第一条", "甲\n续行 2021年起"),
        ("2", "二、", "乙"),
        ("3", "3.", "丙"),
        ("3.1", "3.1", "丁"),
    ]
    assert before == "" and read_clauses("总则\n第一条 甲")[1] == "总则"


def test_a_clause_reads_as_it_did_on_the_day(document: BaseDocument) -> None:
    text = f"《{TITLE}》第二条"
    (before,) = cited_clauses(text, [document], on=SECOND - timedelta(days=1))
    (after,) = cited_clauses(text, [document], on=SECOND)
    assert before.clause and before.clause.words == "明白墙每组一面。"
    assert after.clause and after.clause.words == "明白墙每组一面，\n能防风避雨。"
    assert version_on(document, FIRST - timedelta(days=1)) is None


def test_a_clause_that_did_not_exist_on_the_day_is_said_and_refused(document: BaseDocument) -> None:
    text = "违反 澄办〔2024〕21号 第3条"
    (cited,) = cited_clauses(text, [document], on=SECOND - timedelta(days=1))
    assert cited.version is not None and cited.clause is None
    codes = {
        day: [one.code for one in citation_refusals(text, [document], on=day, field="clause")]
        for day in (FIRST - timedelta(days=1), FIRST, SECOND)
    }
    assert list(codes.values()) == [["no_version_then"], ["no_clause_then"], []]


def test_a_number_belongs_to_the_document_named_before_it(
    desk: Desk, document: BaseDocument, django_assert_num_queries: Any
) -> None:
    other = add_base_document(mechanism=desk.mechanism, title="阳光村务公开办法", by=desk.officer, at=NOW)
    publish(desk, other, FIRST, "第一条 甲")
    unread = add_base_document(mechanism=desk.mechanism, title="没有条款的通知", by=desk.officer, at=NOW)
    text = f"《阳光村务公开办法》第一条、《{TITLE}》第一条和第二条，《没有条款的通知》第九条"
    with django_assert_num_queries(2):
        found = cited_clauses(text, [document, other, unread], on=TODAY)
    assert [(one.document.title, one.label) for one in found] == [
        ("阳光村务公开办法", "第一条"),
        (TITLE, "第一条"),
        (TITLE, "第二条"),
    ]


@pytest.mark.parametrize(
    ("begins_on", "text", "code", "field"),
    [
        (SECOND, "第一条 甲", "version_before_last", "begins_on"),
        (FIRST - timedelta(days=9), "第一条 甲", "version_before_last", "begins_on"),
        (TODAY + timedelta(days=367), "第一条 甲", "day_unfit", "begins_on"),
        (TODAY, "第五条 甲\n5. 乙", "number_twice", "text"),
        (TODAY, "总则", "clauses_unnumbered", "text"),
        (TODAY, "总则\n第一条 甲", "clauses_unnumbered", "text"),
        (TODAY, "第一条\n第二条 乙", "clause_empty", "text"),
    ],
)
def test_what_can_be_no_version_is_refused(
    begins_on: date, text: str, code: str, field: str, desk: Desk, document: BaseDocument
) -> None:
    assert refused(lambda: publish(desk, document, begins_on, text)) == (code, field)
    assert RuleVersion.objects.count() == 2 and RuleClause.objects.count() == 5


def test_only_the_lead_office_publishes_and_nothing_published_changes(
    cast: Cast, desk: Desk, document: BaseDocument
) -> None:
    with pytest.raises(NotAllowed):
        publish(desk, document, TODAY, "第一条 甲", by=cast.county_supervisor)
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleClause.objects.update(words="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleVersion.objects.update(begins_on=TODAY)

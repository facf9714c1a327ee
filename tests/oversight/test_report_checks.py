"""What a report is flagged for: late, empty, copied, left out. Each by its reason, each beside what is no such thing."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import Case, Escalation, Letter, SpotCheckDraw
from casework.working_time.deadlines import LOCAL
from oversight.members.duties import write_duty_sheet
from oversight.models import Membership, OwnFigureName, Period, ReportParagraph, SectionKind, UnitReport
from oversight.reporting.answers import Answers, Said, number_of
from oversight.reporting.checks import CheckKind, Finding, emptiness, findings_of
from oversight.reporting.own_figures import own_figures
from oversight.reporting.paragraphs import Own, prints, sources_of, store
from oversight.reporting.stock_phrases import without_stock_phrases
from oversight.reporting.submitting import checked
from tests.cast import Cast
from tests.many_cases import many_cases
from tests.oversight.desk import Desk, make_desk
from tests.oversight.draws import frozen, seeded
from tests.oversight.reports import (
    CLOSES,
    FIRST,
    IN_TIME,
    LAST,
    MINUTE_LATE,
    WORDS,
    answers,
    expected_of,
    opened,
    submitted,
)
from tests.walk import NOW, TODAY

PARAGRAPH = WORDS[SectionKind.WORK]
OTHER = "全县对七百二十户低保家庭逐户上门核对了名单张贴情况，发现漏贴的十二户当天补贴完毕，并拍照留存在村务公开档案里。"


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def period(desk: Desk) -> Period:
    return opened(desk)


def flags(period: Period, member: Membership, said: Answers, *, at: datetime = IN_TIME) -> list[Finding]:
    return checked(expected_of(period, member.unit_id), said, at=at)


def kinds(found: list[Finding]) -> list[str]:
    return [one.kind for one in found]


def closed_cases(cast: Cast, count: int) -> list[Case]:
    """So many strike-offs of Willow within the period."""
    many_cases(cast, count, open_share=0)
    Case.objects.update(
        village=cast.willow,
        town=cast.town,
        county=cast.county,
        stage="closed",
        waits_at=None,
        closed_on=LAST,
        found_on=FIRST,
        relapse_of=None,
    )
    return list(Case.objects.order_by("pk"))


def test_a_good_report_is_flagged_for_nothing(desk: Desk, period: Period) -> None:
    assert flags(period, desk.county, answers()) == []


def test_a_minute_late(desk: Desk, period: Period) -> None:
    (late,) = flags(period, desk.county, answers(), at=MINUTE_LATE)
    assert (late.kind, late.values) == (CheckKind.LATE, {"minutes": 1})


@pytest.mark.parametrize(("left", "is_empty"), [(79, True), (80, False)], ids=["a character too few", "just enough"])
def test_fewer_than_eighty_characters_without_stock_phrases(left: int, is_empty: bool) -> None:
    words = "3月" + "村" * (left - 2) + "，稳步推进，取得阶段性成效。"
    assert (CheckKind.EMPTY in kinds(emptiness(Answers({"work": Said(words)}), []))) is is_empty


@pytest.mark.parametrize(
    ("added", "is_empty"),
    [("", True), ("上柳村", False), ("12", False), ("三个", False), ("2月", False), ("五月", False)],
)
def test_without_a_figure_a_village_and_a_day(added: str, is_empty: bool) -> None:
    found = emptiness(Answers({"work": Said("认真组织学习并督促整改落实到位" * 8 + added)}), ["上柳村"])
    assert [one.code for one in found] == (["nothing_named"] if is_empty else [])


def test_stock_phrases_leave_nothing() -> None:
    assert without_stock_phrases("各项工作稳步推进，取得阶段性成效。") == ""
    assert without_stock_phrases("高度重视，在上柳村补签26份") == "在上柳村补签26份"


def test_another_units_paragraph_is_found_with_its_source(desk: Desk, period: Period) -> None:
    source = submitted(period, desk.county.unit_id, desk.county_reporter)
    copy = answers(work=PARAGRAPH.replace("26人", "31人"), **dict.fromkeys(("problems", "publicity"), OTHER))
    found = [one for one in flags(period, desk.other_county, copy) if one.kind == CheckKind.COPIED]
    assert {one.code for one in found} == {"other_unit"}
    work = next(one for one in found if one.values["section"] == "work")
    paragraph = ReportParagraph.objects.get(pk=work.values["paragraph"])
    assert paragraph.version == source
    assert 60 <= work.values["percent"] < 100


def test_a_paragraph_inside_a_longer_one_is_found(desk: Desk, period: Period) -> None:
    submitted(period, desk.county.unit_id, desk.county_reporter, said=answers(work=OTHER + PARAGRAPH + OTHER))
    said = answers(work=PARAGRAPH, **{kind: Said("", "", "无") for kind in SectionKind.values if kind != "work"})
    assert CheckKind.COPIED in kinds(flags(period, desk.other_county, said))


def test_the_own_earlier_report_is_a_source_and_the_own_earlier_version_is_none(desk: Desk, period: Period) -> None:
    submitted(period, desk.county.unit_id, desk.county_reporter)
    assert CheckKind.COPIED not in kinds(flags(period, desk.county, answers()))
    limits = {"on_time_until": datetime(2026, 5, 3, tzinfo=LOCAL), "closes_at": datetime(2026, 5, 4, tzinfo=LOCAL)}
    after = opened(desk, first_day=LAST + timedelta(days=1), last_day=datetime(2026, 4, 30).date(), **limits)
    found = flags(after, desk.county, answers())
    assert {one.code for one in found if one.kind == CheckKind.COPIED} == {"own_earlier"}


def test_what_the_duty_sheet_says_is_no_copy(desk: Desk, period: Period) -> None:
    submitted(period, desk.county.unit_id, desk.county_reporter)
    write_duty_sheet(
        membership=desk.other_county, words="\n".join(WORDS.values()), valid_from=FIRST, by=desk.officer, at=NOW
    )
    assert CheckKind.COPIED not in kinds(flags(period, desk.other_county, answers(), at=CLOSES))


def test_short_paragraphs_are_nobodys() -> None:
    assert prints("每月召开一次例会。") == []


def test_what_many_units_share_is_taken_out_and_the_rest_still_found(desk: Desk, period: Period, cast: Cast) -> None:
    version = submitted(period, desk.county.unit_id, desk.county_reporter)
    shared = "根据市里统一部署的村务公开提质行动方案，对照七项清单逐村自查并建立台账销号管理，形成闭环。"
    others = [cast.town, cast.willow, cast.poplar, cast.elm]
    for count, unit in enumerate(others, start=1):
        text = ReportParagraph(
            version=version, report_id=version.report_id, period=period, unit=unit, section="work", position=count
        )
        text.words = f"{shared}{PARAGRAPH}" if count == 1 else shared
        store([text])
    alone = sources_of([Own("work", 0, shared)], unit=cast.other_county.pk, report=0)
    assert alone == []
    (both,) = sources_of([Own("work", 0, shared + PARAGRAPH)], unit=cast.other_county.pk, report=0)
    assert both.share > 0.8


def test_three_of_the_closures_left_out_are_named(desk: Desk, period: Period, cast: Cast) -> None:
    cases = closed_cases(cast, 4)
    said = answers(work=f"本期{cases[0].number}已经整改。" + OTHER + PARAGRAPH.replace("上柳村", "某村"))
    (found,) = [one for one in flags(period, desk.county, said) if one.kind == CheckKind.LEFT_OUT]
    assert (found.code, found.values["count"]) == ("closures", 3)
    assert cases[0].number not in str(found.values["names"])


@pytest.mark.parametrize(
    ("words", "is_left_out"),
    [
        ("销号4件", False),
        ("共办结问题4件", False),
        ("4个问题整改到位", False),
        ("销号14件", True),
        ("销号3件", True),
        ("上柳村的问题", False),
    ],
)
def test_all_together_or_one_by_one(desk: Desk, period: Period, cast: Cast, words: str, is_left_out: bool) -> None:
    closed_cases(cast, 4)
    said = answers(work=words + PARAGRAPH.replace("上柳村", "某村"))
    assert (CheckKind.LEFT_OUT in kinds(flags(period, desk.county, said))) is is_left_out


def test_relapses_letters_and_draws_are_looked_for(desk: Desk, period: Period, cast: Cast) -> None:
    first, second = closed_cases(cast, 2)
    Case.objects.filter(pk=second.pk).update(relapse_of=first, closed_on=LAST + timedelta(days=1))
    Letter.objects.create(
        case=first,
        escalation=_escalation(first, cast),
        kind="letter",
        number="澄督函〔2026〕3号",
        issuer=cast.city,
        addressee=cast.county,
        issued_on=LAST,
        matter="超期",
        requirement="限期整改",
    )
    SpotCheckDraw.objects.create(
        county=cast.county, number=1, seed="x", by=cast.county_supervisor, at=IN_TIME.replace(month=2)
    )
    said = answers(work=PARAGRAPH.replace("上柳村", "某村") + "抽取")
    assert {one.code for one in flags(period, desk.county, said)} == {"closures", "relapses", "letters", "draws"}
    said = answers(work=PARAGRAPH + "收到澄督函〔2026〕3号，配合抽查，反弹1件")
    assert flags(period, desk.county, said) == []


def test_a_draw_in_two_steps_is_looked_for_once_its_seed_came(desk: Desk, period: Period, cast: Cast) -> None:
    made = frozen(cast, at=IN_TIME.replace(month=2))
    assert flags(period, desk.county, answers(work=PARAGRAPH)) == []
    seeded(made, by=cast.county_supervisor, at=IN_TIME.replace(month=2) + timedelta(hours=1))
    assert {one.code for one in flags(period, desk.county, answers(work=PARAGRAPH))} == {"draws"}
    assert flags(period, desk.county, answers(work=PARAGRAPH + "配合抽查")) == []


def _escalation(case: Case, cast: Cast) -> object:
    return Escalation.objects.create(
        case=case, step="letter", kind="letter", round=1, policy_version=1, due_on=LAST, at=NOW, light="red"
    )


def test_referred_cases_are_in_no_figure(desk: Desk, period: Period, cast: Cast) -> None:
    closed_cases(cast, 3)
    Case.objects.filter(pk=Case.objects.first().pk).update(stage="referred")
    figures = {one.name: one.value for one in own_figures(cast.county, period, on=TODAY)}
    assert figures[OwnFigureName.CLOSURES] == 2
    assert figures[OwnFigureName.FINDINGS] == 2
    assert figures[OwnFigureName.OPEN] == 0


def test_open_and_overdue_are_those_of_the_last_day(desk: Desk, period: Period, cast: Cast) -> None:
    closed_cases(cast, 3)
    first, second, third = Case.objects.order_by("pk").values_list("pk", flat=True)
    Case.objects.filter(pk=first).update(stage="rectification", waits_at=cast.willow, closed_on=None, due_on=LAST)
    Case.objects.filter(pk=second).update(closed_on=LAST + timedelta(days=1), due_on=LAST + timedelta(days=1))
    figures = {one.name: (one.value, list(one.cases)) for one in own_figures(cast.county, period, on=TODAY)}
    assert figures[OwnFigureName.OPEN] == (2, [first, second])
    assert figures[OwnFigureName.OVERDUE] == (1, [first])
    assert figures[OwnFigureName.CLOSURES] == (1, [third])


def test_a_department_counts_what_it_rectifies(desk: Desk, period: Period, cast: Cast) -> None:
    closed_cases(cast, 3)
    Case.objects.update(responsible=cast.willow)
    Case.objects.filter(pk=Case.objects.first().pk).update(responsible=cast.department, assigned_at=NOW)
    figures = {one.name: one.value for one in own_figures(cast.department, period, on=TODAY)}
    assert figures[OwnFigureName.CLOSURES] == 1


def test_what_was_flagged_is_kept_with_the_version(desk: Desk, period: Period, cast: Cast) -> None:
    closed_cases(cast, 2)
    said = answers(work=PARAGRAPH.replace("上柳村", "某村"))
    version = submitted(period, desk.county.unit_id, desk.county_reporter, said=said, at=MINUTE_LATE)
    assert kinds(findings_of(version.findings)) == [CheckKind.LATE, CheckKind.LEFT_OUT]
    report = UnitReport.objects.get(pk=version.report_id)
    assert (report.is_copied, report.is_left_out, report.is_empty) == (False, True, False)
    Case.objects.update(closed_on=LAST + timedelta(days=9))
    assert [one.value for one in version.own_figures.all()] == [2, 2, 0, 0, 0]


def test_the_checks_ask_the_same_number_of_questions_however_long_the_report(
    desk: Desk, period: Period, cast: Cast
) -> None:
    submitted(period, desk.county.unit_id, desk.county_reporter)
    closed_cases(cast, 30)
    counts = []
    for said in (answers(), answers(work="\n".join(f"{n}{PARAGRAPH}{n}" for n in range(30)))):
        with CaptureQueriesContext(connection) as captured:
            flags(period, desk.other_county, said)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 11


@pytest.mark.parametrize(
    ("typed", "number"), [("1,234", 1234), ("１２", 12), ("3.0", 3), ("26人", 26), ("", None), ("1e3", None)]
)
def test_numbers_as_people_type_them(typed: str, number: int | None) -> None:
    assert number_of(typed) == number

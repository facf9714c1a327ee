"""A report from the draft to its acceptance: who writes it, when it is late, what each version keeps."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from casework.errors import Conflict, Invalid, NotAllowed, Refusal
from casework.models import Person
from casework.stages import Role
from oversight.models import (
    Answer,
    Period,
    ReportDraft,
    ReportSection,
    ReportVersion,
    SectionKind,
    UnitReport,
)
from oversight.reporting.answers import BLANK, NOT_APPLICABLE, Said
from oversight.reporting.deciding import accept_report, except_from_close, return_report
from oversight.reporting.drafting import begun_answers, save_draft
from oversight.reporting.queries import period_rows
from oversight.reporting.submitting import submit_report
from tests.cast import Cast
from tests.factories import appoint
from tests.oversight.desk import Desk, make_desk
from tests.oversight.reports import (
    CLOSES,
    IN_TIME,
    MINUTE_LATE,
    ON_TIME,
    answers,
    expected_of,
    opened,
    submitted,
)

SECOND = timedelta(seconds=1)


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def period(desk: Desk) -> Period:
    return opened(desk)


def report_of(version: ReportVersion) -> UnitReport:
    return UnitReport.objects.get(pk=version.report_id)


def again(person: Person) -> Person:
    """Without the posts that were read before."""
    return Person.objects.get(pk=person.pk)


def test_a_report_goes_its_whole_way(desk: Desk, period: Period) -> None:
    expected = expected_of(period, desk.county.unit_id)
    save_draft(expected=expected, answers=answers(work="才写了一半"), by=desk.county_reporter, at=IN_TIME)
    version = submitted(period, desk.county.unit_id, desk.county_reporter, at=MINUTE_LATE)
    assert not ReportDraft.objects.exists()
    return_report(report=report_of(version), reasons="漏了抽查情况", version=1, by=desk.officer, at=MINUTE_LATE)
    better = submitted(period, desk.county.unit_id, desk.county_reporter, at=CLOSES)
    accept_report(report=report_of(better), version=2, by=desk.colleague, at=CLOSES + SECOND)
    (department, county, other) = period_rows([period])
    assert (county.is_present, county.is_on_time, county.is_empty, county.is_accepted) == (True, False, False, True)
    assert county.report_id == county.expected.pk
    assert not department.is_present
    assert department.report_id is None
    assert not other.is_present
    assert [one.number for one in report_of(better).versions.all()] == [1, 2]


@pytest.mark.parametrize(("after", "is_on_time"), [(0, True), (1, False), (-1, True)])
def test_one_second_after_the_limit_is_late(desk: Desk, period: Period, after: int, is_on_time: bool) -> None:
    version = submitted(period, desk.county.unit_id, desk.county_reporter, at=ON_TIME + after * SECOND)
    assert report_of(version).is_on_time is is_on_time


def test_after_the_close_the_form_is_closed(desk: Desk, period: Period) -> None:
    submitted(period, desk.department.unit_id, desk.department_reporter, at=CLOSES)
    with pytest.raises(Conflict) as refused:
        submitted(period, desk.county.unit_id, desk.county_reporter, at=CLOSES + SECOND)
    assert refused.value.code == "closed"
    with pytest.raises(Conflict):
        save_draft(
            expected=expected_of(period, desk.county.unit_id),
            answers=answers(),
            by=desk.county_reporter,
            at=CLOSES + SECOND,
        )


def test_an_exception_opens_it_for_one_unit_and_it_stays_late(desk: Desk, period: Period) -> None:
    later, expected = CLOSES + timedelta(days=2), expected_of(period, desk.county.unit_id)
    at = CLOSES + SECOND
    except_from_close(expected=expected, until=later, reason="系统停电一天", by=desk.officer, at=at)
    version = submitted(period, desk.county.unit_id, desk.county_reporter, at=later)
    assert not report_of(version).is_on_time
    with pytest.raises(Conflict):
        submitted(period, desk.other_county.unit_id, desk.other_county_reporter, at=later)
    with pytest.raises(Conflict):
        submitted(period, desk.county.unit_id, desk.county_reporter, at=later + SECOND)


@pytest.mark.parametrize(
    ("until", "reason", "code"),
    [
        (CLOSES, "停电", "until_past"),
        (CLOSES + timedelta(days=400), "停电", "until_too_far"),
        (CLOSES + timedelta(days=2), "  ", "words_missing"),
        (CLOSES + timedelta(days=2), "长" * 301, "too_long"),
    ],
)
def test_an_exception_has_its_reason_and_an_end_ahead(
    desk: Desk, period: Period, until: object, reason: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        except_from_close(
            expected=expected_of(period, desk.county.unit_id), until=until, reason=reason, by=desk.officer, at=IN_TIME
        )
    assert refused.value.code == code


def test_only_the_units_own_reporter_writes(desk: Desk, period: Period, cast: Cast) -> None:
    expected = expected_of(period, desk.county.unit_id)
    for person in (desk.other_county_reporter, desk.officer, cast.county_supervisor, cast.outsider_head):
        for verb in (save_draft, submit_report):
            with pytest.raises(NotAllowed):
                verb(expected=expected, answers=answers(), by=person, at=IN_TIME)


def test_only_the_lead_office_decides(desk: Desk, period: Period, cast: Cast) -> None:
    version = submitted(period, desk.county.unit_id, desk.county_reporter)
    report, expected = report_of(version), expected_of(period, desk.county.unit_id)
    for person in (desk.county_reporter, cast.county_supervisor):
        with pytest.raises(NotAllowed):
            return_report(report=report, reasons="改", version=1, by=person, at=IN_TIME)
        with pytest.raises(NotAllowed):
            accept_report(report=report, version=1, by=person, at=IN_TIME)
        with pytest.raises(NotAllowed):
            except_from_close(expected=expected, until=CLOSES + timedelta(days=1), reason="改", by=person, at=IN_TIME)


def test_nobody_accepts_what_they_handed_in(desk: Desk, period: Period, cast: Cast) -> None:
    appoint(desk.officer, Role.MEMBER_REPORTER, cast.county)
    officer = again(desk.officer)
    submitted(period, desk.county.unit_id, officer)
    version = submitted(period, desk.county.unit_id, desk.county_reporter)
    with pytest.raises(NotAllowed) as refused:
        accept_report(report=report_of(version), version=2, by=officer, at=IN_TIME)
    assert refused.value.code == "own_report"
    accept_report(report=report_of(version), version=2, by=desk.colleague, at=IN_TIME)


def test_the_office_decides_on_what_it_has_read(desk: Desk, period: Period) -> None:
    version = submitted(period, desk.county.unit_id, desk.county_reporter)
    submitted(period, desk.county.unit_id, desk.county_reporter)
    for decide in (accept_report, lambda **given: return_report(reasons="改", **given)):
        with pytest.raises(Conflict) as refused:
            decide(report=report_of(version), version=1, by=desk.officer, at=IN_TIME)
        assert refused.value.code == "newer_version"


def test_each_decision_is_taken_once(desk: Desk, period: Period) -> None:
    version = submitted(period, desk.county.unit_id, desk.county_reporter)
    accept_report(report=report_of(version), version=1, by=desk.officer, at=IN_TIME)
    with pytest.raises(Conflict):
        accept_report(report=report_of(version), version=1, by=desk.colleague, at=IN_TIME)
    return_report(report=report_of(version), reasons="改", version=1, by=desk.officer, at=IN_TIME)
    with pytest.raises(Conflict):
        return_report(report=report_of(version), reasons="改", version=1, by=desk.officer, at=IN_TIME)


def test_an_accepted_report_is_corrected_only_after_its_return(desk: Desk, period: Period) -> None:
    version = submitted(period, desk.county.unit_id, desk.county_reporter)
    accept_report(report=report_of(version), version=1, by=desk.officer, at=IN_TIME)
    with pytest.raises(Conflict) as refused:
        submitted(period, desk.county.unit_id, desk.county_reporter)
    assert refused.value.code == "accepted"
    return_report(report=report_of(version), reasons="改", version=1, by=desk.officer, at=IN_TIME)
    assert report_of(submitted(period, desk.county.unit_id, desk.county_reporter)).version == 2


def test_a_return_leaves_the_unit_time(desk: Desk, period: Period) -> None:
    version = submitted(period, desk.county.unit_id, desk.county_reporter)
    with pytest.raises(Conflict) as refused:
        return_report(report=report_of(version), reasons="改", version=1, by=desk.officer, at=CLOSES + SECOND)
    assert refused.value.code == "closed_for_unit"
    with pytest.raises(Invalid):
        return_report(report=report_of(version), reasons=" \n ", version=1, by=desk.officer, at=IN_TIME)


def test_a_double_click_is_one_version_and_other_words_a_conflict(desk: Desk, period: Period) -> None:
    expected, key = expected_of(period, desk.county.unit_id), uuid4()
    given = {"expected": expected, "by": desk.county_reporter, "at": IN_TIME, "key": key}
    first = submit_report(answers=answers(), **given)
    assert submit_report(answers=answers(), **given) == first
    assert ReportVersion.objects.count() == 1
    with pytest.raises(Conflict):
        submit_report(answers=answers(problems="另外的话，足够长"), **given)


def test_an_empty_one_in_time_and_the_words_after_the_limit_are_late(desk: Desk, period: Period) -> None:
    nothing = answers(**(dict.fromkeys(SectionKind.values, "工作正常。") | {"work": "完成了一项新的工作任务"}))
    early = submitted(period, desk.county.unit_id, desk.county_reporter, said=nothing)
    assert (report_of(early).is_on_time, report_of(early).is_empty) == (True, True)
    late = submitted(period, desk.county.unit_id, desk.county_reporter, at=MINUTE_LATE)
    assert (report_of(late).is_on_time, report_of(late).is_empty) == (False, False)


def test_a_correction_after_the_limit_leaves_it_on_time(desk: Desk, period: Period) -> None:
    submitted(period, desk.county.unit_id, desk.county_reporter)
    late = submitted(period, desk.county.unit_id, desk.county_reporter, at=MINUTE_LATE)
    assert report_of(late).is_on_time
    assert not late.is_on_time


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"work": Said()}, "blank_without_reason", "work"),
        ({"work": Said("稳步推进")}, "stock_phrases", "work"),
        ({"work": Said("各项工作稳步推进，取得阶段性成效。")}, "stock_phrases", "work"),
        ({"work": Said("长" * 5001)}, "too_long", "work"),
        ({"problems": Said("", BLANK, "长" * 201)}, "too_long", "problems_reason"),
        ({"meetings": Said()}, "figure_missing", "meetings"),
        ({"meetings": Said("很多")}, "not_a_number", "meetings"),
        ({"meetings": Said("-3")}, "not_a_number", "meetings"),
        ({"meetings": Said("3.5")}, "not_a_number", "meetings"),
        ({"meetings": Said("二")}, "not_a_number", "meetings"),
        ({"meetings": Said("10000000")}, "not_a_number", "meetings"),
        ({"meetings": Said("3", NOT_APPLICABLE)}, "two_answers", "meetings"),
        ({"meetings": Said("", BLANK)}, "blank_without_reason", "meetings_reason"),
    ],
)
def test_what_answers_nothing_is_refused_beside_its_field(
    desk: Desk, period: Period, said: dict[str, Said], code: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        submitted(period, desk.county.unit_id, desk.county_reporter, said=answers(**said))
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not UnitReport.objects.exists()


def test_number_zero_not_applicable_and_blank_are_kept_apart(desk: Desk, period: Period) -> None:
    said = answers(
        meetings="１２ 次",
        villages_visited="0",
        people_trained=Said("", NOT_APPLICABLE),
        documents=Said("", BLANK, "台账在县档案馆"),
    )
    version = submitted(period, desk.county.unit_id, desk.county_reporter, said=said)
    assert list(version.figures.values_list("answer", "value")[:4]) == [
        (Answer.NUMBER, 12),
        (Answer.ZERO, 0),
        (Answer.NOT_APPLICABLE, None),
        (Answer.BLANK, None),
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        version.figures.model.objects.create(version=version, name="x", order=9, answer=Answer.NUMBER, value=0)


def test_what_was_handed_in_is_never_changed(desk: Desk, period: Period) -> None:
    version = submitted(period, desk.county.unit_id, desk.county_reporter)
    for rows in (ReportVersion.objects.filter(pk=version.pk), ReportSection.objects.filter(version=version)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**({"number": 9} if rows.model is ReportVersion else {"words": "改"}))
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_two_who_write_at_once_are_told(desk: Desk, period: Period, cast: Cast) -> None:
    expected = expected_of(period, desk.county.unit_id)
    appoint(desk.other_county_reporter, Role.MEMBER_REPORTER, cast.county)
    other = again(desk.other_county_reporter)
    first = save_draft(expected=expected, answers=answers(), by=desk.county_reporter, at=IN_TIME)
    with pytest.raises(Conflict) as refused:
        save_draft(expected=expected, answers=answers(work="别的"), by=other, at=IN_TIME)
    assert refused.value.code == "draft_changed"
    save_draft(expected=expected, answers=answers(work="别的"), by=other, at=IN_TIME, seen=first.version)
    kept, draft = begun_answers(expected)
    assert kept.section("work").words == "别的"
    assert draft is not None and draft.version == 2


def test_a_correction_begins_with_what_was_handed_in(desk: Desk, period: Period) -> None:
    said = answers(documents=Said("", BLANK, "台账在县档案馆"), good_practice=Said("", "", "本期没有"))
    submitted(period, desk.county.unit_id, desk.county_reporter, said=said)
    begun, draft = begun_answers(expected_of(period, desk.county.unit_id))
    assert draft is None
    assert begun.section("work") == said.section("work")
    assert begun.section("good_practice").reason == "本期没有"
    assert begun.figure("documents") == said.figure("documents")

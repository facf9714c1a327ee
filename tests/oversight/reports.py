"""Answers and periods for the tests of what member units report."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from casework.models import Person
from casework.talk.attachments import AttachedFile
from casework.working_time.deadlines import LOCAL
from oversight.models import ExpectedReport, FigureName, Period, ReportingScheme, ReportVersion, Rhythm, SectionKind
from oversight.reporting.answers import Answers, Said
from oversight.reporting.opening import open_period
from oversight.reporting.submitting import submit_report
from tests.oversight.desk import JOINED, Desk

FIRST, LAST = date(2026, 1, 1), date(2026, 2, 28)
ON_TIME = datetime(2026, 3, 3, 17, 0, tzinfo=LOCAL)
CLOSES = datetime(2026, 3, 6, 17, 0, tzinfo=LOCAL)
IN_TIME = ON_TIME - timedelta(hours=3)
MINUTE_LATE = ON_TIME + timedelta(minutes=1)

WORDS = {
    SectionKind.WORK: "2月5日在上柳村召开村务监督工作例会，对照清单逐项核对第四季度财务公开，督促村委会补齐三张缺失的票据，并现场"
    "演示四议两公开的记录方法，参加的有镇纪委和各村监委主任共26人。",
    SectionKind.PROBLEMS: "杨树村明白墙位置偏僻，群众平时看不到公开内容，需要在3月底前移到村口文化广场旁边。",
    SectionKind.NEXT_STEPS: "3月份对全部村监委主任补训一次，逐村检查上墙内容。",
    SectionKind.GOOD_PRACTICE: "榆钱村每周二晚上把票据贴在村口供群众翻看，两个月内收到9条意见并全部答复。",
    SectionKind.PUBLICITY: "通过乡村大喇叭每天早晚各播放一次村务公开要点。",
}


def answers(**changed: object) -> Answers:
    """A good report; a keyword replaces the words of a section, or the answer to a figure."""
    words = {kind: Said(text) for kind, text in WORDS.items()}
    figures = {name: Said("3") for name in FigureName}
    for name, said in changed.items():
        said = said if isinstance(said, Said) else Said(str(said))
        (words if name in SectionKind.values else figures)[name] = said
    return Answers(words, figures)


def answers_with(*files: AttachedFile) -> Answers:
    return replace(answers(), files=files)


def give_schemes(desk: Desk, rhythm: str = Rhythm.BIMONTHLY) -> None:
    for member in desk.mechanism.memberships.all():
        ReportingScheme.objects.create(membership=member, rhythm=rhythm, valid_from=JOINED)


def opened(desk: Desk, **changed: object) -> Period:
    """January and February, opened by the lead office on the first day."""
    if not ReportingScheme.objects.exists():
        give_schemes(desk)
    return open_period(
        **{
            "mechanism": desk.mechanism,
            "rhythm": Rhythm.BIMONTHLY,
            "first_day": FIRST,
            "last_day": LAST,
            "on_time_until": ON_TIME,
            "closes_at": CLOSES,
            "by": desk.officer,
            "at": datetime(2026, 1, 1, 9, tzinfo=LOCAL),
            **changed,
        }
    )


def expected_of(period: Period, person_unit: int) -> ExpectedReport:
    return ExpectedReport.objects.select_related("period", "unit").get(period=period, unit=person_unit)


def submitted(
    period: Period, unit: int, by: Person, *, at: datetime = IN_TIME, said: Answers | None = None
) -> ReportVersion:
    return submit_report(expected=expected_of(period, unit), answers=said or answers(), by=by, at=at)

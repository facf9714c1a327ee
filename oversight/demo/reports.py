"""The two months that have just passed: fifteen reports were expected. One came a minute late, one is empty, one holds a
paragraph of its neighbour, one leaves out three strike-offs, and one never came.
"""

from datetime import date, datetime, time, timedelta

from casework.working_time.deadlines import LOCAL, local_day, midnight
from oversight.demo.members import World
from oversight.demo.report_words import SHARED, TOLD, Told
from oversight.reporting.answers import NOT_APPLICABLE, Answers, Said
from oversight.reporting.deciding import accept_report, return_report
from oversight.reporting.opening import open_period
from oversight.reporting.own_figures import Happened, happened
from oversight.reporting.records import ExpectedReport, Period, Rhythm
from oversight.reporting.report_records import FigureName, SectionKind
from oversight.reporting.submitting import submit_report

MISSING, EMPTY, LATE, COPIED, LEFT_OUT = "市驻村办", "澄川经开区", "市财政局", "云陂县", "栖梧区"
RETURNED = EMPTY
MOST = 500


def seed(world: World, *, now: datetime) -> Period:
    """Open the period on its first day, hand in thirteen reports in time and one a minute late, decide on most."""
    period = _period(world, now)
    limit = period.on_time_until
    expected = {one.unit_name: one for one in period.expected.select_related("unit", "period__mechanism", "membership")}
    # In the order of the members, some hours apart; the neighbour that is copied from comes first.
    names = [name for name in expected if name not in (MISSING, LATE)]
    for number, name in enumerate(names):
        _hand_in(world, expected[name], at=_in_time(limit, len(names) - number))
    _hand_in(world, expected[LATE], at=limit + timedelta(minutes=1))
    _decide(world, expected, at=limit + timedelta(hours=20))
    return period


def last_two_months(on: date) -> tuple[date, date]:
    """The last two calendar months from January, March, May … whose form has closed by this day."""
    first = date(on.year, on.month - (on.month - 1) % 2, 1)
    while True:
        last = first - timedelta(days=1)
        first = date(last.year, last.month - 1, 1)
        if last + timedelta(days=6) < on:
            return first, last


def _in_time(limit: datetime, place: int) -> datetime:
    """Some of an afternoon, the last ones shortly before the limit."""
    return limit - timedelta(days=place // 5, hours=place % 5, minutes=7 * place)


def _period(world: World, now: datetime) -> Period:
    first, last = last_two_months(local_day(now))
    limit = datetime.combine(last + timedelta(days=3), time(17), LOCAL)
    return open_period(
        mechanism=world.mechanism,
        rhythm=Rhythm.BIMONTHLY,
        first_day=first,
        last_day=last,
        on_time_until=limit,
        closes_at=limit + timedelta(days=2),
        by=world.officer,
        at=midnight(first) + timedelta(hours=9),
    )


def _hand_in(world: World, expected: ExpectedReport, *, at: datetime) -> None:
    told = TOLD[expected.unit_name]
    what = happened(expected.unit, expected.period, most=MOST)
    submit_report(
        expected=expected,
        answers=_answers(expected, told, what),
        by=world.reporters[expected.unit_id],
        at=at,
    )


def _answers(expected: ExpectedReport, told: Told, what: Happened) -> Answers:
    month = f"{expected.period.last_day.month}月"
    work = told.work.replace("{month}", month)
    if expected.unit_name == LEFT_OUT:
        work += _all_but_three(what)
    elif expected.unit_name != EMPTY:
        work += _sums(what)
    if expected.unit_name == COPIED:
        work += f"\n{SHARED}"
    elif expected.unit_name == "望溪县":
        work = f"{work}\n{SHARED}"
    words: dict[str, str] = {
        SectionKind.WORK: work,
        SectionKind.PROBLEMS: told.problems,
        SectionKind.NEXT_STEPS: told.next_steps,
        SectionKind.GOOD_PRACTICE: told.good_practice,
        SectionKind.PUBLICITY: told.publicity,
    }
    blank = "本期没有新的做法"
    sections = {kind: Said(said, "", "" if said else blank) for kind, said in words.items()}
    numbers: dict[str, int | None] = dict(zip(FigureName, told.figures, strict=True))
    figures = {
        name: Said("", NOT_APPLICABLE) if number is None else Said(str(number)) for name, number in numbers.items()
    }
    return Answers(sections, figures)


def _sums(what: Happened) -> str:
    """What happened, each kind with its number, as offices write it."""
    said = []
    if what.closures:
        said.append(f"本期销号{len(what.closures)}件")
    if what.relapses:
        said.append(f"反弹{len(what.relapses)}件，均已重新交办")
    if what.letters:
        said.append(f"收到督办单{len(what.letters)}件，逐件反馈")
    if what.draws:
        said.append(f"配合市县抽查{len(what.draws)}次")
    return f"{'；'.join(said)}。" if said else ""


def _all_but_three(what: Happened) -> str:
    """Strike-offs village by village, without three of them."""
    left_out = {case.village_id for case in what.closures[:3]}
    named = sorted({case.village.name for case in what.closures if case.village_id not in left_out})
    others = [case.number for case in what.closures[3:] if case.village_id in left_out]
    rest = Happened((), what.relapses, what.letters, what.draws)
    return f"{'、'.join([*named, *others])}的问题已经整改。{_sums(rest)}" if named or others else _sums(rest)


def _decide(world: World, expected: dict[str, ExpectedReport], *, at: datetime) -> None:
    """The good ones are accepted by the colleague, the empty one goes back; the flagged ones wait to be looked at."""
    waiting = (MISSING, COPIED, LEFT_OUT)
    for name, one in expected.items():
        if name in waiting:
            continue
        report = type(one).objects.select_related("report").get(pk=one.pk).report
        if name == RETURNED:
            reasons = "没有写到村、到日期、到数字，请补充本期做了哪些事、在哪些村、有什么结果。"
            return_report(report=report, reasons=reasons, version=1, by=world.officer, at=at)
        else:
            accept_report(report=report, version=1, by=world.colleague, at=at)

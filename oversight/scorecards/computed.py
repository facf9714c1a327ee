"""The items that are computed from records: a fixed list of names, each with the function that finds its faults. A scheme
names one of them and says what it weighs; nothing that a person types is ever evaluated.

Nothing here counts log-ins, taps, photos or time online, and nothing may (the rules on government applications of 2026).
All ask for many units at once, by the records as they stood at a moment.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models import Case, CaseEvent, Letter, LetterAnswer, RelapseVerdict
from casework.models.case import Source
from casework.models.case_event import EventKind
from casework.models.letter import LetterKind
from casework.models.relapse import VerdictKind
from casework.stages import BEFORE_ASSIGNMENT, Stage
from casework.working_time.deadlines import ONE_DAY, local_day, midnight
from oversight.opinions.records import Requirement
from oversight.reporting.records import ExpectedReport
from oversight.reporting.report_records import ReportVersion
from oversight.scorecards.records import ItemMark

NEVER_COUNTED = (Stage.REFERRED, Stage.REFUSED, Stage.DUPLICATE, Stage.WITHDRAWN)
# What a new holder does about a case that was found before.
DONE_ABOUT = (
    EventKind.PLANNED,
    EventKind.SUBMITTED,
    EventKind.EVIDENCE_ADDED,
    EventKind.EXTENSION_ASKED,
    EventKind.PASSED,
    EventKind.CLOSED,
)


@dataclass(frozen=True)
class Scope:
    """Which units of one level, which days (both included), and as of when. `since` is by unit the day on which the
    present holder's term began.
    """

    level: str
    units: tuple[int, ...]
    first: date
    last: date
    as_of: datetime
    since: Mapping[int, date] = field(default_factory=dict)

    def within(self, column: str) -> Q:
        begins, ends = midnight(self.first), midnight(self.last + ONE_DAY)
        return Q(**{f"{column}__gte": begins, f"{column}__lt": ends, f"{column}__lte": self.as_of})


class Fault(NamedTuple):
    """A record that costs points; half where the village reported it itself."""

    kind: str
    row: int
    words: str
    is_half: bool = False

    @property
    def counts(self) -> float:
        return 0.5 if self.is_half else 1.0


@dataclass
class Measured:
    """The faults among `whole` records; None where there is nothing of the kind to look at."""

    whole: int | None = None
    faults: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault | None) -> None:
        self.whole = (self.whole or 0) + 1
        if fault is not None:
            self.faults.append(fault)


class Stood(NamedTuple):
    """A case as it stood."""

    key: int
    number: str
    unit: int
    stage: str
    round: int
    source: str
    found_on: date
    due_on: date | None
    closed_on: date | None


@dataclass
class Known:
    """The cases of a scope as they stood, read once for all items."""

    scope: Scope
    _cases: list[Stood] | None = None
    _cared_for: set[int] | None = None

    @property
    def cases(self) -> list[Stood]:
        """Those that were due or struck off in the days, by their history. One query."""
        if self._cases is None:
            scope = self.scope
            columns = (
                "id",
                "number",
                f"{scope.level}_id",
                "stage",
                "round",
                "source",
                "found_on",
                "due_on",
                "closed_on",
            )
            days = (scope.first, scope.last)
            # By their history alone: since then a deadline may have moved, and a case with its village.
            known = Case.history.model.objects.filter(history_date__lte=scope.as_of)
            asked = known.filter(
                Q(due_on__range=days) | Q(closed_on__range=days), Q(**{f"{scope.level}__in": scope.units})
            )
            rows = (
                known.filter(id__in=asked.order_by().values("id"))
                .order_by("id", "history_date", "history_id")
                .values_list(*columns)
            )
            stood = {row[0]: Stood(*row) for row in rows}
            units = set(scope.units)
            self._cases = sorted(one for one in stood.values() if one.unit in units and one.stage not in NEVER_COUNTED)
        return self._cases

    @property
    def cared_for(self) -> set[int]:
        """The inherited cases about which the present holder has done something. One query."""
        if self._cared_for is None:
            inherited = {one.key: self.scope.since[one.unit] for one in self.cases if self.is_inherited(one)}
            events = CaseEvent.objects.filter(
                case__in=list(inherited), kind__in=DONE_ABOUT, at__lte=self.scope.as_of
            ).values_list("case", "at")
            self._cared_for = {case for case, at in events if local_day(at) >= inherited[case]}
        return self._cared_for

    def is_inherited(self, case: Stood) -> bool:
        since = self.scope.since.get(case.unit)
        return since is not None and case.found_on < since

    def fault(self, case: Stood) -> Fault:
        return Fault("case", case.key, case.number, case.source == Source.SELF_CHECK)


def overdue(known: Known) -> dict[int, Measured]:
    """Of the cases whose deadline fell into the days: those that were not struck off by then. An inherited one costs
    nothing once something was done about it.
    """
    scope, found = known.scope, _measured(known.scope)
    for case in known.cases:
        if case.due_on is None or case.stage in BEFORE_ASSIGNMENT or not scope.first <= case.due_on <= scope.last:
            continue
        is_late = case.closed_on is None or case.closed_on > case.due_on
        excused = known.is_inherited(case) and case.key in known.cared_for
        found[case.unit].add(known.fault(case) if is_late and not excused else None)
    return found


def returned(known: Known) -> dict[int, Measured]:
    """Of the cases struck off in the days: those that a reviewer sent back at least once. An inherited one costs nothing."""
    scope, found = known.scope, _measured(known.scope)
    for case in known.cases:
        if case.closed_on is None or case.stage != Stage.CLOSED or not scope.first <= case.closed_on <= scope.last:
            continue
        found[case.unit].add(known.fault(case) if case.round > 1 and not known.is_inherited(case) else None)
    return found


def relapsed(known: Known) -> dict[int, Measured]:
    """Beside what was struck off in the days: cases that an office judged in them to be back, by the verdict that holds.
    What was struck off before the present holder's term is inherited.
    """
    return _verdicts(known, VerdictKind.RELAPSE)


def never_rectified(known: Known) -> dict[int, Measured]:
    """Beside what was struck off in the days: strike-offs that were judged in them never to have been real."""
    return _verdicts(known, VerdictKind.NEVER)


def _verdicts(known: Known, wanted: str) -> dict[int, Measured]:
    scope, found = known.scope, _measured(known.scope)
    column = f"candidate__earlier__{scope.level}"
    judged = RelapseVerdict.objects.filter(scope.within("at"), Q(**{f"{column}__in": scope.units}))
    last: dict[int, tuple[Any, ...]] = {}
    rows = judged.exclude(candidate__earlier__stage=Stage.REFERRED).order_by("instance")
    for candidate, *row in rows.values_list(
        "candidate",
        "verdict",
        column,
        "candidate__earlier",
        "candidate__earlier__number",
        "candidate__earlier__closed_on",
    ):
        last[candidate] = tuple(row)
    for one in known.cases:
        if one.stage == Stage.CLOSED and one.closed_on is not None and scope.first <= one.closed_on <= scope.last:
            found[one.unit].add(None)
    for verdict, unit, case, number, closed_on in last.values():
        since = scope.since.get(unit)
        is_inherited = since is not None and closed_on is not None and closed_on < since
        if verdict == wanted and not is_inherited:
            found[unit].add(Fault("case", case, number))
    return found


def letters_answered(known: Known) -> dict[int, Measured]:
    """Of the supervision letters to the unit whose deadline fell into the days: those not answered by it."""
    scope, found = known.scope, _measured(known.scope)
    letters = Letter.objects.filter(
        addressee__in=scope.units, kind=LetterKind.LETTER, deadline__range=(scope.first, scope.last)
    ).exclude(case__stage=Stage.REFERRED)
    given = LetterAnswer.objects.filter(letter__in=letters.order_by().values("pk"), at__lte=scope.as_of)
    answers = dict(given.order_by("-at").values_list("letter", "at"))  # the first answer stays
    for key, unit, number, deadline in letters.order_by("pk").values_list("pk", "addressee", "number", "deadline"):
        is_late = deadline is not None and (key not in answers or local_day(answers[key]) > deadline)
        found[unit].add(Fault("letter", key, number) if is_late else None)
    return found


def requirements_signed(known: Known) -> dict[int, Measured]:
    """Of the requirements to the unit whose deadline fell into the days: those not signed for by it."""
    scope, found = known.scope, _measured(known.scope)
    asked = Requirement.objects.filter(
        unit__in=scope.units, opinion__deadline__range=(scope.first, scope.last), at__lte=scope.as_of
    )
    rows = asked.order_by("pk").values_list("pk", "unit", "opinion__deadline", "opinion__requirement", "receipt__at")
    for key, unit, deadline, words, at in rows:
        is_late = at is None or at > scope.as_of or local_day(at) > deadline
        found[unit].add(Fault("requirement", key, words[:80]) if is_late else None)
    return found


def reports_on_time(known: Known) -> dict[int, Measured]:
    """Of the reports expected of the unit whose limit fell into the days: those that came late or not at all."""
    scope, found = known.scope, _measured(known.scope)
    expected = ExpectedReport.objects.filter(scope.within("period__on_time_until"), unit__in=scope.units)
    given = ReportVersion.objects.filter(report__in=expected.order_by().values("pk"), at__lte=scope.as_of)
    first = dict(given.order_by("-at").values_list("report", "at"))  # the first version stays
    rows = expected.order_by("pk").values_list("pk", "unit", "period__on_time_until", "unit_name", "period__last_day")
    for key, unit, limit, name, last_day in rows:
        is_late = key not in first or first[key] > limit
        found[unit].add(Fault("report", key, f"{name} {last_day:%Y-%m-%d}") if is_late else None)
    return found


def _measured(scope: Scope) -> dict[int, Measured]:
    """An empty one for each unit: where there is no record, there is nothing to score."""
    return {unit: Measured() for unit in scope.units}


@dataclass(frozen=True)
class Computed:
    label: Any
    help: Any
    measure: Callable[[Known], dict[int, Measured]]
    mark: ItemMark = ItemMark.RESULT


COMPUTED: dict[str, Computed] = {
    "overdue": Computed(
        _("Struck off by the deadline"), _("A fault is a case whose deadline passed before its strike-off."), overdue
    ),
    "returned": Computed(
        _("Passed at the first review"), _("A fault is a struck-off case that was returned at least once."), returned
    ),
    "relapsed": Computed(_("Stays put right"), _("A fault is a case that an office judged to be back."), relapsed),
    "never": Computed(
        _("Really put right"), _("A fault is a strike-off that was judged never to have been real."), never_rectified
    ),
    "letters": Computed(
        _("Letters answered in time"), _("A fault is a letter not answered by its deadline."), letters_answered
    ),
    "requirements": Computed(
        _("Requirements signed for in time"),
        _("A fault is a requirement not signed for by its deadline."),
        requirements_signed,
        ItemMark.TRACE,
    ),
    "reports": Computed(
        _("Reports on time"), _("A fault is a report that came late or not at all."), reports_on_time, ItemMark.TRACE
    ),
}

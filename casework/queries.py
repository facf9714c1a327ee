"""Named reads. `visible(person, on)` is the first link of each chain over cases."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from casework.caching.read_once import read_once
from casework.models import (
    Case,
    Extension,
    Letter,
    LetterKind,
    LookBack,
    Measure,
    MeasureReport,
    MeasureVerdict,
    Person,
    Plan,
    RelapseCandidate,
    RelapseVerdict,
    Review,
    Unit,
    WiderCheck,
)
from casework.models.look_back import LookBackState
from casework.models.review import Outcome
from casework.rights import roles
from casework.rights.held_posts import holds, posts_held
from casework.rights.letter_rights import letters_to_answer
from casework.rights.table import Action
from casework.stages import COMMITTEE, OPEN, Role, Stage


def visible(person: Person, on: date) -> QuerySet[Case]:
    """The cases that this person may see today."""
    return Case.objects.filter(roles.visible_to(person, on))


def visible_parts(person: Person, on: date) -> list[QuerySet[Case]]:
    """What `visible` finds, as several querysets that each read one index; a case may stand in more than one."""
    return [Case.objects.filter(part) for part in roles.visible_parts(person, on)]


def first_of(parts: Sequence[QuerySet[Case]], order: Sequence[str], size: int) -> QuerySet[Case]:
    """The first rows of several querysets together, in this order.

    Each part gives the keys of its own first rows, which its index holds in this order already; the rows themselves,
    and what is joined to them, are read for those keys alone.
    """
    if not parts:
        return Case.objects.none()
    return Case.objects.filter(pk__in=_first_keys(parts, order, size)).order_by(*order)[:size]


def first_of_each(groups: Iterable[Sequence[QuerySet[Case]]], order: Sequence[str], size: int) -> QuerySet[Case]:
    """The first rows of each of several groups of querysets, all by one statement; each part reads its own index."""
    parts = [part for group in groups for part in group]
    return Case.objects.filter(pk__in=_first_keys(parts, order, size)) if parts else Case.objects.none()


def count_of_each(parts: Sequence[QuerySet[Case]], order: Sequence[str], most: int, *, by: str) -> Counter[str]:
    """How many cases several querysets hold by the value of a column, each counted up to `most`, by one statement.

    The keys come with their values, and every case once, so that no row is read but for its index.
    """
    found = _first_keys(parts, order, most, by).values_list("pk", by) if parts else []
    return Counter({value: min(count, most) for value, count in Counter(value for _pk, value in found).items()})


def count_of(parts: Sequence[QuerySet[Case]], order: Sequence[str], most: int) -> int:
    """How many cases several querysets hold together, counted up to `most`.

    In the order of the list, so that each part reads its index and no more of it than is counted.
    """
    return min(_first_keys(parts, order, most).count(), most) if parts else 0


def _first_keys(parts: Sequence[QuerySet[Case]], order: Sequence[str], size: int, *beside: str) -> QuerySet[Case, Any]:
    """The keys of each part's first rows, every case once, and what is read beside them."""
    keys = [part.order_by(*order).values("pk", *beside)[:size] for part in parts]
    if len(keys) == 1:
        return keys[0]
    if not connection.features.supports_slicing_ordering_in_compound:  # SQLite: only in a subquery within a UNION
        keys = [Case.objects.filter(pk__in=each.values("pk")).values("pk", *beside) for each in keys]
    return keys[0].union(*keys[1:])


def waiting_for(person: Person, on: date) -> QuerySet[Case]:
    """The open cases whose turn is this person's, the most urgent first."""
    return Case.objects.filter(roles.waiting(person, on)).order_by("due_on", "id")


def first_waiting(person: Person, on: date, size: int) -> QuerySet[Case]:
    """The first rows of `waiting_for`."""
    return first_of(_waiting_parts(person, on), ("due_on", "id"), size)


def count_waiting(person: Person, on: date, most: int, *, due: Sequence[date] = ()) -> int:
    """How many wait for this person, counted up to `most`; with `due`, those with one of these deadlines.

    Desk by desk and in the order of the index, so that no more is read than is counted.
    """
    parts = _waiting_parts(person, on)
    if due:
        parts = [part.filter(due_on__in=due) for part in parts]
    return min(sum(part.order_by("due_on", "id")[:most].count() for part in parts), most)


def came_back(person: Person, on: date, size: int) -> QuerySet[Case]:
    """What waits for this person because a reviewer returned it, the latest first."""
    returned = Q(stage__in=(Stage.PLANNING, Stage.RECTIFICATION), returned_at__isnull=False)
    return first_of([part.filter(returned) for part in _waiting_parts(person, on)], ("-returned_at", "-id"), size)


def _waiting_parts(person: Person, on: date) -> list[QuerySet[Case]]:
    return [Case.objects.filter(part) for part in roles.waiting_parts(person, on)]


def overdue(person: Person, on: date, size: int) -> QuerySet[Case]:
    """The first visible open cases whose deadline has passed, the oldest first."""
    late = Q(stage__in=OPEN, due_on__lt=on, paused_on=None)
    return first_of([part.filter(late) for part in visible_parts(person, on)], ("due_on", "id"), size)


def wider_checks_for(person: Person, on: date) -> list[WiderCheck]:
    """The wider self-checks that run where this person sits in a committee or a town's office, the soonest end first."""
    asked = (*COMMITTEE, Role.TOWN_REVIEWER)
    held = [h.unit_path for h in posts_held(person, on) if h.role in asked]
    counties = {path for one in held for path in Unit(path=one).ancestor_paths()}
    running = WiderCheck.objects.filter(county__path__in=counties, until__gte=on)
    return list(running.select_related("county", "item").order_by("until", "pk")) if counties else []


def current_plan(case: Case) -> Plan | None:
    """The latest plan of measures."""
    return case.plans.order_by("-number").first()


def current_measures(case: Case) -> list[Measure]:
    """The measures of the latest plan, in their order."""

    def read() -> list[Measure]:
        latest = case.plans.order_by("-number").values("pk")[:1]
        return list(Measure.objects.filter(plan__in=latest).select_related("plan").order_by("number"))

    return list(read_once(case, "measures", read))


def last_return(case: Case) -> Review | None:
    """The review that sent the rectification back last, if the present round began with a return."""
    if case.round == 1:
        return None
    return (
        case.reviews.filter(round=case.round - 1, outcome=Outcome.RETURNED)
        .exclude(stage=Stage.PLAN_APPROVAL)
        .order_by("-at", "-id")
        .first()
    )


def measures_to_report(case: Case) -> list[Measure]:
    """What the committee reports on in this round: every measure at first, later those that were returned.

    A return without a verdict on single measures (at the strike-off) asks for all of them again.
    """
    measures = current_measures(case)
    review = last_return(case)
    if review is None:
        return measures
    failed = set(review.verdicts.filter(passed=False).values_list("measure_id", flat=True))
    return [measure for measure in measures if measure.pk in failed] or measures


def measures_to_decide(case: Case, measures: list[Measure]) -> list[Measure]:
    """Which of the current measures the review at which the case stands must decide on: those that this review has not
    passed yet, and those that were reported anew since. Every one where nothing of the sort is left.
    """
    passed = read_once(case, ("passed", case.stage, *(one.pk for one in measures)), lambda: _passed(case, measures))
    return [one for one in measures if one.pk not in passed] or measures


def _passed(case: Case, measures: list[Measure]) -> set[int]:
    """Those that the review at which the case stands has passed, and that were not reported anew since."""
    verdicts = MeasureVerdict.objects.filter(measure__in=measures, review__stage=case.stage, review__undone=None)
    decided = {one.measure_id: one for one in verdicts.select_related("review").order_by("review__at", "review_id")}
    if not decided:
        return set()
    reports = MeasureReport.objects.filter(measure__in=measures).values_list("measure_id", "submission__round")
    reported = dict(reports.order_by("submission__round"))
    return {pk for pk, one in decided.items() if one.passed and one.review.round >= reported.get(pk, 0)}


def likely_duplicates(village_id: int, item_id: int | None, object_id: int | None) -> QuerySet[Case]:
    """Open cases of the same village and item, and of the same object where both name one."""
    same = Case.objects.filter(village_id=village_id, item_id=item_id, stage__in=OPEN)
    if item_id is None:
        return same.none()
    if object_id is not None:
        same = same.filter(Q(object_id=object_id) | Q(object=None))
    return same.order_by("id")


def came_before(case: Case, person: Person, on: date) -> QuerySet[Case]:
    """What this person may see of earlier cases in the same village of the same item or object, the latest first."""
    same = Q(object_id=case.object_id) if case.object_id else Q(pk__in=())
    if case.item_id:
        same |= Q(item_id=case.item_id)
    return (
        visible(person, on)
        .filter(same, village_id=case.village_id)
        .filter(pk__lt=case.pk)
        .select_related("item", "object")
        .order_by("-id")
    )


def extensions_to_decide(person: Person, on: date) -> QuerySet[Case]:
    """The cases whose extension this person decides, the earliest deadline first."""
    undecided = Extension.objects.filter(case=OuterRef("pk"), decided_at=None)
    at_town = Q(responsible_id=F("village_id"), town__in=_units(person, Role.TOWN_REVIEWER, on))
    at_county = ~Q(responsible_id=F("village_id")) & Q(county__in=_units(person, Role.COUNTY_SUPERVISOR, on))
    return Case.objects.filter(at_town | at_county, Exists(undecided), stage__in=OPEN).order_by("due_on", "id")


def _units(person: Person, role: Role, on: date) -> list[int]:
    return [held.unit_id for held in posts_held(person, on) if held.role == role]


def candidates_with_verdicts(case: Case) -> QuerySet[RelapseCandidate]:
    """The candidates of a case, the surest first, with their earlier cases, verdicts and appeals."""
    verdicts = RelapseVerdict.objects.select_related("by", "by_unit", "appeal__by").order_by("instance")
    return (
        case.candidates.select_related("earlier__item", "earlier__object")
        .prefetch_related(Prefetch("verdicts", queryset=verdicts))
        .order_by("-score", "-id")
    )


def candidates_to_decide(person: Person, on: date) -> QuerySet[RelapseCandidate]:
    """What waits for this person's verdict, the surest first: cases that are no relapse yet, without a verdict."""
    judged = Q(stage__in=(*OPEN, Stage.CLOSED), relapse_of=None)
    mine = visible(person, on).filter(judged, roles.where(person, Action.VERDICT, on))
    return (
        RelapseCandidate.objects.filter(case__in=mine, verdicts=None)
        .select_related("case__village", "case__town", "case__item", "earlier__item")
        .order_by("-score", "-id")
    )


def look_backs_for(person: Person, on: date) -> QuerySet[LookBack]:
    """The open look-backs that this person was drawn for, the most urgent first; nothing without the post."""
    if not holds(person, [Role.INSPECTOR], on):
        return LookBack.objects.none()
    mine = LookBack.objects.filter(inspector=person, state=LookBackState.OPEN)
    return mine.select_related("case__village__parent", "case__item", "case__town").order_by("due_on", "id")


def look_backs_watched_by(person: Person, on: date) -> QuerySet[LookBack]:
    """The open look-backs of this person's county or city, the most urgent first."""
    watched = Case.objects.filter(roles.where(person, Action.VERDICT, on))
    open_ones = LookBack.objects.filter(state=LookBackState.OPEN, case__in=watched)
    return open_ones.select_related("case__village__parent", "case__item", "case__town", "inspector").order_by(
        "due_on", "id"
    )


SPREAD_DAYS = 60
SPREAD_VILLAGES = 5


class Spread(NamedTuple):
    """An item found in several villages of a county lately: in how many, and how often."""

    county: int
    item: int
    villages: int
    cases: int


def spread_of(counties: Iterable[int], on: date, *, least: int = 0) -> list[Spread]:
    """Items by the villages of each county in which they were found within the last sixty days, the widest first."""
    since = on - timedelta(days=SPREAD_DAYS)
    lately = Case.objects.filter(county__in=counties, found_on__gt=since, found_on__lte=on, item__isnull=False)
    counted = lately.order_by().values("county", "item").annotate(v=Count("village", distinct=True), n=Count("pk"))
    found = [Spread(row["county"], row["item"], row["v"], row["n"]) for row in counted.filter(v__gte=least)]
    return sorted(found, key=lambda one: (-one.villages, -one.cases, one.county, one.item))


def letters_to_act_on(person: Person, on: date) -> QuerySet[Letter]:
    """The notices and letters to this person's desks that wait for a receipt, and the letters of open cases that were
    signed for and wait for an answer; the oldest first.
    """
    unanswered = Q(kind=LetterKind.LETTER, answers=None)
    mine = Letter.objects.filter(letters_to_answer(person, on))
    return mine.filter(Q(receipt=None) | unanswered).order_by("issued_on", "id")

"""Who is to be trained and who was: over everybody who holds the post today, never over an old list."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.models import Person, Term, Unit
from casework.models.unit import UnitLevel, on_day
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.rights.territories import villages_of, villages_under
from casework.stages import COMMITTEE, Role
from oversight.mechanisms.queries import Span
from oversight.training.records import Attendance, TrainingSession


class Required(StrEnum):
    """What the rule asks for: whom, and how often."""

    SECRETARIES = "secretaries"
    HEADS = "heads"
    MEMBERS = "members"


@dataclass(frozen=True)
class Rule:
    roles: tuple[Role, ...]
    is_yearly: bool
    label: Any


# Half-year: secretaries and heads; year: everybody in a committee. All of them, always.
RULES: dict[Required, Rule] = {
    Required.SECRETARIES: Rule((Role.VILLAGE_SECRETARY,), False, _("Village Party secretaries, this half-year")),
    Required.HEADS: Rule((Role.COMMITTEE_HEAD,), False, _("Committee heads, this half-year")),
    Required.MEMBERS: Rule(COMMITTEE, True, _("All committee members, this year")),
}


@dataclass(frozen=True)
class HalfYear:
    year: int
    half: int

    @property
    def span(self) -> Span:
        if self.half == 1:
            return Span(date(self.year, 1, 1), date(self.year, 6, 30))
        return Span(date(self.year, 7, 1), date(self.year, 12, 31))

    @property
    def code(self) -> str:
        return f"{self.year}-{self.half}"

    @property
    def before(self) -> "HalfYear":
        return HalfYear(self.year, 1) if self.half == 2 else HalfYear(self.year - 1, 2)

    def span_of(self, rule: Rule) -> Span:
        """The days on which a session counts; a year's rule counts the year that this half lies in."""
        return Span(date(self.year, 1, 1), date(self.year, 12, 31)) if rule.is_yearly else self.span


def half_year_of(day: date) -> HalfYear:
    return HalfYear(day.year, 1 if day.month <= 6 else 2)


@dataclass(frozen=True)
class Coverage:
    """How many of those who hold the post today were trained."""

    required: Required
    trained: int
    of: int

    @property
    def label(self) -> Any:
        return RULES[self.required].label

    @property
    def missing(self) -> int:
        return self.of - self.trained

    @property
    def percent(self) -> int | None:
        """Rounded down: one person missing is never 100 %."""
        return 100 * self.trained // self.of if self.of else None


def holders_under(unit: Unit, *, on: date) -> QuerySet[Term]:
    """The terms of those who hold a post in a village of this unit on a day, one a person and post."""
    villages = villages_under([(unit.path, unit.pk)], on=on)
    return holders_in(villages, on=on)


def holders_in(villages: QuerySet[Unit], *, on: date, roles: Iterable[str] | None = None) -> QuerySet[Term]:
    asked = tuple(roles) if roles is not None else tuple({role for rule in RULES.values() for role in rule.roles})
    return (
        Term.objects.filter(
            on_day(on), post__unit__in=villages.order_by().values("pk"), post__role__in=asked, person__is_active=True
        )
        .select_related("person", "post__unit__parent")
        .order_by("post__unit__path", "post__role", "post__number", "id")
    )


def trained_people(span: Span, roles: Iterable[str], *, until: date) -> set[int]:
    """Everybody who was at a session for one of these roles in these days. Two queries."""
    wanted = set(roles)
    sessions = TrainingSession.objects.filter(
        day__gte=span.first, day__lte=min(span.last, until), called_off_at=None
    ).values_list("pk", "roles")
    fitting = [pk for pk, its_roles in sessions if wanted & set(its_roles)]
    there = Attendance.objects.filter(session__in=fitting, taken_back_at=None)
    return set(there.order_by().values_list("person_id", flat=True).distinct())


def coverage(villages: QuerySet[Unit], half: HalfYear, *, on: date) -> list[Coverage]:
    """Of these villages, each rule: three queries a rule, however many villages."""
    found = []
    for required, rule in RULES.items():
        people = set(holders_in(villages, on=on, roles=rule.roles).order_by().values_list("person_id", flat=True))
        trained = trained_people(half.span_of(rule), rule.roles, until=on)
        found.append(Coverage(required, len(people & trained), len(people)))
    return found


def coverage_below(
    unit: Unit, villages: QuerySet[Unit], half: HalfYear, *, on: date
) -> list[tuple[Unit, list[Coverage]]]:
    """The same for each unit right below one, by the place of their villages in the tree."""
    below = list(Unit.objects.filter(parent=unit, is_active=True).exclude(level=UnitLevel.DEPARTMENT).order_by("path"))
    rows: dict[int, list[Coverage]] = defaultdict(list)
    length = len(unit.path) + Unit.PATH_STEP
    for required, rule in RULES.items():
        people: dict[str, set[int]] = defaultdict(set)
        terms = holders_in(villages, on=on, roles=rule.roles).order_by().values_list("person_id", "post__unit__path")
        for person, path in terms:
            people[path[:length]].add(person)
        trained = trained_people(half.span_of(rule), rule.roles, until=on)
        for one in below:
            rows[one.pk].append(Coverage(required, len(people[one.path] & trained), len(people[one.path])))
    return [(one, rows[one.pk]) for one in below if any(cell.of for cell in rows[one.pk])]


def missing(villages: QuerySet[Unit], required: Required, half: HalfYear, *, on: date) -> QuerySet[Term]:
    """Who holds the post today and was at no session: a term each, with the village."""
    rule = RULES[required]
    trained = trained_people(half.span_of(rule), rule.roles, until=on)
    return holders_in(villages, on=on, roles=rule.roles).exclude(person__in=trained)


def villages_trained_by(person: Person, *, on: date) -> QuerySet[Unit]:
    """The villages whose coverage this person reads."""
    return villages_of(person, OfficeAction.SEE_TRAINING, on=on)


def sessions_seen_by(person: Person, *, on: date) -> QuerySet[TrainingSession]:
    """The sessions that the reader's own unit, one above it or one below it holds."""
    condition = Q(pk__in=())
    for held in posts_for(person, OfficeAction.SEE_TRAINING, on):
        path = held.unit_path
        condition |= Q(unit__path__in=Unit.paths_down_to(path))
        condition |= Q(unit__path__gte=path, unit__path__lt=Unit.path_after(path))
    return TrainingSession.objects.filter(condition).select_related("unit")

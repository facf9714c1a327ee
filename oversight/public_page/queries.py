"""What stands on a public page, and what waits for an office. Predicate and query stand side by side."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from casework.models import Case, Evidence, Person, Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.stages import BEFORE_ASSIGNMENT, REVIEWS, Stage
from oversight.public_page.records import MaskedWord, PublicPageSwitch, Release, ReleasedPhoto, VillagerStatement

# What may stand in public: an unannounced visit stays unannounced, and what was refused or handed on is gone.
NOT_PUBLIC = (*BEFORE_ASSIGNMENT, Stage.REFUSED, Stage.DUPLICATE, Stage.WITHDRAWN, Stage.REFERRED)
# Of what is said to be put right a villager can say that it is not.
SAID_TO_BE_DONE = (Stage.FIRST_REVIEW, Stage.SECOND_REVIEW, Stage.CITY_REVIEW, Stage.STRIKE_OFF, Stage.CLOSED)
assert Stage.PLAN_APPROVAL in REVIEWS and Stage.PLAN_APPROVAL not in SAID_TO_BE_DONE


def is_on(city: Unit) -> bool:
    """Whether the city's public page is on."""
    newest = PublicPageSwitch.objects.filter(city=city).order_by("-id").values_list("is_on", flat=True)
    return bool(newest.first())


def cities_on() -> QuerySet[Unit]:
    """The cities whose public page is on."""
    newest = PublicPageSwitch.objects.filter(city=OuterRef("pk")).order_by("-id").values("is_on")[:1]
    return Unit.objects.annotate(page_is_on=Subquery(newest)).filter(page_is_on=True).order_by("path")


def city_above(path: str) -> Unit | None:
    """The city to which the unit of this path belongs."""
    return Unit.objects.filter(path__in=Unit.paths_down_to(path), level=UnitLevel.CITY).first()


def current_releases() -> QuerySet[Release]:
    """The newest release of each case that was not taken off again."""
    newer = Release.objects.filter(case=OuterRef("case"), number__gt=OuterRef("number"))
    return Release.objects.filter(~Exists(newer), is_withdrawn=False)


def public_releases(under: Unit) -> QuerySet[Release]:
    """What stands in public of the villages at and below a unit, of cities whose page is on; by their villages of today.

    A referred case is shown to nobody from then on, whatever was released.
    """
    return current_releases().filter(
        ~Q(case__stage__in=NOT_PUBLIC), _at_or_below(under), case__city__in=cities_on().values("pk")
    )


def _at_or_below(unit: Unit) -> Q:
    return Q(case__village__path__gte=unit.path, case__village__path__lt=Unit.path_after(unit.path))


def units_below(unit: Unit) -> list[tuple[Unit, int]]:
    """The units one level below that have something in public, with how much. Two queries."""
    length = len(unit.path) + Unit.PATH_STEP
    counts: dict[str, int] = {}
    for path, count in public_releases(unit).order_by().values_list("case__village__path").annotate(Count("id")):
        counts[path[:length]] = counts.get(path[:length], 0) + count
    units = Unit.objects.filter(path__in=list(counts)).order_by("path")
    return [(one, counts[one.path]) for one in units]


def masked_words(city: Unit) -> QuerySet[MaskedWord]:
    return MaskedWord.objects.filter(city=city, ended_at=None).select_related("by")


def releasable(person: Person, on: date) -> QuerySet[Case]:
    """The cases that this person may release: of the own county or city, and nothing that must not be public."""
    held = [post.unit_id for post in posts_for(person, OfficeAction.RELEASE_CASE, on)]
    return Case.objects.filter(Q(county__in=held) | Q(city__in=held)).exclude(stage__in=NOT_PUBLIC)


def statements_for(person: Person, on: date) -> QuerySet[VillagerStatement]:
    """The statements about which this person's office decides: of the own town, county or city."""
    held = [post.unit_id for post in posts_for(person, OfficeAction.DECIDE_STATEMENT, on)]
    about = Q(case__town__in=held) | Q(case__county__in=held) | Q(case__city__in=held)
    return VillagerStatement.objects.filter(about).exclude(case__stage=Stage.REFERRED)


def may_decide_on(person: Person, statement: VillagerStatement, on: date) -> bool:
    """Whether the statement is one of `statements_for`."""
    return statements_for(person, on).filter(pk=statement.pk).exists()


def released_numbers(cases: Iterable[int]) -> dict[int, int]:
    """Of these cases those that stand in public now, with the number of their release."""
    return dict(current_releases().filter(case__in=list(cases)).order_by().values_list("case", F("number")))


def public_photo(pk: int) -> Evidence | None:
    """A photo that stands in public now, by the key of its place in a release."""
    shown = ReleasedPhoto.objects.filter(
        pk=pk,
        release__in=current_releases().values("pk"),
        release__case__city__in=cities_on().values("pk"),
    ).exclude(release__case__stage__in=NOT_PUBLIC)
    return Evidence.objects.filter(pk__in=shown.values("evidence")).first()

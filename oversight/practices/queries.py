"""Which practices somebody reads, and the matrix of counties and practices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from casework.models import Person, Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from oversight.practices.records import Practice, PracticeAdoption


def cities_of(person: Person, on: date) -> list[Unit]:
    """The cities in which this person reads practices."""
    paths = {
        path
        for held in posts_for(person, OfficeAction.SEE_PRACTICES, on)
        for path in Unit.paths_down_to(held.unit_path)
    }
    return list(Unit.objects.filter(path__in=paths, level=UnitLevel.CITY).order_by("path")) if paths else []


def _inside(cities: Sequence[Unit], prefix: str = "") -> Q:
    condition = Q(pk__in=())
    for city in cities:
        start, end = city.path, Unit.path_after(city.path)
        condition |= Q(**{f"{prefix}path__gte": start, f"{prefix}path__lt": end})
    return condition


def practices_seen_by(person: Person, on: date) -> QuerySet[Practice]:
    """The practices of the reader's city: they are there to be taken over."""
    return Practice.objects.filter(_inside(cities_of(person, on), "unit__")).select_related("unit", "by")


def counties_of(person: Person, on: date) -> list[Unit]:
    """The counties of the reader's city, the rows of the matrix."""
    inside = _inside(cities_of(person, on))
    return list(Unit.objects.filter(inside, level=UnitLevel.COUNTY, is_active=True).order_by("path"))


@dataclass(frozen=True)
class Cell:
    """A county and a practice: it began here, was taken over, or neither."""

    practice: Practice
    began_here: bool
    adoption: PracticeAdoption | None

    @property
    def is_used(self) -> bool:
        return self.began_here or self.adoption is not None


@dataclass(frozen=True)
class Row:
    county: Unit
    cells: list[Cell]

    @property
    def used(self) -> int:
        return sum(cell.is_used for cell in self.cells)


def matrix(counties: Sequence[Unit], practices: Sequence[Practice]) -> list[Row]:
    """Each county with its cells in the order of the practices. One query."""
    adopted = {
        (one.county_id, one.practice_id): one
        for one in PracticeAdoption.objects.filter(practice__in=practices, county__in=counties)
    }
    return [
        Row(
            county,
            [
                Cell(practice, practice.unit_id == county.pk, adopted.get((county.pk, practice.pk)))
                for practice in practices
            ],
        )
        for county in counties
    ]


def used_by(rows: Sequence[Row], practices: Sequence[Practice]) -> list[int]:
    """In how many of the counties each practice is used."""
    return [sum(row.cells[place].is_used for row in rows) for place in range(len(practices))]

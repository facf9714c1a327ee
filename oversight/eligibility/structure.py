"""The structure of the committees that were elected: counted in the database, without a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from casework.models import Unit
from oversight.eligibility.election_records import Election
from oversight.eligibility.records import Education, Nominee

NOT_GIVEN = ""
# The oldest age of each band in the year in which the election begins; above the last one there is no limit.
AGES: tuple[tuple[str, int | None, Any], ...] = (
    ("35", 35, _("35 and younger")),
    ("45", 45, _("36 to 45")),
    ("55", 55, _("46 to 55")),
    ("60", 60, _("56 to 60")),
    ("over", None, _("Over 60")),
)
TERMS: tuple[tuple[str, int | None, Any], ...] = (
    ("0", 0, _("First term")),
    ("1", 1, _("Second term")),
    ("more", None, _("Third term or more")),
)
PARTY: tuple[tuple[str, Any], ...] = (("yes", _("Party member")), ("no", _("no Party member")))
UNKNOWN = _("not given")


@dataclass(frozen=True)
class Band:
    label: Any
    count: int


@dataclass(frozen=True)
class Table:
    """A trait and how many of the elected have which value of it; the bands sum to all of them."""

    label: Any
    bands: tuple[Band, ...]

    @property
    def total(self) -> int:
        return sum(band.count for band in self.bands)


def elected_of(election: Election, villages: QuerySet[Unit]) -> QuerySet[Nominee]:
    """The list of holders: who was elected in these villages."""
    return Nominee.objects.filter(
        election=election, elected__isnull=False, withdrawn_at=None, village__in=villages.order_by().values("pk")
    )


def structure_of(election: Election, villages: QuerySet[Unit]) -> list[Table]:
    """By age, education, Party membership and terms. One query, however many they are."""
    year = election.begins_on.year
    age = _band("birth_year", [(code, None if most is None else year - most) for code, most, _label in AGES], "gte")
    terms = _band("terms_before", [(code, most) for code, most, _label in TERMS], "lte")
    party = Case(
        When(is_party_member=True, then=Value("yes")),
        When(is_party_member=False, then=Value("no")),
        default=Value(NOT_GIVEN),
        output_field=CharField(),
    )
    rows = list(
        elected_of(election, villages)
        .order_by()
        .annotate(age=age, party=party, terms=terms)
        .values_list("age", "education", "party", "terms")
        .annotate(n=Count("pk"))
    )
    return [
        _table(_("Age"), [(code, label) for code, _most, label in AGES], ((row[0], row[4]) for row in rows)),
        _table(_("Education"), Education.choices, ((row[1], row[4]) for row in rows)),
        _table(_("Party membership"), PARTY, ((row[2], row[4]) for row in rows)),
        _table(_("Terms"), [(code, label) for code, _most, label in TERMS], ((row[3], row[4]) for row in rows)),
    ]


def _band(name: str, limits: list[tuple[str, int | None]], comparison: str) -> Case:
    whens = [When(**{f"{name}__isnull": True}, then=Value(NOT_GIVEN))]
    whens += [When(**{f"{name}__{comparison}": limit}, then=Value(code)) for code, limit in limits if limit is not None]
    return Case(*whens, default=Value(limits[-1][0]), output_field=CharField())


def _table(label: Any, bands: Iterable[tuple[str, Any]], counts: Iterable[tuple[str, int]]) -> Table:
    of: dict[str, int] = {}
    for code, count in counts:
        of[code] = of.get(code, 0) + count
    named = [*bands, (NOT_GIVEN, UNKNOWN)]
    return Table(label, tuple(Band(words, of.get(code, 0)) for code, words in named))

"""Who holds which post, as it is read: the posts of some units with their holders, and where one is missing.

Units are read in the order of their paths, some at a time and by key: what is looked for among them is looked for in
`LOOKED_AT` units at once, however many there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from casework.models import Person, Post, Responsibility, Term, Unit
from casework.models.unit import UnitLevel, on_day
from casework.rights.office_table import OfficeAction
from casework.rights.roles import any_of, posts_for
from casework.search.condition import holds
from casework.stages import Role

PAGE = 40
LOOKED_AT = 5000
SOON = timedelta(days=60)
# Without a holder of it, a unit's cases wait for nobody.
EXPECTED: dict[str, Role] = {
    UnitLevel.CITY: Role.CITY_SUPERVISOR,
    UnitLevel.COUNTY: Role.COUNTY_SUPERVISOR,
    UnitLevel.TOWN: Role.TOWN_REVIEWER,
    UnitLevel.VILLAGE: Role.COMMITTEE_HEAD,
}
ORDER = {role: place for place, role in enumerate(Role)} | {Role.COMMITTEE_HEAD: 0}


@dataclass(frozen=True)
class Area:
    """The paths of units; what lies at and below them belongs to somebody."""

    paths: tuple[str, ...]

    def covers(self, unit: Unit) -> bool:
        return unit.path.startswith(self.paths)

    def within(self, prefix: str = "") -> Q:
        """Rows whose unit (at `prefix`) lies in the area: ranges of the index on the path."""
        return any_of(
            Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": Unit.path_after(path)}) for path in self.paths
        )


def area_of(person: Person, action: OfficeAction, *, on: date) -> Area:
    """Where this person may do this: at and below the units of the posts, and what these answer for elsewhere."""
    held = posts_for(person, action, on)
    paths = [one.unit_path for one in held]
    if any(one.unit_level == UnitLevel.COUNTY for one in held):
        paths += territories_of([one.unit_id for one in held], on=on).values_list("path", flat=True)
    return Area(tuple(dict.fromkeys(paths)))


def territories_of(units: Iterable[int], *, on: date) -> QuerySet[Unit]:
    """What these units answer for outside their own place in the tree: a functional zone's towns and villages."""
    answered = Responsibility.objects.filter(on_day(on), responsible__in=list(units))
    return Unit.objects.filter(pk__in=answered.values("territory"), is_active=True)


def people_in(area: Area, *, on: date) -> QuerySet[Person]:
    """Who holds a post in this area, and who holds none anywhere."""
    to_come = Term.objects.filter(Q(valid_until=None) | Q(valid_until__gte=on), person=OuterRef("pk"))
    return Person.objects.filter(Exists(to_come.filter(area.within("post__unit__"))) | ~Exists(to_come))


def people_called(people: QuerySet[Person], words: str) -> QuerySet[Person]:
    """Those of this name, or whose number or user name begins so."""
    if not words:
        return people.none()
    called = holds("name", words) | Q(username=words)
    if len(words) >= 3:
        called |= Q(phone__startswith=words)
    return people.filter(called).order_by("name", "pk")


@dataclass(frozen=True)
class PostLine:
    """A post as a line of a table. `post` is None where a unit should have one and never had."""

    unit: Unit
    role: Role
    post: Post | None
    term: Term | None
    next: Term | None
    vacant_since: date | None
    ends_soon: bool
    is_one_of_several: bool

    @property
    def is_vacant(self) -> bool:
        return self.term is None or not self.term.person.is_active

    @property
    def number(self) -> int:
        """Of a post that isn't there yet 0: the address of one more."""
        return self.post.number if self.post else 0


def lines_of(units: Sequence[Unit], *, on: date) -> dict[int, list[PostLine]]:
    """The posts of these units by the units' keys: three queries, however many units."""
    posts = list(Post.objects.filter(unit__in=units))
    terms: dict[int, list[Term]] = {}
    lasting = Term.objects.filter(Q(valid_until=None) | Q(valid_until__gte=on), post__in=posts)
    for term in lasting.select_related("person").order_by("valid_from", "id"):
        terms.setdefault(term.post_id, []).append(term)
    last_days = dict(
        Term.objects.filter(post__in=posts, valid_until__lt=on).values_list("post").annotate(Max("valid_until"))
    )
    by_unit: dict[int, list[Post]] = {unit.pk: [] for unit in units}
    for post in posts:
        by_unit[post.unit_id].append(post)
    return {unit.pk: _lines(unit, by_unit[unit.pk], terms, last_days, on=on) for unit in units}


def _lines(
    unit: Unit, posts: list[Post], terms: dict[int, list[Term]], last_days: dict[int, date | None], *, on: date
) -> list[PostLine]:
    roles = [post.role for post in posts]
    lines = []
    for post in sorted(posts, key=lambda one: (ORDER[Role(one.role)], one.number)):
        held = [term for term in terms.get(post.pk, ()) if term.valid_from is None or term.valid_from <= on]
        later = [term for term in terms.get(post.pk, ()) if term not in held]
        now = held[0] if held else None
        until = now.valid_until if now else None
        lines.append(
            PostLine(
                unit,
                Role(post.role),
                post,
                now,
                later[0] if later else None,
                last_days.get(post.pk) if now is None else None,
                ends_soon=until is not None and until <= on + SOON and not later,
                is_one_of_several=roles.count(post.role) > 1,
            )
        )
    expected = EXPECTED.get(unit.level)
    if expected and expected not in roles and (unit.level != UnitLevel.VILLAGE or unit.has_committee):
        lines.insert(0, PostLine(unit, expected, None, None, None, None, ends_soon=False, is_one_of_several=False))
    return lines


def is_vacant(on: date) -> Q:
    """Units with a post that nobody holds, or without one that they should have."""
    held = Term.objects.filter(on_day(on), post=OuterRef("pk"), person__is_active=True)
    unheld = Post.objects.filter(~Exists(held), unit=OuterRef("pk"))
    vacant = Q(Exists(unheld))
    for level, role in EXPECTED.items():
        missing = Q(~Exists(Post.objects.filter(unit=OuterRef("pk"), role=role)), level=level)
        vacant |= missing & Q(has_committee=True) if level == UnitLevel.VILLAGE else missing
    return vacant


def ends_soon(on: date) -> Q:
    """Units with a term that ends soon and that nobody follows."""
    later = Term.objects.filter(post=OuterRef("post"), valid_from__gt=OuterRef("valid_until"))
    ending = Term.objects.filter(
        on_day(on), ~Exists(later), post__unit=OuterRef("pk"), valid_until__lte=on + SOON, person__is_active=True
    )
    return Q(Exists(ending))


def is_called(words: str, on: date) -> Q:
    """Units of this name, and those where somebody of this name holds a post."""
    holder = Term.objects.filter(on_day(on), holds("person__name", words), post__unit=OuterRef("pk"))
    return holds("name", words) | Q(code=words) | Q(Exists(holder))


def some_units(units: QuerySet[Unit], condition: Q | None = None, *, after: str = "") -> tuple[list[Unit], str]:
    """The next page of units behind a path, and the key of the page after it: "" on the last one. With a condition a
    page may hold few or none of them and still have a next one.
    """
    ahead = units.filter(is_active=True).order_by("path")
    if after.isdecimal() and after.isascii():
        ahead = ahead.filter(path__gt=after)
    further = ""
    if condition is not None:
        edge = list(ahead.values_list("path", flat=True)[LOOKED_AT - 1 : LOOKED_AT + 1])
        if len(edge) == 2:
            further = edge[0]
            ahead = ahead.filter(path__lte=further)
        ahead = ahead.filter(condition)
    found = list(ahead.select_related("parent")[: PAGE + 1])
    if len(found) > PAGE:
        return found[:PAGE], found[PAGE - 1].path
    return found, further


def count_units(area: Area, condition: Q, *, most: int) -> int:
    """How many of the first `LOOKED_AT` units of an area it holds for, counted up to `most`."""
    first = Unit.objects.filter(area.within(), is_active=True).order_by("path").values("pk")[:LOOKED_AT]
    return Unit.objects.filter(condition, pk__in=first)[:most].count()

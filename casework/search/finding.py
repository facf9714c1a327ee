"""What a few typed characters may mean to this reader: cases, papers, places and people, the kinds apart."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from casework.models import Case, Closure, Comment, Letter, Measure, Person, Term, Unit
from casework.models.unit import UnitLevel, on_day
from casework.queries import first_of, visible, visible_parts
from casework.rights.held_posts import posts_held
from casework.rights.letter_rights import letters_visible_to
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.rights.territories import villages_seen_by
from casework.search.comments import comments_saying
from casework.search.condition import holds, search_condition, words_of
from casework.search.running_numbers import Numbers, ending, read_numbers
from casework.search.tokens import is_indexed, keys_of, standing_in

SHOWN = 6
LONGEST = 60  # characters of what is typed
MOST_CALLED = 500


@dataclass(frozen=True)
class CaseFound:
    """A case, and what of its texts or measures holds the words: "" where its number or its place does."""

    case: Case
    text: str = ""


@dataclass
class Found:
    """At most `SHOWN` of each kind."""

    words: list[str] = field(default_factory=list)
    cases: list[CaseFound] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    villages: list[Unit] = field(default_factory=list)
    towns: list[Unit] = field(default_factory=list)
    # As they read now (`now_words`).
    comments: list[Comment] = field(default_factory=list)
    people: list[Term] = field(default_factory=list)
    # Of their units those whose posts the reader may look at, by key.
    posts_of: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return any((self.cases, self.closures, self.letters, self.villages, self.towns, self.people, self.comments))


def find(typed: str, *, by: Person, on: date) -> Found:
    """Look for what was typed among what this person may see today: the newest of each kind."""
    typed = typed.strip()[:LONGEST]
    found = Found(words_of(typed))
    if not found.words:
        return found
    numbers = read_numbers(typed)
    if numbers.paper_end:
        found.closures, found.letters = _papers(numbers, by, on)
    found.cases = _cases(typed, found.words, by, on)
    if not numbers.case:
        found.comments = comments_saying(found.words, by, on, SHOWN)
        called = _called(found.words)
        found.villages = _first(villages_seen_by(by, on=on).filter(called))
        found.towns = _first(_towns_below(by, on).filter(called))
        found.people = _people(typed, by, on)
        seen = tuple(held.unit_path for held in posts_for(by, OfficeAction.SEE_POSTS, on))
        found.posts_of = {term.post.unit_id for term in found.people if term.post.unit.path.startswith(seen)}
    return found


def _papers(numbers: Numbers, by: Person, on: date) -> tuple[list[Closure], list[Letter]]:
    mine = ending(Closure.objects.filter(case__in=visible(by, on)), numbers.paper_end)
    readable = ending(Letter.objects.filter(letters_visible_to(by, on)), numbers.paper_end)
    return (
        list(mine.select_related("case__village", "case__item").order_by("-id")[:SHOWN]),
        list(readable.select_related("case__village", "addressee").order_by("-id")[:SHOWN]),
    )


def _cases(typed: str, words: list[str], by: Person, on: date) -> list[CaseFound]:
    condition = search_condition(typed)
    newest = first_of([part.filter(condition) for part in visible_parts(by, on)], ["-id"], SHOWN)
    cases = list(newest.select_related("village", "town", "item"))
    shown = {case.pk: _text_with(words, (case.description, case.required_action, case.place)) for case in cases}
    silent = [pk for pk, text in shown.items() if not text]
    if silent:
        says = Q(pk__in=())
        for word in words:
            says |= holds("what", word)
        measures = Measure.objects.filter(says, plan__case__in=silent)
        shown |= dict(measures.values_list("plan__case", "what"))
    return [CaseFound(case, shown[case.pk]) for case in cases]


def _text_with(words: list[str], texts: Iterable[str]) -> str:
    return next((text for text in texts for word in words if word.lower() in text.lower()), "")


def _first(units: QuerySet[Unit]) -> list[Unit]:
    return list(units.select_related("parent").order_by("path")[:SHOWN])


def _towns_below(by: Person, on: date) -> QuerySet[Unit]:
    """The towns under an office of this person's."""
    above = Q(pk__in=())
    for held in posts_held(by, on):
        if held.unit_level in (UnitLevel.COUNTY, UnitLevel.CITY, UnitLevel.PROVINCE):
            above |= Q(path__gte=held.unit_path, path__lt=Unit.path_after(held.unit_path))
    return Unit.objects.filter(above, level=UnitLevel.TOWN, is_active=True)


def _called(words: list[str]) -> Q:
    """Units in whose name, or in the name above, each word stands; a single character begins the name."""
    condition = Q()
    for word in words:
        if len(word) < 2:
            condition &= Q(name__startswith=word)
            continue
        called = holds("name", word)
        if is_indexed():
            standing, values = standing_in("name", word)
            called = Q(pk__in=keys_of(f"SELECT id FROM casework_unit WHERE {standing}", values, MOST_CALLED))
        condition &= called | holds("parent__name", word)
    return condition


def _people(typed: str, by: Person, on: date) -> list[Term]:
    """Who holds a post today at or below a unit where this person has an overview of cases or posts."""
    if len(typed) < 2:
        return []
    below = Q(pk__in=())
    for held in (*posts_for(by, OfficeAction.EXPORT_LEDGER, on), *posts_for(by, OfficeAction.SEE_POSTS, on)):
        below |= Q(post__unit__path__gte=held.unit_path, post__unit__path__lt=Unit.path_after(held.unit_path))
    terms = Term.objects.filter(on_day(on), below, holds("person__name", typed), person__is_active=True)
    return list(terms.select_related("person", "post__unit__parent").order_by("person__name", "id")[:SHOWN])

"""Rows of a table of people against what is known: accounts, posts and terms, written by three set-based writes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models import Person, Post, Term, Unit
from casework.models.history import record_many
from casework.offices.accounts import hashed, one_time_password
from casework.offices.next_holders import cases_left_behind, refusal_of
from casework.stages import Role
from casework.tables.parsing import Row
from casework.working_time.deadlines import ONE_DAY

FEW = 1001  # rows; of a longer file everything that is known is read, once


@dataclass(frozen=True)
class Appointment:
    """One row that was understood."""

    name: str
    phone: str
    unit: Unit
    role: Role
    valid_from: date | None
    valid_until: date | None


class Book:
    """Who is known, and what is to be written: three set-based writes for a file of any length."""

    def __init__(
        self, phones: Iterable[str], units: set[int], *, has_one_head: bool, is_election: bool = False
    ) -> None:
        self.has_one_head, self.is_election = has_one_head, is_election
        phones = list(phones)
        people, posts, terms = Person.objects.all(), Post.objects.all(), Term.objects.all()
        if len(phones) < FEW:
            people = people.filter(Q(phone__in=phones) | Q(username__in=phones))
            posts = posts.filter(unit__in=units)
            terms = terms.filter(post__unit__in=units)
        self.people = {person.phone: person for person in people.exclude(phone=None)}
        self.names = set(people.values_list("username", flat=True))
        self.posts: dict[tuple[int, str], list[Post]] = {}
        for post in posts.select_related("unit").order_by("number"):
            self.posts.setdefault((post.unit_id, post.role), []).append(post)
        post_of = {post.pk: post for posts in self.posts.values() for post in posts}
        # By identity: the posts and people of this file have no keys yet.
        self.terms: dict[int, list[Term]] = {}
        for term in terms.select_related("person"):
            term.post = post_of[term.post_id]
            self.terms.setdefault(id(term.post), []).append(term)
        self.new_people: list[Person] = []
        self.new_posts: list[Post] = []
        self.new_terms: list[Term] = []
        self.changed_terms: dict[int, Term] = {}
        # Ends that a row set, with the day before: looked at when all rows are read (`refused_ends`).
        self.shortened: list[tuple[Row, Term, date | None]] = []
        # Heads whose term the election ended.
        self.replaced: list[Term] = []

    def person(self, wanted: Appointment) -> tuple[Person, str]:
        """The account of this phone number, and the one-time password if it is new."""
        known = self.people.get(wanted.phone)
        if known is not None:
            if known.name != wanted.name:
                raise Invalid(
                    "phone_of_another",
                    _("This number belongs to %(name)s. Correct the name or the number.") % {"name": known.name},
                )
            return known, ""
        if wanted.phone in self.names:
            raise Invalid("phone_is_a_name", _("Somebody's user name is this number. Ask the administrator."))
        password = one_time_password()
        person = Person(username=wanted.phone, phone=wanted.phone, name=wanted.name, must_choose_password=True)
        person.password = hashed(password)
        self.people[wanted.phone] = person
        self.new_people.append(person)
        return person, password

    def term(self, person: Person, wanted: Appointment, row: Row) -> str:
        """added, changed or unchanged."""
        posts = self.posts.setdefault((wanted.unit.pk, wanted.role), [])
        own = [term for post in posts for term in self.terms.get(id(post), []) if self._is_of(term, person)]
        for term in own:
            if term.valid_from == wanted.valid_from:
                return self._prolong(term, wanted.valid_until, row)
        if self.is_election and wanted.role == Role.COMMITTEE_HEAD and wanted.valid_from:
            self._replace_heads(posts, wanted.valid_from)
        if any(_overlap(term, wanted) for term in own):
            raise Invalid(
                "term_overlaps",
                _("%(name)s holds this post already in these days. Give the same first day to change the last one.")
                % {"name": wanted.name},
            )
        if self.has_one_head and wanted.role == Role.COMMITTEE_HEAD:
            self._require_no_other_head(posts, wanted)
        # A successor takes over the post, and with it the cases that were assigned to it.
        post = next(
            (post for post in posts if not any(_overlap(t, wanted) for t in self.terms.get(id(post), []))), None
        )
        if post is None:
            post = Post(unit=wanted.unit, role=wanted.role, number=max((one.number for one in posts), default=0) + 1)
            posts.append(post)
            self.new_posts.append(post)
        term = Term(post=post, person=person, valid_from=wanted.valid_from, valid_until=wanted.valid_until)
        self.terms.setdefault(id(post), []).append(term)
        self.new_terms.append(term)
        return "added"

    def _require_no_other_head(self, posts: list[Post], wanted: Appointment) -> None:
        there = [term for post in posts for term in self.terms.get(id(post), []) if _overlap(term, wanted)]
        if there:
            raise Invalid(
                "head_taken",
                _(
                    "%(name)s is the head there in these days. Change the holder on the page of the unit, or put a row with "
                    "the last day of %(name)s above this one."
                )
                % {"name": there[0].person},
            )

    def _is_of(self, term: Term, person: Person) -> bool:
        return term.person_id == person.pk if term.person_id and person.pk else term.person is person

    def _replace_heads(self, posts: list[Post], valid_from: date) -> None:
        """Whoever heads the committee on the first day of the newly elected ends the day before."""
        for term in (term for post in posts for term in self.terms.get(id(post), [])):
            begins, ends = term.valid_from or date.min, term.valid_until or date.max
            if begins < valid_from <= ends:
                term.valid_until = valid_from - ONE_DAY
                self.replaced.append(term)
                if term.pk is not None:
                    self.changed_terms[term.pk] = term

    def _prolong(self, term: Term, valid_until: date | None, row: Row) -> str:
        if term.valid_until == valid_until:
            return "unchanged"
        if term.pk is not None and (valid_until or date.max) < (term.valid_until or date.max):
            self.shortened.append((row, term, term.valid_until))
        term.valid_until = valid_until
        if term.pk is not None:
            self.changed_terms[term.pk] = term
        return "changed"

    def refused_ends(self) -> Iterator[tuple[Row, Invalid]]:
        """The rows whose end would leave open cases to nobody, looked at with all rows of the file; these ends are taken
        back. Three queries.
        """
        ends = [(term, term.valid_until) for _row, term, _before in self.shortened if term.valid_until is not None]
        others = [(term, term.valid_until) for term in self.replaced if term.pk is not None and term.valid_until]
        left = cases_left_behind([*ends, *others], self.new_terms)
        for row, term, before in self.shortened:
            if term.pk in left:
                term.valid_until = before
                self.changed_terms.pop(term.pk, None)
                yield row, refusal_of(term, left[term.pk])

    def write(self) -> None:
        """New terms before the ends of others: no open case is without a holder in between."""
        Person.objects.bulk_create(self.new_people, batch_size=1000)
        Post.objects.bulk_create(self.new_posts, batch_size=1000)
        for term in self.new_terms:
            term.post, term.person = term.post, term.person  # their keys are known only now
        Term.objects.bulk_create(self.new_terms, batch_size=1000)
        for rows in (self.new_people, self.new_posts, self.new_terms):
            record_many(rows, change="+")
        changed = list(self.changed_terms.values())
        Term.objects.bulk_update(changed, ["valid_until"], batch_size=500)
        record_many(changed, change="~")


def _overlap(term: Term, wanted: Appointment) -> bool:
    """Whether a term and a row share a day; an end that is not given lies beyond all days."""
    return (term.valid_from or date.min) <= (wanted.valid_until or date.max) and (wanted.valid_from or date.min) <= (
        term.valid_until or date.max
    )

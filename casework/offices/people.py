"""People come in with their posts and terms; each new account gets a one-time password."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models import Person, Post, Term, Unit
from casework.models.history import record_many, stamped
from casework.models.post import LEVELS_OF_ROLE
from casework.offices.accounts import first_password_end
from casework.offices.units_meant import UnitsMeant
from casework.roles import administers
from casework.stages import Role
from casework.tables.cells import as_plain, as_text
from casework.tables.columns import PEOPLE, PEOPLE_COLUMNS, cells_of, columns_of
from casework.tables.days import as_day
from casework.tables.outcome import Outcome
from casework.tables.parsing import Table
from casework.working_time.deadlines import local_day

PHONE = re.compile(r"^1\d{10}$")
# Digits and letters that nobody confuses when they are read out over the phone.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ONE_TIME_LENGTH = 10
FEW = 1001  # rows; of a longer file everything that is known is read, once
# Ten random letters (50 bits) need no slow hash against guessing, and 2,700 slow hashes take a quarter of an hour. The
# password that the person then chooses gets the full one.
ONE_TIME_ITERATIONS = 1000
# Chinese names of the roles, and the short forms that lists use.
ROLES = {
    "检查人": Role.INSPECTOR,
    "检查员": Role.INSPECTOR,
    "村监委委员": Role.COMMITTEE_MEMBER,
    "委员": Role.COMMITTEE_MEMBER,
    "村监委主任": Role.COMMITTEE_HEAD,
    "主任": Role.COMMITTEE_HEAD,
    "乡镇核查人": Role.TOWN_REVIEWER,
    "县区督办": Role.COUNTY_SUPERVISOR,
    "市级督办": Role.CITY_SUPERVISOR,
    "部门人员": Role.DEPARTMENT_MEMBER,
    "志愿者": Role.VOLUNTEER,
    "监督工作站志愿者": Role.VOLUNTEER,
    "管理员": Role.ADMINISTRATOR,
    "牵头办公室": Role.LEAD_OFFICE,
    "阳光办": Role.LEAD_OFFICE,
    "成员单位报送员": Role.MEMBER_REPORTER,
    "报送员": Role.MEMBER_REPORTER,
    "村党支部书记": Role.VILLAGE_SECRETARY,
    "村支书": Role.VILLAGE_SECRETARY,
}


def one_time_password() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(ONE_TIME_LENGTH))


@dataclass(frozen=True)
class Appointment:
    """One row that was understood."""

    name: str
    phone: str
    unit: Unit
    role: Role
    valid_from: date | None
    valid_until: date | None


@dataclass
class Appointed:
    """The outcome, and the one-time passwords of new accounts as (name, phone, password)."""

    outcome: Outcome
    passwords: list[tuple[str, str, str]]
    # What became of each row that was taken: its number, what it says, and added, changed or unchanged.
    taken: list[tuple[int, Appointment, str]] = field(default_factory=list)


def import_people(table: Table, *, by: Person | None, at: datetime) -> Appointed:
    """Make accounts, posts and terms. Repeatable: a known term is unchanged, one with another last day is changed.

    With `by` the rules of the pages hold: the own area, no discipline office, not oneself, one head of a committee.
    """
    columns, unknown = columns_of(table, PEOPLE, needed=PEOPLE_COLUMNS.needed)
    outcome = Outcome(notes=[f"column not read: {name}" for name in unknown])
    passwords: list[tuple[str, str, str]] = []
    taken: list[tuple[int, Appointment, str]] = []
    rows = [cells_of(row.cells, columns) for row in table.rows]
    units = UnitsMeant(rows, on=local_day(at))
    with transaction.atomic(), stamped(step="import_people", by=by, at=at):
        book = _Book(rows, units, has_one_head=by is not None)
        for row, cells in zip(table.rows, rows, strict=True):
            try:
                row.require_whole()
                appointment = _understood(cells, units)
                if by is not None:
                    _require_right(appointment, by, on=local_day(at))
                person, password = book.person(appointment)
                result = book.term(person, appointment)
            except Invalid as refusal:
                outcome.refuse(row, refusal)
                continue
            if password:
                passwords.append((appointment.name, appointment.phone, password))
            setattr(outcome, result, getattr(outcome, result) + 1)
            taken.append((row.number, appointment, result))
        for person in book.new_people:
            person.first_password_until = first_password_end(at)
        book.write()
    return Appointed(outcome, passwords, taken)


def try_people(table: Table, *, by: Person, at: datetime) -> Appointed:
    """What `import_people` would make of a file; nothing is written, and its passwords are nobody's."""
    with transaction.atomic():
        appointed = import_people(table, by=by, at=at)
        transaction.set_rollback(True)
    return appointed


def _phone(cells: dict[str, Any]) -> str:
    return as_plain(cells["phone"]).removeprefix("+86").replace("-", "")


def _require_right(appointment: Appointment, by: Person, *, on: date) -> None:
    """The rules of `terms.refusal_to_give`, for somebody who may not be in the database yet."""
    if appointment.unit.is_discipline_office:
        raise Invalid(
            "discipline_office",
            _("The posts of a discipline office are given by those who hold one there, on their own page."),
        )
    if not administers(by, appointment.unit, on):
        raise Invalid(
            "not_your_area",
            _("%(unit)s lies outside the area that you administer. Its own administrator gives its posts.")
            % {"unit": appointment.unit.name},
        )
    if appointment.phone == by.phone:
        raise Invalid("own_post", _("Nobody gives a post to themselves. Ask another administrator."))


def _understood(cells: dict[str, Any], units: UnitsMeant) -> Appointment:
    name, phone = as_text(cells["name"]), _phone(cells)
    role = ROLES.get(as_plain(cells["role"])) or next((one for one in Role if one == as_plain(cells["role"])), None)
    valid_from, valid_until = as_day(cells.get("from")), as_day(cells.get("until"))
    if not name or len(name) > 60:
        raise Invalid("name_missing", _("The name is missing or longer than 60 characters."))
    if not PHONE.match(phone):
        raise Invalid("phone_unreadable", _("“%(phone)s” is not a mobile number of 11 digits.") % {"phone": phone})
    unit = units.of(cells)
    if role is None:
        raise Invalid("role_unknown", _("“%(role)s” is not a role.") % {"role": as_text(cells["role"])})
    if unit.level not in LEVELS_OF_ROLE[role]:
        raise Invalid(
            "role_misfit",
            _("%(role)s is not a role at a unit of the level %(level)s.")
            % {"role": role.label, "level": unit.get_level_display()},
        )
    if valid_from and valid_until and valid_until < valid_from:
        raise Invalid("term_backwards", _("The term ends before it begins."))
    return Appointment(name, phone, unit, role, valid_from, valid_until)


class _Book:
    """Who is known, and what is to be written: three set-based writes for a file of any length."""

    def __init__(self, rows: Sequence[dict[str, Any]], units: UnitsMeant, *, has_one_head: bool) -> None:
        self.has_one_head = has_one_head
        people, posts, terms = Person.objects.all(), Post.objects.all(), Term.objects.all()
        if len(rows) < FEW:
            phones = {_phone(cells) for cells in rows}
            people = people.filter(Q(phone__in=phones) | Q(username__in=phones))
            posts = posts.filter(unit__in=units.keys())
            terms = terms.filter(post__unit__in=units.keys())
        self.people = {person.phone: person for person in people.exclude(phone=None)}
        self.names = set(people.values_list("username", flat=True))
        self.posts: dict[tuple[int, str], list[Post]] = {}
        for post in posts.order_by("number"):
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
        self.changed_terms: list[Term] = []

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
        person.password = PBKDF2PasswordHasher().encode(password, secrets.token_hex(11), ONE_TIME_ITERATIONS)
        self.people[wanted.phone] = person
        self.new_people.append(person)
        return person, password

    def term(self, person: Person, wanted: Appointment) -> str:
        """added, changed or unchanged."""
        posts = self.posts.setdefault((wanted.unit.pk, wanted.role), [])
        own = [term for post in posts for term in self.terms.get(id(post), []) if self._is_of(term, person)]
        for term in own:
            if term.valid_from == wanted.valid_from:
                return self._prolong(term, wanted.valid_until)
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

    def _prolong(self, term: Term, valid_until: date | None) -> str:
        if term.valid_until == valid_until:
            return "unchanged"
        term.valid_until = valid_until
        if term.pk is not None:
            self.changed_terms.append(term)
        return "changed"

    def write(self) -> None:
        Person.objects.bulk_create(self.new_people, batch_size=1000)
        Post.objects.bulk_create(self.new_posts, batch_size=1000)
        for term in self.new_terms:
            term.post, term.person = term.post, term.person  # their keys are known only now
        Term.objects.bulk_create(self.new_terms, batch_size=1000)
        for rows in (self.new_people, self.new_posts, self.new_terms):
            record_many(rows, change="+")
        Term.objects.bulk_update(self.changed_terms, ["valid_until"], batch_size=500)
        record_many(self.changed_terms, change="~")


def _overlap(term: Term, wanted: Appointment) -> bool:
    """Whether a term and a row share a day; an end that is not given lies beyond all days."""
    return (term.valid_from or date.min) <= (wanted.valid_until or date.max) and (wanted.valid_from or date.min) <= (
        term.valid_until or date.max
    )


@transaction.atomic
def appoint_administrator(*, username: str, name: str, password: str, unit: Unit, at: datetime) -> Person:
    """The first administrator of a real office."""
    if unit.level not in LEVELS_OF_ROLE[Role.ADMINISTRATOR]:
        raise Invalid("role_misfit", _("An administrator belongs to a city or province. Give its code."))
    if Person.objects.filter(username=username).exists():
        raise Invalid("username_taken", _("Somebody has the user name %(name)s already.") % {"name": username})
    with stamped(step="appoint_administrator", by=None, at=at):
        person = Person.objects.create_user(username, password, name=name)
        post, _created = Post.objects.get_or_create(unit=unit, role=Role.ADMINISTRATOR, number=1)
        Term.objects.create(post=post, person=person, valid_from=local_day(at))
    return person

"""People come in with their posts and terms; each new account gets a one-time password."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models import Person, Post, Term, Unit
from casework.models.history import stamped
from casework.models.post import LEVELS_OF_ROLE
from casework.offices.accounts import first_password_end
from casework.offices.appointments import Appointment, Book
from casework.offices.units_meant import UnitsMeant
from casework.rights.roles import administers
from casework.stages import Role
from casework.tables.cells import as_plain, as_text
from casework.tables.columns import PEOPLE, PEOPLE_COLUMNS, cells_of, columns_of
from casework.tables.days import as_day
from casework.tables.outcome import Outcome
from casework.tables.parsing import Table
from casework.working_time.deadlines import local_day

PHONE = re.compile(r"^1\d{10}$")
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


@dataclass
class Appointed:
    """The outcome, and the one-time passwords of new accounts as (name, phone, password)."""

    outcome: Outcome
    passwords: list[tuple[str, str, str]]
    # What became of each row that was taken: its number, what it says, and added, changed or unchanged.
    taken: list[tuple[int, Appointment, str]] = field(default_factory=list)


def import_people(table: Table, *, by: Person | None, at: datetime, is_election: bool = False) -> Appointed:
    """Make accounts, posts and terms. Repeatable: a known term is unchanged, one with another last day is changed.

    With `by` the rules of the pages hold: the own area, no discipline office, not oneself, one head of a committee.
    Where the table `is_election`, whoever heads a committee on the first day of a row ends the day before. A row that
    would leave open cases to nobody is refused, and names them.
    """
    columns, unknown = columns_of(table, PEOPLE, needed=PEOPLE_COLUMNS.needed)
    outcome = Outcome(notes=[f"column not read: {name}" for name in unknown])
    passwords: list[tuple[str, str, str]] = []
    taken: list[tuple[int, Appointment, str]] = []
    rows = [cells_of(row.cells, columns) for row in table.rows]
    units = UnitsMeant(rows, on=local_day(at))
    with transaction.atomic(), stamped(step="import_people", by=by, at=at):
        phones = {_phone(cells) for cells in rows}
        book = Book(phones, units.keys(), has_one_head=by is not None, is_election=is_election)
        for row, cells in zip(table.rows, rows, strict=True):
            try:
                row.require_whole()
                appointment = _understood(cells, units)
                if by is not None:
                    _require_right(appointment, by, on=local_day(at))
                person, password = book.person(appointment)
                result = book.term(person, appointment, row)
            except Invalid as refusal:
                outcome.refuse(row, refusal)
                continue
            if password:
                passwords.append((appointment.name, appointment.phone, password))
            setattr(outcome, result, getattr(outcome, result) + 1)
            taken.append((row.number, appointment, result))
        for row, why in book.refused_ends():
            outcome.refuse(row, why)
            outcome.changed -= 1
            taken = [one for one in taken if one[0] != row.number]
        for person in book.new_people:
            person.first_password_until = first_password_end(at)
        book.write()
    return Appointed(outcome, passwords, taken)


def try_people(table: Table, *, by: Person, at: datetime, is_election: bool = False) -> Appointed:
    """What `import_people` would make of a file; nothing is written, and its passwords are nobody's."""
    with transaction.atomic():
        appointed = import_people(table, by=by, at=at, is_election=is_election)
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

"""A requirement at a unit: signed for by a person of a post there, and passed on to the units one level below."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.database.bulk_sql import insert
from casework.errors import Conflict, Invalid, NotAllowed
from casework.lifecycle.recording import require_words
from casework.models import Person, Unit
from casework.rights.held_posts import Held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.working_time.deadlines import local_day
from oversight.opinions.below import goes_on, units_below
from oversight.opinions.records import Requirement, RequirementReceipt
from oversight.opinions.reminding import remind_at
from oversight.opinions.telling import tell_issued

LONGEST_NAME, LONGEST_NOTE = 60, 1000


def post_of_signer(person: Person, requirement: Requirement, on: date) -> Held | None:
    """The post by which this person signs for a requirement and passes it on: at its very unit."""
    held = posts_for(person, OfficeAction.PASS_ON, on)
    return next((one for one in held if one.unit_id == requirement.unit_id), None)


@transaction.atomic
def sign_requirement(*, requirement: Requirement, name: str, by: Person, at: datetime) -> RequirementReceipt:
    """Sign for it, with the name as it would stand on paper. One person signs for a unit."""
    name = require_words(name, field="name", sentence=_("Sign with your name."))
    if len(name) > LONGEST_NAME:
        sentence = _("A name has up to %(most)d characters.") % {"most": LONGEST_NAME}
        raise Invalid("too_long", sentence, field="name")
    row = _locked(requirement)
    _require_signer(by, row, at)
    receipt = RequirementReceipt.objects.filter(requirement=row).select_related("by").first()
    if receipt is not None:
        sentence = _("%(name)s has signed for it already.") % {"name": receipt.name}
        raise Conflict("signed_already", sentence, field="name")
    if not goes_on(row.unit.level, row.opinion.reaches):
        Requirement.objects.filter(pk=row.pk).update(remind_at=None)
    return RequirementReceipt.objects.create(requirement=row, name=name, by=by, at=at)


@transaction.atomic
def pass_on(
    *, requirement: Requirement, units: Sequence[Unit], by: Person, at: datetime, note: str = ""
) -> list[Requirement]:
    """Hand it to units one level below, all at once: one statement for the rows and one for what is told.

    Refuses before it is signed for, a unit that does not lie one level below, and one that has it already.
    """
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        sentence = _("At most %(most)d characters, and these are %(count)d. Please shorten it.")
        raise Invalid("too_long", sentence % {"most": LONGEST_NOTE, "count": len(note)}, field="note")
    row = _locked(requirement)
    _require_signer(by, row, at)
    if not goes_on(row.unit.level, row.opinion.reaches):
        raise Conflict("ends_here", _("This requirement ends with your unit; it goes no further down."))
    if not RequirementReceipt.objects.filter(requirement=row).exists():
        raise Conflict("not_signed", _("Sign for it first, then pass it on."))
    chosen = list(dict.fromkeys(units))
    if not chosen:
        raise Invalid("nobody_chosen", _("Choose at least one unit."), field="units")
    _require_below(row, chosen, at)
    reminded = remind_at(row.opinion.deadline, at)
    rows = [
        Requirement(opinion=row.opinion, unit=unit, parent=row, note=note, by=by, at=at, remind_at=reminded)
        for unit in chosen
    ]
    insert(rows)
    Requirement.objects.filter(pk=row.pk).update(remind_at=None)
    tell_issued(rows, row.opinion, by=by, at=at)
    return rows


def _require_below(row: Requirement, chosen: Sequence[Unit], at: datetime) -> None:
    below = set(units_below(row.unit, local_day(at)).values_list("pk", flat=True))
    if others := [unit.name for unit in chosen if unit.pk not in below]:
        raise Invalid(
            "not_below",
            _("%(units)s does not lie one level below %(unit)s, or is no longer in use.")
            % {"units": _some_of(others), "unit": row.unit.name},
            field="units",
        )
    have = Requirement.objects.filter(opinion=row.opinion, unit__in=chosen).order_by("unit__path")
    if twice := list(have.values_list("unit__name", flat=True)):
        raise Conflict(
            "passed_on_already",
            _("%(units)s has this requirement already. Choose the others.") % {"units": _some_of(twice)},
            field="units",
        )


def _some_of(names: Sequence[str]) -> str:
    return "、".join(names[:5]) + (" …" if len(names) > 5 else "")


def _locked(requirement: Requirement) -> Requirement:
    """The row as it is now; another who signs or passes it on at the same time waits."""
    locked = Requirement.objects.select_for_update(of=("self",)).select_related("opinion", "unit", "move")
    return locked.get(pk=requirement.pk)


def _require_signer(by: Person, row: Requirement, at: datetime) -> None:
    if post_of_signer(by, row, local_day(at)) is None:
        sentence = _("Only %(unit)s signs for this requirement and passes it on.") % {"unit": row.unit.name}
        raise NotAllowed("not_your_requirement", sentence)
    if hasattr(row, "move"):
        raise Conflict("moved_on", _("This requirement went to the unit that took yours over."))

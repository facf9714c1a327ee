"""An election: opened with its steps, which may be mended while it runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, Refusal, refuse
from casework.lifecycle.recording import require_words
from casework.models import Person, Unit
from casework.models.history import stamped
from casework.rights.territories import villages_under
from casework.values.days_in_words import exact_day
from oversight.eligibility.election_records import Election, ElectionStep
from oversight.eligibility.rights import require_runner
from oversight.mechanisms.corrections import EARLIEST

LONGEST_NAME, LONGEST_STEP, MOST_STEPS, LONGEST_DAYS = 100, 60, 20, 400


@dataclass(frozen=True)
class StepDraft:
    name: str
    due_on: date | None = None


@transaction.atomic
def open_election(
    *, unit: Unit, name: str, begins_on: date, ends_on: date, steps: Sequence[StepDraft], by: Person, at: datetime
) -> Election:
    """Open an election for the villages of a county or a city. Refuses other people, an end before the beginning, no
    step, and a second one over the same villages in the same days.
    """
    require_runner(by, unit, at)
    Unit.objects.select_for_update(no_key=True).get(path=unit.path[: Unit.PATH_STEP * 2])  # of one city at a time
    name = require_words(name, field="name", sentence=_("Give the election a name."))
    found = _day_refusals(begins_on, ends_on) + _step_refusals(steps)
    if len(name) > LONGEST_NAME:
        long = _("At most %(most)d characters for the name.") % {"most": LONGEST_NAME}
        found.append(Invalid("name_long", long, field="name"))
    refuse(found)
    _refuse_overlap(unit, begins_on, ends_on)
    election = Election.objects.create(unit=unit, name=name, begins_on=begins_on, ends_on=ends_on, by=by, at=at)
    with stamped(step="open_election", by=by, at=at):
        for number, step in enumerate(steps, start=1):
            ElectionStep.objects.create(election=election, order=number, name=step.name.strip(), due_on=step.due_on)
    return election


@transaction.atomic
def change_steps(*, election: Election, steps: Sequence[StepDraft], by: Person, at: datetime) -> list[ElectionStep]:
    """Mend the names and days of the steps, and add some behind them; none is taken out, because reports name them."""
    require_runner(by, election.unit, at)
    Election.objects.select_for_update(no_key=True).get(pk=election.pk)
    before = list(election.steps.all())
    refuse(_step_refusals(steps))
    if len(steps) < len(before):
        raise Invalid("step_taken_out", _("A step is renamed and not taken out: reports name it already."))
    with stamped(step="change_steps", by=by, at=at):
        for number, draft in enumerate(steps):
            step = before[number] if number < len(before) else ElectionStep(election=election, order=number + 1)
            if step.pk is None or (step.name, step.due_on) != (draft.name.strip(), draft.due_on):
                step.name, step.due_on = draft.name.strip(), draft.due_on
                step.save()
    return list(election.steps.all())


def villages_of_election(election: Election, on: date) -> QuerySet[Unit]:
    """The villages that elect: those that belong to its unit."""
    return villages_under([(election.unit.path, election.unit_id)], on=on)


def _day_refusals(begins_on: date, ends_on: date) -> list[Refusal]:
    if begins_on < EARLIEST:
        return [Invalid("day_too_early", _("Please look at the day: it lies before 2015."), field="begins_on")]
    if ends_on < begins_on:
        return [Invalid("ends_before", _("It ends before it begins. Look at both days."), field="ends_on")]
    if (ends_on - begins_on).days > LONGEST_DAYS:
        return [Invalid("too_long", _("An election takes at most a year. Look at both days."), field="ends_on")]
    return []


def _step_refusals(steps: Sequence[StepDraft]) -> list[Refusal]:
    names = [step.name.strip() for step in steps]
    found: list[Refusal] = []
    if not names:
        found.append(Invalid("no_steps", _("Name at least one step, a line each."), field="steps"))
    if any(not name for name in names):
        found.append(Invalid("step_empty", _("A step has a day and no name. Write its name."), field="steps"))
    if any(len(name) > LONGEST_STEP for name in names):
        long = _("At most %(most)d characters for a step.") % {"most": LONGEST_STEP}
        found.append(Invalid("step_long", long, field="steps"))
    if len(names) > MOST_STEPS:
        found.append(Invalid("too_many_steps", _("At most %(most)d steps.") % {"most": MOST_STEPS}, field="steps"))
    if len(set(names)) < len(names):
        found.append(Invalid("step_twice", _("Two steps have the same name. Rename one of them."), field="steps"))
    return found


def _refuse_overlap(unit: Unit, begins_on: date, ends_on: date) -> None:
    same_villages = Q(unit__path__in=unit.ancestor_paths()) | Q(
        unit__path__gte=unit.path, unit__path__lt=Unit.path_after(unit.path)
    )
    other = Election.objects.filter(same_villages, begins_on__lte=ends_on, ends_on__gte=begins_on).first()
    if other is not None:
        sentence = _(
            "“%(name)s” runs for some of these villages until %(day)s already. Look at the days, or use that one."
        )
        raise Conflict(
            "election_already", sentence % {"name": other.name, "day": exact_day(other.ends_on)}, field="name"
        )

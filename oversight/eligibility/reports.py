"""Daily reports of villages during an election: entered one or many at once, corrected by a later entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.models import Person, Unit
from casework.working_time.deadlines import local_day
from oversight.eligibility.election_records import Election, ElectionReport, ElectionStep
from oversight.eligibility.elections import villages_of_election
from oversight.mechanisms.corrections import correction_of, day_refusals, length_refusals
from oversight.rights import enters_from_paper, require_enterer, villages_entered_for

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Told:
    """Which step, what happened, trouble?"""

    village: int
    step: int | None
    happened: str
    trouble: str = ""
    is_done: bool = False


@transaction.atomic
def report_day(
    *, election: Election, day: date, told: Sequence[Told], by: Person, at: datetime
) -> list[ElectionReport]:
    """Enter what some villages report of a day: all of them or none. Refuses other people's villages, a day ahead or
    outside the election, a village without a step or words, and one that reported of the day already.
    """
    on = local_day(at)
    refuse(_day_refusals(election, day, at=at))
    keys = [one.village for one in told]
    villages = _own_villages(election, keys, by=by, on=on)
    steps = {one.pk: one for one in election.steps.all()}
    Election.objects.select_for_update(no_key=True).get(pk=election.pk)
    reported = _reported(election, keys, day)
    refuse([refusal for one in told for refusal in _refusals(one, villages[one.village], steps, reported)])
    by_paper = {key: enters_from_paper(by, village, on) for key, village in villages.items()}
    rows = [
        _row(election, day, one, steps[one.step or 0], from_paper=by_paper[one.village], by=by, at=at) for one in told
    ]
    return ElectionReport.objects.bulk_create(rows)


@transaction.atomic
def correct_report(*, report: ElectionReport, told: Told, reason: str, by: Person, at: datetime) -> ElectionReport:
    """Enter it anew in the place of an earlier report of the same village and day, which stays."""
    from_paper = require_enterer(by, report.village, at)
    Election.objects.select_for_update(no_key=True).get(pk=report.election_id)
    correction = correction_of(report, reason=reason, is_withdrawn=False, by=by, at=at)
    steps = {one.pk: one for one in report.election.steps.all()}
    refuse(_refusals(told, report.village, steps, reported=frozenset()))
    made = _row(report.election, report.day, told, steps[told.step or 0], from_paper=from_paper, by=by, at=at)
    made.village = report.village
    for name, value in correction.items():
        setattr(made, name, value)
    made.save()
    return made


def _row(
    election: Election, day: date, told: Told, step: ElectionStep, *, from_paper: bool, by: Person, at: datetime
) -> ElectionReport:
    return ElectionReport(
        election=election,
        village_id=told.village,
        day=day,
        step=step,
        step_name=step.name,
        is_done=told.is_done,
        happened=told.happened.strip(),
        trouble=told.trouble.strip(),
        from_paper=from_paper,
        by=by,
        at=at,
    )


def _own_villages(election: Election, keys: Sequence[int], *, by: Person, on: date) -> dict[int, Unit]:
    if not keys:
        raise Invalid("nothing_told", _("Write what happened in at least one village."))
    if len(set(keys)) < len(keys):
        raise Invalid("village_twice", _("A village stands there twice. One report a day is enough."))
    if len(keys) > MOST_AT_ONCE:
        raise Invalid("too_many", _("At most %(most)d villages at once.") % {"most": MOST_AT_ONCE})
    entered = villages_entered_for(by, on).filter(pk__in=keys)
    villages = {
        one.pk: one for one in entered.filter(pk__in=villages_of_election(election, on).order_by().values("pk"))
    }
    if len(villages) < len(keys):
        sentence = _("A village reports by its committee or its town, and only in its own election.")
        raise NotAllowed("not_your_village", sentence)
    return villages


def _reported(election: Election, keys: Sequence[int], day: date) -> frozenset[int]:
    found = ElectionReport.objects.filter(election=election, village__in=keys, day=day, replaces=None)
    return frozenset(found.values_list("village", flat=True))


def _day_refusals(election: Election, day: date, *, at: datetime) -> list[Refusal]:
    if found := day_refusals(day, at=at, field="day"):
        return found
    if not election.begins_on <= day <= election.ends_on:
        return [Invalid("outside_election", _("On this day the election does not run. Choose another."), field="day")]
    return []


def _refusals(told: Told, village: Unit, steps: dict[int, ElectionStep], reported: frozenset[int]) -> list[Refusal]:
    named = {"village": village.name}
    if told.village in reported:
        sentence = _("%(village)s reported of this day already. Correct that report.") % named
        return [Conflict("reported_already", sentence)]
    found: list[Refusal] = []
    if told.step not in steps:
        found.append(Invalid("no_step", _("%(village)s: choose the step.") % named, field=f"step-{told.village}"))
    if not told.happened.strip():
        sentence = _("%(village)s: say in a few words what happened; “nothing” is an answer too.") % named
        found.append(Invalid("words_missing", sentence, field=f"happened-{told.village}"))
    return found + [
        Invalid(one.code, one.sentence, field=f"{one.field}-{told.village}")
        for one in length_refusals(happened=told.happened, trouble=told.trouble)
    ]

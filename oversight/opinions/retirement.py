"""A unit ends or is merged: what it still had to sign for or to pass on goes to its successor."""

from datetime import datetime

from django.db import transaction

from casework.models import Person, Unit
from oversight.opinions.queries import unsettled_rows
from oversight.opinions.records import Requirement, RequirementMove
from oversight.opinions.reminding import remind_at
from oversight.opinions.telling import tell_issued


@transaction.atomic
def move_requirements(*, unit: Unit, successor: Unit, by: Person, at: datetime) -> int:
    """Hand a unit's open requirements to the unit that takes it over; gives how many. What it signed for and passed on
    stays its own. Without a successor they stay, and the tree says that their unit is no longer in use.
    """
    rows = unsettled_rows(Requirement.objects.filter(unit=unit)).select_for_update(of=("self",))
    found = list(rows.select_related("opinion").order_by("id"))
    theirs = {
        row.opinion_id: row
        for row in Requirement.objects.filter(unit=successor, opinion__in=[one.opinion_id for one in found])
    }
    for row in found:
        taken = theirs.get(row.opinion_id)
        if taken is None:
            taken = Requirement.objects.create(
                opinion=row.opinion,
                unit=successor,
                parent=row.parent,
                note=row.note,
                by=by,
                at=at,
                remind_at=remind_at(row.opinion.deadline, at),
            )
            tell_issued([taken], row.opinion, by=by, at=at)
        RequirementMove.objects.create(requirement=row, to=taken, by=by, at=at)
    Requirement.objects.filter(pk__in=[row.pk for row in found]).update(remind_at=None)
    return len(found)

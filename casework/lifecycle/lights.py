"""The lights turn with the day: one conditional update for each colour, and the history of what changed."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from casework.deadlines import light_limits, local_day
from casework.models import Case
from casework.models.history import record_many, stamped
from casework.stages import OPEN, Light

BATCH = 500


def turn_lights(*, at: datetime) -> int:
    """Set the light of every open case whose light is no longer right; gives their number.

    Reads only the rows to change, by the index on (due_on, light); a second run at the same moment changes nothing.
    """
    blue, yellow, red = light_limits(local_day(at))
    running = Q(stage__in=OPEN, paused_on=None)
    free = running & Q(light_floor=Light.NONE)
    floored = running & Q(light_floor=Light.YELLOW)
    wanted = {
        Light.RED: (free | floored) & Q(due_on__lte=red),
        Light.YELLOW: (free & Q(due_on__gt=red, due_on__lte=yellow)) | (floored & Q(due_on__gt=red)),
        Light.BLUE: free & Q(due_on__gt=yellow, due_on__lte=blue),
        Light.NONE: (free & (Q(due_on__gt=blue) | Q(due_on=None))) | Q(stage__in=OPEN, paused_on__isnull=False),
    }
    return sum(_turn(light, condition & ~Q(light=light), at=at) for light, condition in wanted.items())


def _turn(light: Light, condition: Q, *, at: datetime) -> int:
    turned = 0
    while True:
        with transaction.atomic(), stamped(step="turn_lights", by=None, at=at):
            # Rows that a verb is changing at this moment are left to it: the verb sets the light itself.
            cases = list(
                Case.objects.select_for_update(skip_locked=True).filter(condition).order_by("due_on", "id")[:BATCH]
            )
            if not cases:
                return turned
            Case.objects.filter(pk__in=[case.pk for case in cases]).update(light=light)
            for case in cases:
                case.light = light
            record_many(cases, change="~")
            turned += len(cases)

"""The demo's time: stories say when they go on, and the clock wakes them in the order of the days, not of the cases.

So running numbers follow the dates, a case that is named by another one is there already, and the lights turn on
each working morning.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from casework.escalation.sweeping import sweep
from casework.models.resting_row import ClockName
from casework.working_time.deadlines import LOCAL, add_working_days, is_working_day, local_day, midnight

MORNING = time(6)

# What the stories need on each morning; at first also the rules that the city begins with, and with each month the
# figures, which count the one before as it ended. Every clock runs when all is told (`seeding.seed`): what else counts
# cases comes to the same then, nobody's term ends before, and of the offices' desk nothing is there yet.
RULES = (ClockName.DEADLINES, ClockName.LADDERS)
EVERY_MORNING = (
    ClockName.LADDER,
    ClockName.LETTERS,
    ClockName.STRIKE_OFFS,
    ClockName.REVERSE_CHECKS,
    ClockName.LOOK_BACKS,
)


def in_office_hours(day: date, random: Random) -> datetime:
    """A moment of this day between 8:30 and 17:30."""
    return midnight(day) + timedelta(minutes=random.randrange(510, 1050), seconds=random.randrange(60))


def working_day_before(day: date, count: int) -> date:
    """The `count`-th working day before a day; with 0 the day itself or the last working day before it."""
    day = add_working_days(day, -count)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def later(at: datetime, working_days: int, random: Random) -> datetime:
    """A moment so many working days after another one; with 0 some hours later, or early on the next working day."""
    if working_days > 0:
        return in_office_hours(add_working_days(local_day(at), working_days), random)
    moment = at + timedelta(minutes=random.randrange(45, 150))
    if moment.astimezone(LOCAL).hour < 18:
        return moment
    return midnight(add_working_days(local_day(at), 1)) + timedelta(minutes=random.randrange(515, 600))


def play(
    stories: Iterable[Iterator[datetime]],
    *,
    until: datetime,
    each_morning: Callable[[date], None] = lambda day: None,
    also: Callable[[], Iterable[ClockName]] = lambda: (),
) -> None:
    """Wake each story at the moment it asked for, the earliest first; what lies at or after `until` never happens.

    `also` gives the clocks that have something to do on a morning beside those of `EVERY_MORNING`.
    """
    waiting = [(at, number, story) for number, story in enumerate(stories) if (at := next(story, None)) is not None]
    heapq.heapify(waiting)
    first = day = local_day(waiting[0][0]) if waiting else None
    while waiting:
        at, number, story = heapq.heappop(waiting)
        if at >= until:
            break
        while day is not None and day < local_day(at):
            only = {*EVERY_MORNING, *also(), *(RULES if day == first else ())}
            before, day = day, add_working_days(day, 1)
            if before == first or before.month != day.month:
                only.add(ClockName.FIGURES)
            sweep(at=datetime.combine(day, MORNING, LOCAL), only=only)
            each_morning(day)
        following = next(story, None)
        if following is not None:
            heapq.heappush(waiting, (following, number, story))

"""The demo's stories of what comes back: a wall twice, a look-alike that does not count, a photo used in two villages."""

from datetime import date

from casework.models import VerdictKind
from casework.stages import Stage
from flows.demo.city import City
from flows.demo.clock import working_day_before
from flows.demo.people import TOWN, VILLAGE
from flows.demo.plot import Plot
from flows.demo.problems import problem_of

WALL_VILLAGE = "听云村"


def relapses(made: City, *, today: date) -> list[Plot]:
    return [*_wall(made, today), *_photo(made, today), *_once(made, today)]


def _wall(made: City, today: date) -> list[Plot]:
    """A clarity wall that came back twice, and the wall of another group that only looks like it."""
    village = made.village(WALL_VILLAGE)
    group = {"group": "三组"}

    def ago(count: int) -> date:
        return working_day_before(today, count)

    first = Plot(problem_of("openness-idle"), village, ago(190), pace=0.5, days_between=1, filled={**group})
    second = Plot(
        problem_of("openness-idle"), village, ago(120), pace=0.5, days_between=1, relapse_of=first, filled={**group}
    )
    third = Plot(
        problem_of("openness-idle"),
        village,
        ago(26),
        days_between=1,
        relapse_of=second,
        stops_at=Stage.RECTIFICATION,
        filled={**group},
    )
    other = Plot(
        problem_of("openness-idle"),
        village,
        ago(60),
        days_between=1,
        relapse_of=first,
        verdict=VerdictKind.NEW,
        filled={"group": "六组"},
    )
    return [first, second, other, third]


def _photo(made: City, today: date) -> list[Plot]:
    """The photo of one village's new wall, handed in by another one a month later; the town has not reviewed it yet."""
    village = made.village(VILLAGE)
    neighbour = next(one for one in made.villages if one.parent == made.towns[TOWN] and one.name != VILLAGE)
    problem = problem_of("openness-badly-placed")
    honest = Plot(problem, village, working_day_before(today, 70), pace=0.5, days_between=1, has_own_photo=True)
    copied = Plot(
        problem,
        neighbour,
        working_day_before(today, 16),
        pace=0.4,
        days_between=1,
        photo_of=honest,
        stops_at=Stage.FIRST_REVIEW,
    )
    return [honest, copied]


def _once(made: City, today: date) -> list[Plot]:
    """A problem that came back after its strike-off, in three villages."""
    found = []
    for name, item, first, again, stop in (
        (VILLAGE, "openness-late", 130, 48, None),
        ("濯缨村", "records-stamp-only", 150, 24, Stage.RECTIFICATION),
        ("菱角塘村", "committee-duty-missed", 140, 20, Stage.FIRST_REVIEW),
    ):
        earlier = Plot(problem_of(item), made.village(name), working_day_before(today, first), pace=0.6)
        found += [
            earlier,
            Plot(
                problem_of(item),
                made.village(name),
                working_day_before(today, again),
                days_between=1,
                relapse_of=earlier,
                stops_at=stop,
            ),
        ]
    return found

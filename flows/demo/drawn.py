"""The bulk of the demo's cases: drawn by lot over nine months, weighted as an office would meet them."""

from datetime import date, timedelta
from random import Random

from casework.models import Source, Unit
from casework.stages import Role, Stage
from casework.working_time.deadlines import is_working_day
from flows.demo.city import City
from flows.demo.people import VILLAGE
from flows.demo.plot import Aside, Plot
from flows.demo.problems import PROBLEMS, Problem

DAYS_BACK = 272  # nine months
# What villages most often get wrong; everything else is drawn once.
COMMON = {
    "records-stamp-only": 4,
    "openness-late": 3,
    "openness-incomplete": 3,
    "openness-not-weatherproof": 3,
    "environment-sanitation": 3,
    "committee-duty-missed": 2,
    "finance-unofficial-vouchers": 2,
    "decision-no-minutes": 2,
}
# Of a hundred cases: what happens beside the path.
ASIDES: dict[Aside, int] = {
    Aside.EXTENSION_GRANTED: 5,
    Aside.EXTENSION_REFUSED: 2,
    Aside.EXTENSION_LATE: 2,
    Aside.PAUSE: 3,
    Aside.REASSIGNMENT: 3,
    Aside.TRANSFER: 2,
    Aside.WITHDRAWAL: 2,
    Aside.REFERRAL: 1,
}
RETURNS: tuple[tuple[tuple[Stage, ...], int], ...] = (
    ((), 70),
    ((Stage.FIRST_REVIEW,), 15),
    ((Stage.SECOND_REVIEW,), 6),
    ((Stage.FIRST_REVIEW, Stage.SECOND_REVIEW), 4),
    ((Stage.FIRST_REVIEW, Stage.FIRST_REVIEW), 3),
    ((Stage.STRIKE_OFF,), 2),
)
REPORTERS: tuple[tuple[Role, str, int], ...] = (
    (Role.INSPECTOR, Source.SPOT_CHECK, 52),
    (Role.INSPECTOR, Source.UNANNOUNCED_VISIT, 14),
    (Role.COUNTY_SUPERVISOR, Source.PETITION, 12),
    (Role.COUNTY_SUPERVISOR, Source.OBSERVATION_TOUR, 6),
    (Role.TOWN_REVIEWER, Source.SELF_CHECK, 8),
    (Role.VOLUNTEER, Source.STATION, 8),
)


def drawn(made: City, *, today: date, count: int) -> list[Plot]:
    """`count` plots, the oldest first."""
    random = Random("plots")
    villages = _villages(made, random)
    problems = [problem for problem in PROBLEMS for _time in range(COMMON.get(problem.item, 1))]
    days = sorted(_day(random, today) for _number in range(count))
    return [_plot(random, day, today, random.choice(problems), random.choice(villages)) for day in days]


def _villages(made: City, random: Random) -> list[Unit]:
    """Villages with a committee, some of them several times: problems are not spread evenly. The showcase's is out."""
    able = [village for village in made.villages if village.has_committee and village.name != VILLAGE]
    return [*able, *random.sample(able, 40), *[village for village in able if village.is_key_village] * 2]


def _day(random: Random, today: date) -> date:
    while True:
        day = today - timedelta(days=random.randint(2, DAYS_BACK))
        if is_working_day(day):
            return day


def _plot(random: Random, day: date, today: date, problem: Problem, village: Unit) -> Plot:
    role, source, _weight = random.choices(REPORTERS, [weight for _role, _source, weight in REPORTERS])[0]
    returns = random.choices([each for each, _weight in RETURNS], [weight for _each, weight in RETURNS])[0]
    asides: list[Aside | None] = [None, *ASIDES]
    aside = random.choices(asides, [100 - sum(ASIDES.values()), *ASIDES.values()])[0]
    is_recent = (today - day).days < 50
    pace = random.choices((random.uniform(0.35, 0.9), random.uniform(1.1, 1.7), 9.0), (82, 14, 8 if is_recent else 0))[
        0
    ]
    return Plot(
        problem,
        village,
        day,
        reporter=role,
        reporter_number=random.randrange(4),
        source=source,
        pace=pace,
        days_between=random.choices((1, 2, 3), (5, 4, 1))[0],
        plan_returned=random.random() < 0.12,
        returns=returns,
        aside=aside,
        refused=role in (Role.VOLUNTEER, Role.INSPECTOR) and random.random() < 0.03,
        is_supported=random.random() < 0.08,
    )

"""The cases that make the homes of the ten logins worth opening: one of everything that may wait for somebody."""

from datetime import date, timedelta
from functools import partial

from casework.models import Source, Unit
from casework.stages import Role, Stage
from flows.demo.aside_cases import asides
from flows.demo.city import AGRICULTURE, City
from flows.demo.clock import working_day_before
from flows.demo.people import TOWN, VILLAGE
from flows.demo.plot import Aside, Plot
from flows.demo.problems import problem_of
from flows.demo.relapses import relapses


def showcase(made: City, *, today: date) -> list[Plot]:
    return [
        *_for_committee(made, today),
        *_for_town(made, today),
        *_for_county(made, today),
        *_for_city(made, today),
        *_for_department(made, today),
        *_for_volunteer(made, today),
        *relapses(made, today=today),
        *asides(made, today=today),
    ]


def _neighbours(made: City) -> list[Unit]:
    """The other villages of the town that the logins belong to."""
    return [village for village in made.villages if village.parent == made.towns[TOWN] and village.name != VILLAGE]


def _for_committee(made: City, today: date) -> list[Plot]:
    """A plan to write, a return, a deadline tomorrow, an overdue one, one paused, and what was struck off before."""
    village = made.village(VILLAGE)
    quick = partial(Plot, days_between=1)

    def ago(count: int) -> date:
        return working_day_before(today, count)

    return [
        quick(problem_of("openness-incomplete"), village, ago(4), stops_at=Stage.PLANNING),
        quick(
            problem_of("openness-not-weatherproof"),
            village,
            ago(17),
            due_on=today + timedelta(days=12),
            pace=0.2,
            returns=(Stage.FIRST_REVIEW,),
            stops_at=Stage.RECTIFICATION,
            stops_in=2,
        ),
        quick(
            problem_of("environment-sanitation"),
            village,
            ago(10),
            due_on=today + timedelta(days=1),
            stops_at=Stage.RECTIFICATION,
        ),
        quick(
            problem_of("records-stamp-only"),
            village,
            ago(12),
            due_on=working_day_before(today, 2),
            stops_at=Stage.RECTIFICATION,
        ),
        quick(
            problem_of("works-unsupervised"),
            village,
            ago(16),
            due_on=today + timedelta(days=20),
            aside=Aside.PAUSE_OPEN,
            stops_at=Stage.RECTIFICATION,
        ),
        # Found from a gap in its minutes, which oversight/demo/villages.py leaves out.
        Plot(problem_of("committee-duty-missed"), village, ago(25)),
        Plot(
            problem_of("assets-arrears"), village, ago(120), returns=(Stage.FIRST_REVIEW, Stage.SECOND_REVIEW), pace=0.4
        ),
        Plot(problem_of("finance-unofficial-vouchers"), village, ago(95), returns=(Stage.SECOND_REVIEW,), pace=0.5),
    ]


def _for_town(made: City, today: date) -> list[Plot]:
    """Two first reviews (one after a return), two plans to approve, an extension to decide."""
    villages = _neighbours(made)
    return [
        Plot(
            problem_of("openness-idle"),
            villages[0],
            working_day_before(today, 9),
            due_on=today + timedelta(days=6),
            pace=0.3,
            days_between=1,
            stops_at=Stage.FIRST_REVIEW,
        ),
        Plot(
            problem_of("handover-unsigned"),
            villages[1],
            working_day_before(today, 18),
            due_on=today + timedelta(days=9),
            pace=0.2,
            days_between=1,
            returns=(Stage.FIRST_REVIEW,),
            stops_at=Stage.FIRST_REVIEW,
            stops_in=2,
        ),
        Plot(
            problem_of("assets-unregistered"),
            villages[2],
            working_day_before(today, 7),
            days_between=1,
            stops_at=Stage.PLAN_APPROVAL,
        ),
        Plot(
            problem_of("works-overrun"),
            villages[3],
            working_day_before(today, 8),
            days_between=1,
            stops_at=Stage.PLAN_APPROVAL,
        ),
        Plot(
            problem_of("assets-expired"),
            villages[4],
            working_day_before(today, 16),
            due_on=today + timedelta(days=5),
            days_between=1,
            aside=Aside.EXTENSION_OPEN,
            stops_at=Stage.RECTIFICATION,
        ),
    ]


def _for_county(made: City, today: date) -> list[Plot]:
    """Reports to screen and to assign, second reviews, strike-offs."""
    villages = _neighbours(made)
    soon = partial(Plot, days_between=1, pace=0.3)
    return [
        Plot(problem_of("finance-off-the-books"), villages[5], working_day_before(today, 1), stops_at=Stage.SCREENING),
        Plot(
            problem_of("conduct-absence"),
            villages[6],
            working_day_before(today, 1),
            source=Source.UNANNOUNCED_VISIT,
            reporter_number=1,
            stops_at=Stage.SCREENING,
        ),
        soon(problem_of("openness-late"), villages[0], working_day_before(today, 3), stops_at=Stage.ASSIGNMENT),
        Plot(
            problem_of("committee-training"),
            villages[1],
            working_day_before(today, 2),
            reporter=Role.COUNTY_SUPERVISOR,
            source=Source.OBSERVATION_TOUR,
            stops_at=Stage.ASSIGNMENT,
        ),
        soon(
            problem_of("decision-no-minutes"),
            villages[2],
            working_day_before(today, 15),
            due_on=today + timedelta(days=4),
            stops_at=Stage.SECOND_REVIEW,
        ),
        soon(
            problem_of("openness-badly-placed"),
            villages[3],
            working_day_before(today, 14),
            due_on=today + timedelta(days=2),
            stops_at=Stage.SECOND_REVIEW,
        ),
        soon(
            problem_of("finance-no-review"),
            villages[8],
            working_day_before(today, 22),
            due_on=today + timedelta(days=8),
            stops_at=Stage.STRIKE_OFF,
        ),
    ]


def _for_city(made: City, today: date) -> list[Plot]:
    """City reviews of a grave case and a key village, and a strike-off that is the city's."""
    grave = partial(Plot, days_between=1, pace=0.3)
    return [
        grave(
            problem_of("welfare-false-claim"),
            made.village("洗砚村"),
            working_day_before(today, 18),
            due_on=today + timedelta(days=3),
            stops_at=Stage.CITY_REVIEW,
        ),
        grave(
            problem_of("openness-false"),
            made.village("罗家硖村"),
            working_day_before(today, 20),
            due_on=today + timedelta(days=5),
            stops_at=Stage.CITY_REVIEW,
        ),
        grave(
            problem_of("welfare-wrong-amount"),
            made.village("采菱村"),
            working_day_before(today, 22),
            due_on=today + timedelta(days=4),
            stops_at=Stage.STRIKE_OFF,
        ),
    ]


def _for_department(made: City, today: date) -> list[Plot]:
    """Cases that the agriculture department answers for, and one that it supports."""
    return [
        Plot(
            problem_of("works-unsupervised"),
            made.village("荷盖村"),
            working_day_before(today, 12),
            due_on=today + timedelta(days=7),
            days_between=1,
            department=AGRICULTURE,
            stops_at=Stage.RECTIFICATION,
        ),
        Plot(
            problem_of("assets-underpriced"),
            made.village("望溪桥村"),
            working_day_before(today, 5),
            days_between=1,
            department=AGRICULTURE,
            stops_at=Stage.PLANNING,
        ),
        Plot(
            problem_of("quality-false-strike-off"),
            made.village("云阶村"),
            working_day_before(today, 60),
            due_on=working_day_before(today, 30),
            department=AGRICULTURE,
        ),
        Plot(
            problem_of("assets-no-bidding"),
            made.village("墨溪村"),
            working_day_before(today, 25),
            days_between=1,
            is_supported=True,
            stops_at=Stage.RECTIFICATION,
        ),
    ]


def _for_volunteer(made: City, today: date) -> list[Plot]:
    """Reports of the supervision station: one new, one under way, one refused, one a duplicate, one struck off."""
    villages = _neighbours(made)
    station = partial(Plot, reporter=Role.VOLUNTEER, source=Source.STATION)
    under_way = station(
        problem_of("openness-cards"),
        villages[7],
        working_day_before(today, 14),
        due_on=today + timedelta(days=6),
        stops_at=Stage.RECTIFICATION,
    )
    return [
        under_way,
        station(
            problem_of("environment-sanitation", 2), villages[5], working_day_before(today, 1), stops_at=Stage.SCREENING
        ),
        station(problem_of("openness-late", 1), villages[8], working_day_before(today, 30), refused=True),
        station(problem_of("openness-cards"), villages[7], working_day_before(today, 7), duplicate_of=under_way),
        station(problem_of("environment-sanitation", 1), villages[0], working_day_before(today, 70)),
    ]

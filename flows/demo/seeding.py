"""Build the demo: the city, its people, and every story until this morning."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import F

from casework.escalation.sweeping import sweep
from casework.models import Case, CaseEvent, CaseTraits, CatalogueItem, Evidence, Person, Unit
from casework.models.history import stamped
from casework.models.resting_row import ClockName
from casework.rights.held_posts import carry_posts, read_posts
from casework.stages import Role
from casework.watch.prevention import mark_key_village, start_wider_check
from casework.working_time.deadlines import local_day, midnight
from flows.demo.brought_in import TAKEN, bring_in
from flows.demo.city import CITY_CODE, build_city
from flows.demo.clock import play
from flows.demo.drawn import drawn
from flows.demo.kept_lists import keep_lists
from flows.demo.letters import sign_letters
from flows.demo.look_backs import finish_processes, look_back
from flows.demo.people import LOGINS, VILLAGE, build_people
from flows.demo.plot import Plot
from flows.demo.problems import PROBLEMS
from flows.demo.relapses import WALL_VILLAGE
from flows.demo.showcase import showcase
from flows.demo.story import Story
from flows.demo.talk import let_them_talk
from flows.demo.telling import World
from flows.demo.trail import write_trails

FRESH_DAYS = 4


class CannotSeed(Exception):
    """Why the demo can't be loaded here, in one sentence."""


@dataclass(frozen=True)
class Seeded:
    units: int
    people: int
    cases: int


def is_seeded() -> bool:
    return Unit.objects.filter(code=CITY_CODE).exists()


def seed(*, now: datetime, cases: int) -> Seeded:
    """Write all of it, or nothing. What stands in it depends on the day of `now` alone."""
    today = local_day(now)
    items = {item.code: item for item in CatalogueItem.objects.filter(code__in={one.item for one in PROBLEMS})}
    _refuse_unsuitable(items)
    with transaction.atomic():
        # The city stood before its first case came in.
        founded = midnight(today.replace(year=today.year - 2, month=1, day=2))
        with stamped(step="seed_demo", by=None, at=founded):
            city = build_city(today=today, at=founded)
            people = build_people(city, today=today)
        world = World(city=city, people=people, items=items)
        shown = showcase(city, today=today)
        plots: list[Plot] = [*shown, *drawn(city, today=today, count=max(0, cases - len(shown) - TAKEN))]
        stories = [Story(world, plot, number) for number, plot in enumerate(plots)]
        random = Random("letters")

        # Each of them would be asked for at the first step of a day. Nobody's term begins or ends while they play.
        read_posts(people.by_key.values(), today)

        def each_morning(day: date) -> None:
            carry_posts(people.by_key.values(), day, since=today)
            told = {story.plot.case_id: story for story in stories if story.plot.case_id is not None}
            sign_letters(world, told, day, random)
            look_back(world, told, day, random)

        tellings = [story.tell() for story in stories]
        play(tellings, until=midnight(today), each_morning=each_morning, also=_clocks_with_work)
        finish_processes()
        _prevent(world, at=midnight(today) - timedelta(days=FRESH_DAYS))
        write_trails([story.trail for story in stories if story.plot.case_id is not None])
        let_them_talk(world, shown, today=today)
        keep_lists(world, today=today)
        bring_in(world, today=today)
        sweep(at=now)
        # Everybody was told of it in its time; the clock tells the last days when it runs.
        long_ago = CaseEvent.objects.filter(at__lt=midnight(today - timedelta(days=FRESH_DAYS)))
        long_ago.update(announced_at=F("at"))
    return Seeded(
        units=Unit.objects.filter(code__startswith="99").count(),
        people=Person.objects.filter(is_demo=True).count(),
        cases=Case.objects.filter(city=city.city).count(),
    )


def _clocks_with_work() -> list[ClockName]:
    """Seldom, in the demo: a photo that is compared, and a case that is matched anew for the sake of one."""
    waiting = {
        ClockName.PROOFS: Evidence.objects.filter(print=None),
        ClockName.CANDIDATES: CaseTraits.objects.filter(matched_at=None),
    }
    return [name for name, rows in waiting.items() if rows.exists()]


def _prevent(world: World, *, at: datetime) -> None:
    """Where the wall came back twice is a key village now, and a county has its villages look for one problem."""
    village = world.city.village(WALL_VILLAGE)
    by = world.people.of(world.city.county_of(village), Role.COUNTY_SUPERVISOR)
    mark_key_village(village=village, is_key=True, reason="同一面明白墙销号后两次反弹", by=by, at=at)
    county = world.city.county_of(world.city.village(VILLAGE))
    start_wider_check(
        county=county,
        item=world.items["records-stamp-only"],
        reason="抽查发现多村审核表只盖章、无监督人员签名，请各村对照自查。",
        by=world.people.of(county, Role.COUNTY_SUPERVISOR),
        at=at,
    )


def _refuse_unsuitable(items: dict[str, CatalogueItem]) -> None:
    missing = sorted({problem.item for problem in PROBLEMS} - set(items))
    if missing:
        raise CannotSeed(f"The problem catalogue lacks what the demo needs: {', '.join(missing)}.")
    taken = Person.objects.filter(username__in=[login.username for login in LOGINS]).values_list("username", flat=True)
    if taken:
        raise CannotSeed(
            f"There is somebody with the demo's user name {taken[0]}: load the demo into an empty database."
        )

"""How the demo tells its stories: the same on the same day, and as the one door would have written them."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from casework.models import Case, CatalogueItem
from casework.stages import Stage
from flows.demo.aside_cases import asides
from flows.demo.city import build_city
from flows.demo.clock import midnight, play
from flows.demo.drawn import drawn
from flows.demo.people import build_people
from flows.demo.plot import Plot
from flows.demo.problems import problem_of
from flows.demo.showcase import showcase
from flows.demo.story import Story
from flows.demo.telling import World
from flows.demo.trail import write_trails
from flows.models import CaseTask
from tests.walk import NOW, TODAY


def test_same_day_gives_the_same_demo(db: None) -> None:
    with transaction.atomic():
        city = small_world().city
        assert [brief(plot) for plot in all_plots(city)] == [brief(plot) for plot in all_plots(city)]


def all_plots(city: Any) -> list[Plot]:
    return [*showcase(city, today=TODAY), *drawn(city, today=TODAY, count=300)]


def brief(plot: Plot) -> tuple[object, ...]:
    return plot.problem.item, plot.village.code, plot.reported_on, plot.pace, plot.returns, plot.aside, plot.stops_at


def small_world() -> World:
    from casework.models.history import stamped

    with stamped(step="seed_demo", by=None, at=NOW):
        city = build_city(today=TODAY, at=NOW)
        people = build_people(city, today=TODAY)
    return World(city=city, people=people, items={item.code: item for item in CatalogueItem.objects.all()})


def test_a_story_writes_the_records_that_the_door_would_write(db: None, clock: object) -> None:
    """One with two returns and a relapse-free strike-off, one referred, one refused, one still open."""
    told = []
    for through_door in (True, False):
        with transaction.atomic():
            world = small_world()
            day = TODAY - timedelta(days=120)
            plots = [
                Plot(
                    problem_of("works-split"),
                    world.city.village("听云村"),
                    day,
                    returns=(Stage.FIRST_REVIEW, Stage.STRIKE_OFF),
                    plan_returned=True,
                ),
                Plot(problem_of("openness-late"), world.city.village("竹篱村"), day, refused=True),
                Plot(problem_of("decision-backdated"), world.city.village("采菱村"), day, stops_at=Stage.RECTIFICATION),
                asides(world.city, today=TODAY)[0],
            ]
            stories = [Story(world, plot, number, through_door=through_door) for number, plot in enumerate(plots)]
            play([story.tell() for story in stories], until=midnight(TODAY))
            if not through_door:
                write_trails([story.trail for story in stories])
            told.append([records_of(Case.objects.get(pk=plot.case_id)) for plot in plots])
            transaction.set_rollback(True)
    assert told[0] == told[1]


def records_of(case: Case) -> dict[str, object]:
    """All that was written about a case, but for keys, and for the engine's own clock, which knows no past."""
    rows = {
        "case": values(case),
        "events": [values(event) for event in case.events.all()],
        "history": [values(row) for row in case.history.order_by("history_date", "history_id")],
        "evidence": [values(row) for row in case.evidence.all()],
        "reviews": [values(row) for row in case.reviews.all()],
        "tasks": [
            [
                *(task.flow_task.name, task.flow_task_type, task.status, task.owner and task.owner.username),
                *sorted(before.flow_task.name for before in task.previous.all()),
            ]
            for task in CaseTask.objects.filter(process_id=case.process_id).order_by("pk")
        ],
    }
    process = case.process
    assert process is not None
    return {**rows, "process": (process.status, process.created, process.finished is None)}


def values(row: Any) -> dict[str, object]:
    keyed = {"chain", "chain_before", "evidence_chain", "history_seal", "history_id", "id"}
    return {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if not field.is_relation and field.name not in keyed
    }

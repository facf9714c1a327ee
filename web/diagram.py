"""The process of one case, drawn from its flow: each step with where it stands, and the returns that were taken."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from viewflow.workflow.status import STATUS

from casework.models import Case, CaseEvent
from casework.models.case_event import EventKind
from casework.stages import TURNS, Stage
from flows.models import CaseTask
from flows.nodes import Step
from flows.rectification import RectificationFlow

STEP_WIDTH = 100  # of the drawing; the page scales it
TOP = 64


@dataclass(frozen=True)
class DiagramStep:
    """A step: `state` is done, current, ahead or left_out; `visits` counts how often the case came by."""

    name: str
    title: Any
    state: str
    visits: int
    x: int


@dataclass(frozen=True)
class Return:
    """An arc from a later step back to an earlier one, and how often it was taken."""

    times: int
    path: str
    label_x: int
    label_y: int


@dataclass(frozen=True)
class Diagram:
    steps: list[DiagramStep]
    returns: list[Return]
    width: int
    top: int  # where the drawing begins: higher when there are returns to draw


def step_nodes() -> list[Any]:
    """The people's steps of the flow in the order of the procedure."""
    nodes = {node.name: node for node in RectificationFlow.instance.nodes() if isinstance(node, Step)}
    return [nodes[stage] for stage in TURNS]


def diagram_of(case: Case, events: Iterable[CaseEvent]) -> Diagram:
    """One query. A step's state is that of its latest task, so a step that is entered again is current again."""
    latest: dict[str, str] = {}
    visits: Counter[str] = Counter()
    tasks = CaseTask.objects.filter(process_id=case.process_id, flow_task_type="HUMAN").order_by("pk")
    for task in tasks.only("flow_task", "status", "process_id"):
        name = task.flow_task.name
        latest[name] = task.status
        visits[name] += task.status != STATUS.CANCELED  # of an undone step, what came of it
    nodes = step_nodes()
    places = {node.name: 50 + index * STEP_WIDTH for index, node in enumerate(nodes)}
    steps = [
        DiagramStep(
            name=node.name,
            title=node.task_title,
            state=_state(case, Stage(node.name), latest.get(node.name)),
            visits=visits[node.name],
            x=places[node.name],
        )
        for node in nodes
    ]
    returns = _returns(events, places)
    return Diagram(steps, returns, width=len(nodes) * STEP_WIDTH, top=-16 if returns else 44)


def _state(case: Case, stage: Stage, status: str | None) -> str:
    if status == STATUS.NEW and case.stage == stage:
        return "current"
    if status == STATUS.DONE:
        # Entered again after a return, what lies behind the present step is ahead once more.
        return "done" if not case.is_open or _order(stage) < _order(Stage(case.stage)) else "ahead"
    if stage == Stage.PLAN_APPROVAL and not case.needs_plan_approval:
        return "left_out"
    if stage == Stage.CITY_REVIEW and not case.needs_city_review:
        return "left_out"
    if not case.is_open or _order(stage) < _order(Stage(case.stage)):
        return "left_out"
    return "ahead"


def _order(stage: Stage) -> int:
    return list(TURNS).index(stage)


def _returns(events: Iterable[CaseEvent], places: dict[str, int]) -> list[Return]:
    taken = Counter(
        (event.stage_before, event.stage_after)
        for event in events
        if event.kind in (EventKind.RETURNED, EventKind.PLAN_RETURNED)
    )
    returns = []
    for (before, after), times in taken.items():
        start, end = places[before], places[after]
        height = 8 + 18 * (start - end) // STEP_WIDTH
        path = f"M{start} {TOP - 12} C{start} {TOP - 12 - height} {end} {TOP - 12 - height} {end} {TOP - 14}"
        returns.append(Return(times, path, (start + end) // 2, TOP - 16 - height * 3 // 4))
    return returns

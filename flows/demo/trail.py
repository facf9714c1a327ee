"""The demo's processes, written set-based when all stories are told: the very rows that the engine would have written.

A story calls the verbs themselves, which is several times faster than the one door, and notes here which steps it
took, when and by whom. The graph says which gateways and ends lie between; tests/flows/test_demo.py tells one story
both ways and compares.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from viewflow.workflow import nodes
from viewflow.workflow.base import Node
from viewflow.workflow.status import PROCESS, STATUS

from casework.database.bulk_sql import update
from casework.models import Case, Person
from casework.stages import ENDS_BY_INTERVENTION
from flows.models import CaseProcess, CaseTask
from flows.rectification import RectificationFlow

FLOW = RectificationFlow


@dataclass
class Visit:
    """One task to be written."""

    node: Node
    created: datetime
    finished: datetime | None = None
    by: Person | None = None
    is_cancelled: bool = False


@dataclass
class Trail:
    """The visits of one case, in their order; the last one is open until the case has ended."""

    case: Case
    visits: list[Visit] = field(default_factory=list)

    def begin(self, *, at: datetime) -> None:
        self.visits = [Visit(FLOW.reported, at, at), Visit(FLOW.who_reported, at, at), self._here(at)]

    def step_done(self, case: Case, *, by: Person, at: datetime) -> None:
        """A verb of the path has moved the case: close its step, pass the gateway, open what follows."""
        self.case = case
        last = self.visits[-1]
        last.finished, last.by = at, by
        following = next(edge.dst for edge in last.node._outgoing())
        if isinstance(following, nodes.Switch):
            self.visits.append(Visit(following, at, at))
        here = self._here(at)
        if isinstance(here.node, nodes.End):
            here.finished = at
        self.visits.append(here)

    def left_the_path(self, case: Case, *, at: datetime) -> None:
        """The case was withdrawn or referred: its open step is cancelled."""
        self.case = case
        self.visits[-1].finished, self.visits[-1].is_cancelled = at, True

    def _here(self, at: datetime) -> Visit:
        return Visit(FLOW.instance.node(str(self.case.stage)), at)


def write_trails(trails: Iterable[Trail]) -> None:
    """Write processes, tasks and the links between them, and give each case its process."""
    trails = list(trails)
    processes = CaseProcess.objects.bulk_create([_process(trail) for trail in trails])
    tasks: list[CaseTask] = []
    for trail, process in zip(trails, processes, strict=True):
        tasks += [_task(process, visit) for visit in trail.visits]
        trail.case.process_id = process.pk
    CaseTask.objects.bulk_create(tasks, batch_size=500)
    through = CaseTask.previous.through
    links = [
        through(from_task_id=after.pk, to_task_id=before.pk)
        for before, after in pairwise(tasks)
        if before.process_id == after.process_id
    ]
    through.objects.bulk_create(links, batch_size=1000)
    update([trail.case for trail in trails], ["process"])


def _process(trail: Trail) -> CaseProcess:
    ended = trail.visits[-1].finished
    status = PROCESS.NEW
    if ended is not None:
        status = PROCESS.CANCELED if trail.case.stage in ENDS_BY_INTERVENTION else PROCESS.DONE
    return CaseProcess(flow_class=FLOW, status=status, created=trail.visits[0].created, finished=ended)


def _task(process: CaseProcess, visit: Visit) -> CaseTask:
    status = STATUS.NEW
    if visit.finished is not None:
        status = STATUS.CANCELED if visit.is_cancelled else STATUS.DONE
    # A gateway that the engine passes has no beginning of its own, only an end.
    starts = visit.finished is not None and not visit.is_cancelled and not isinstance(visit.node, nodes.Switch)
    return CaseTask(
        process=process,
        flow_task=visit.node,
        flow_task_type=visit.node.task_type,
        status=status,
        created=visit.created,
        started=visit.finished if starts else None,
        finished=visit.finished,
        owner=visit.by,
    )

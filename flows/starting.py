"""Processes started set-based: what the engine itself writes, for one case or for thousands."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import Any

from viewflow.workflow.status import PROCESS, STATUS

from casework.models import Case
from casework.stages import ENDS
from flows.models import CaseProcess, CaseTask
from flows.rectification import RectificationFlow
from flows.trail import link


def start_processes(cases: Iterable[Case], *, at: datetime) -> None:
    """Start the flow of cases that were just reported or are about to be written, set-based: three inserts however many there are.

    Writes what the engine itself writes for one: the process, the start, the gateway, and the open step.
    """
    cases = [case for case in cases if case.stage not in ENDS]
    flow = RectificationFlow
    processes = CaseProcess.objects.bulk_create(
        [CaseProcess(flow_class=flow, status=PROCESS.NEW, created=at) for _case in cases]
    )
    opened = [flow.instance.node(str(case.stage)) for case in cases]
    levels = [
        [task_of(process, flow.reported, at=at, done=True) for process in processes],
        [task_of(process, flow.who_reported, at=at, done=True) for process in processes],
        [task_of(process, node, at=at, done=False) for process, node in zip(processes, opened, strict=True)],
    ]
    CaseTask.objects.bulk_create(chain.from_iterable(levels))
    link([*levels[0], *levels[1]], [*levels[1], *levels[2]])
    for case, process in zip(cases, processes, strict=True):
        case.process_id = process.pk
    # Cases that are not written yet take their process along with their first insert.
    Case.objects.bulk_update([case for case in cases if case.pk is not None], ["process"], batch_size=500)


def task_of(process: CaseProcess, node: Any, *, at: datetime, done: bool) -> CaseTask:
    return CaseTask(
        process=process,
        flow_task=node,
        flow_task_type=node.task_type,
        status=STATUS.DONE if done else STATUS.NEW,
        created=at,
        started=at if done else None,
        finished=at if done else None,
    )

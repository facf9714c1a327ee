"""Where a process stands, read once, and what one form adds to its trail, written at once.

The engine decides which node comes next; it would write and link each visit by itself, and read them back.
"""

from collections.abc import Sequence

from viewflow.workflow.models import Process
from viewflow.workflow.status import STATUS

from flows.models import CaseTask


class Trail:
    """The visits of one process, whose row the caller has locked: nobody else opens or ends one meanwhile. What has no
    process (imported history, a look-back that is not open yet) stands at no step.
    """

    def __init__(self, process: Process | None) -> None:
        self._process = process
        self._open: list[CaseTask] | None = None
        self._ended: list[CaseTask] = []
        self._reached: list[tuple[CaseTask, CaseTask]] = []

    @property
    def open_steps(self) -> list[CaseTask]:
        """The steps of persons at which the process stands, with what is not written yet."""
        if self._open is None:
            self._open = _steps_open(self._process) if self._process is not None else []
        reached = [task for task, _before in self._reached if task.flow_task_type == "HUMAN"]
        return [task for task in [*self._open, *reached] if task.status == STATUS.NEW]

    def reach(self, task: CaseTask, before: CaseTask) -> None:
        """A node is visited, since `before` has led to it."""
        self._reached.append((task, before))

    def end(self, task: CaseTask) -> None:
        """A step was done."""
        if task.pk is not None:
            self._ended.append(task)

    def write(self) -> None:
        """Write what was noted; what is asked afterwards is read anew."""
        for task in self._ended:
            task.save(update_fields=["status", "owner", "started", "finished"])
        if self._reached:
            tasks, before = zip(*self._reached, strict=True)
            CaseTask.objects.bulk_create(tasks)
            link(before, tasks)
        self._open, self._ended, self._reached = None, [], []


def _steps_open(process: Process) -> list[CaseTask]:
    tasks = list(CaseTask.objects.filter(process_id=process.pk, status=STATUS.NEW, flow_task_type="HUMAN"))
    for task in tasks:
        task.process = process
    return tasks


def link(before: Sequence[CaseTask], after: Sequence[CaseTask]) -> None:
    """Write which visit led to which, one by one."""
    through = CaseTask.previous.through
    through.objects.bulk_create(
        [
            through(from_task_id=task.pk, to_task_id=previous.pk)
            for previous, task in zip(before, after, strict=bool(before))
        ]
    )

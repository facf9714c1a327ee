"""The way back of an undone step: along the trail of its tasks, to the node at which it was taken."""

from datetime import datetime

from viewflow.workflow.status import STATUS

from casework.models import Case
from flows.models import CaseProcess, CaseTask
from flows.rectification import RectificationFlow
from flows.starting import task_of
from flows.trail import link


def step_back(case: Case, *, at: datetime) -> None:
    """Cancel the open task and, one before the other, what led to it from the stage at which the verb has put the case;
    then open that step again. The cancelled tasks stay in the trail.
    """
    task = CaseTask.objects.select_related("process").get(
        process_id=case.process_id, status=STATUS.NEW, flow_task_type="HUMAN"
    )
    task.flow_task.activation_class(task).cancel()
    while task.flow_task.name != case.stage:
        task = CaseTask.objects.select_related("process").get(leading=task)
        task.flow_task.activation_class(task).undo()
    process = CaseProcess.objects.get(pk=case.process_id)
    again = task_of(process, RectificationFlow.instance.node(str(case.stage)), at=at, done=False)
    again.save()
    link([task], [again])

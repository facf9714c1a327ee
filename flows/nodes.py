"""The node of a person's step: it checks that the task is its own and that the policy still holds."""

from datetime import datetime
from typing import Any

from django.utils.timezone import now
from viewflow.workflow import nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.exceptions import FlowRuntimeError
from viewflow.workflow.nodes.switch import SwitchActivation
from viewflow.workflow.status import PROCESS, STATUS

from casework.errors import Conflict
from casework.models import Person
from casework.rights.roles import refusal
from casework.rights.table import Action
from casework.working_time.deadlines import local_day
from flows.models import CaseTask
from flows.trail import Trail


def reached(activation_class: type[Activation], node: Any, before: Any, token: Any) -> Any:
    """A visit to a node, noted in the trail of the step that led to it."""
    task = CaseTask(process=before.process, flow_task=node, flow_task_type=node.task_type, token=token)
    activation: Any = activation_class(task)
    activation.trail = before.trail
    activation.trail.reach(task, before=before.task)
    return activation


class StepActivation(nodes.ViewActivation):
    """A visit to a step. `take` is the only way through it; its trail writes what came of it."""

    trail: Trail

    def __hash__(self) -> int:
        return id(self)  # the engine keeps activations in a set, and a new task has no key yet

    @classmethod
    def of(cls, task: CaseTask, trail: Trail) -> "StepActivation":
        activation: StepActivation = task.flow_task.activation_class(task)
        activation.trail = trail
        return activation

    @classmethod
    def create(cls, flow_task: Any, prev_activation: Activation, token: Any, data: Any = None, seed: Any = None) -> Any:
        return reached(cls, flow_task, prev_activation, token)

    def take(self, *, by: Person, at: datetime, from_paper: bool = False) -> None:
        """Check and start; the caller then runs the verb, calls `execute()` and lets the trail write, all in one
        transaction.
        """
        self.flow_task.check(self, by=by, at=at, from_paper=from_paper)
        self.assign(by)
        self.start(None)

    @Activation.status.super()
    def assign(self, user: Any) -> None:
        self.task.owner = user

    @Activation.status.super()
    def complete(self) -> None:
        self.task.finished = now()
        self.trail.end(self.task)


class PassedActivation(Activation):
    """A node that is passed as soon as it is reached."""

    trail: Trail

    def __hash__(self) -> int:
        return id(self)

    @classmethod
    def create(cls, flow_task: Any, prev_activation: Activation, token: Any, data: Any = None, seed: Any = None) -> Any:
        return reached(cls, flow_task, prev_activation, token)

    @Activation.status.super()
    def complete(self) -> None:
        self.task.finished = now()


class GatewayActivation(PassedActivation, SwitchActivation):
    @Activation.status.super()
    def activate(self) -> None:
        self.next_task = next((node for node, condition in self.flow_task._branches if condition(self)), None)
        if self.next_task is None:
            raise FlowRuntimeError(f"{self.flow_task.name} leads nowhere from {self.process.pk}")


class EndActivation(PassedActivation, nodes.EndActivation):
    """Nothing runs beside the one path, so its end is the end of the process."""

    @Activation.status.super()
    def activate(self) -> None:
        self.task.started = now()
        self.process.status, self.process.finished = PROCESS.DONE, self.task.started
        self.process.save(update_fields=["status", "finished"])


class Gateway(nodes.Switch):
    """Where the answer that a verb left in the case decides on the way."""

    activation_class = GatewayActivation


class End(nodes.End):
    activation_class = EndActivation


class Step(nodes.View):
    """A person's step. Its name is the name of the stage, and of the action that the policy is asked for."""

    activation_class = StepActivation
    task_type = "HUMAN"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(view=None, **kwargs)

    def check(self, activation: Activation, *, by: Person, at: datetime, from_paper: bool = False) -> None:
        """Refuse a task of another node, a task that is done, and a person whom the policy does not allow."""
        if activation.task.flow_task is not self or activation.status != STATUS.NEW:
            raise Conflict("task_done", "This step is no longer open.")
        action = Action.ENTER_FROM_PAPER if from_paper else Action(self.name)
        reason = refusal(by, action, activation.process.case, local_day(at))
        if reason is not None:
            raise reason

    def can_assign(self, user: Any, task: Any) -> bool:
        return False

    def can_execute(self, user: Any, task: Any) -> bool:
        return False

    def _get_resolver_extra(self) -> dict[str, Any]:
        return {}

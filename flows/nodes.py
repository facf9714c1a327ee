"""The node of a person's step: it checks that the task is its own and that the policy still holds."""

from datetime import datetime
from typing import Any

from viewflow.workflow import nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes.switch import SwitchActivation
from viewflow.workflow.status import STATUS

from casework.errors import Conflict
from casework.models import Person
from casework.rights import Action
from casework.roles import refusal
from casework.working_time.deadlines import local_day


class StepActivation(nodes.ViewActivation):
    """A visit to a step. `take` is the only way through it."""

    def take(self, *, by: Person, at: datetime, from_paper: bool = False) -> None:
        """Check and start; the caller then runs the verb and calls `execute()`, all in one transaction."""
        self.flow_task.check(self, by=by, at=at, from_paper=from_paper)
        self.assign(by)
        self.start(None)

    @Activation.status.super()
    def assign(self, user: Any) -> None:
        """Without a write of its own: `execute` writes the finished task in the same transaction."""
        self.task.owner = user


class GatewayActivation(SwitchActivation):
    """A gateway is passed as soon as it is reached, so its task is written once, when that is done."""

    def __hash__(self) -> int:
        return id(self)  # the engine keeps activations in a set, and the task has no key yet

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Activation, token: Any, data: Any = None, seed: Any = None
    ) -> Activation:
        task = flow_task.flow_class.task_class(process=prev_activation.process, flow_task=flow_task, token=token)
        task.data, task.seed = data or {}, seed
        activation = cls(task)
        activation.before = prev_activation.task
        return activation

    @Activation.status.super()
    def complete(self) -> None:
        super().complete.original()
        self.task.previous.add(self.before)


class Gateway(nodes.Switch):
    """Where the answer that a verb left in the case decides on the way."""

    activation_class = GatewayActivation


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

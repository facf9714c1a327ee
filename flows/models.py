"""The engine's records under our names, and the forms that were handed in."""

from django.db import models
from viewflow.workflow.models import Process, Task

from casework.models import Case


class CaseProcess(Process):
    """One run of a flow for a case."""

    class Meta:
        proxy = True


class CaseTask(Task):
    """One visit to a node of the flow."""

    class Meta:
        proxy = True


class SubmittedForm(models.Model):
    """A form that was taken, by the key it carried: handed in again, it changes nothing and leads to the same case.

    `content` is a hash over what it said, so that the same key with other words is recognised as a conflict.
    """

    key = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=40)
    content = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "flows_handedin"  # a landed name stays

    def __str__(self) -> str:
        return str(self.key)

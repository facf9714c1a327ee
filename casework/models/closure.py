"""The closing record: number, day, approver, and the five tests ticked one by one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.unit import Unit


class Closure(models.Model):
    """A strike-off. Never changed, never removed: reopening makes a new case or round, not a new past."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="closures")
    round = models.PositiveSmallIntegerField()
    number = models.CharField(_("closing number"), max_length=40, unique=True)
    closed_on = models.DateField(_("struck off on"))
    words = models.TextField(_("opinion"), blank=True)
    measures_done = models.BooleanField(_("Every measure is done"))
    violations_dealt_with = models.BooleanField(_("Violations are dealt with"))
    result_meets_rule = models.BooleanField(_("The result meets the rule"))
    similar_looked_for = models.BooleanField(_("Similar problems were looked for"))
    cause_removed = models.BooleanField(_("The cause is removed for good"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    # The five tests at closure (practice.md, sign-off levels), in the order in which they are ticked.
    TESTS = ("measures_done", "violations_dealt_with", "result_meets_rule", "similar_looked_for", "cause_removed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="one_closure_per_round")]

    def __str__(self) -> str:
        return self.number

    def ticks(self) -> list[tuple[str, bool]]:
        """Each test in words, and whether it was ticked."""
        words = {field.name: str(field.verbose_name) for field in self._meta.fields}
        return [(words[test], getattr(self, test)) for test in self.TESTS]

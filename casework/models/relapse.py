"""Relapse: what looks as if it were back, the verdict on it, and the appeal."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.unit import Unit


class FoundBy(models.TextChoices):
    """How a candidate was found."""

    REPORT = "report", _("when it was reported")
    IMPORT = "import", _("when it was imported")
    LOOK_BACK = "look_back", _("at a look-back")
    SWEEP = "sweep", _("by the sweep")
    CLAIM = "claim", _("named by whoever reported it")
    OFFICE = "office", _("named by the office that decided")


# What a person named is no guess: it is never dropped because the words are not alike enough.
NAMED = (FoundBy.CLAIM, FoundBy.OFFICE)


class RelapseCandidate(models.Model):
    """A case that may be an earlier one come back. `features` maps the names of `casework/relapse/comparison.py`
    and `recognition/alike.py` to numbers; they are its reasons, and what the weights are fitted to.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="candidates")
    earlier = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="came_back_as")
    score = models.FloatField(_("score"))
    features = models.JSONField(default=dict)
    weights_version = models.PositiveIntegerField(default=0)
    # Of the model whose features these are; those of another one can't be compared.
    model_version = models.PositiveIntegerField(null=True)
    found = models.CharField(max_length=10, choices=FoundBy)
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["-score", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "earlier"], name="one_candidate_per_pair"),
            models.CheckConstraint(condition=~Q(case=F("earlier")), name="no_candidate_of_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} ← {self.earlier_id}"

    @property
    def is_guessed(self) -> bool:
        """Whether one of the two cases was never classified, so that its category was read from its words."""
        return self.case.item_id is None or self.earlier.item_id is None


class VerdictKind(models.TextChoices):
    RELAPSE = "relapse", _("Relapse")
    MISSED = "missed", _("Missed")
    NEVER = "never", _("Never really rectified")
    NEW = "new", _("New")
    DUPLICATE = "duplicate", _("Duplicate")


class RelapseVerdict(models.Model):
    """What an office decided on a candidate: once, and a second time if the first was appealed. Append-only."""

    candidate = models.ForeignKey(RelapseCandidate, on_delete=models.PROTECT, related_name="verdicts")
    instance = models.PositiveSmallIntegerField(default=1)
    verdict = models.CharField(_("verdict"), max_length=10, choices=VerdictKind)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["instance"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "instance"], name="one_verdict_per_instance"),
            models.CheckConstraint(condition=Q(instance__in=(1, 2)), name="verdict_has_two_instances"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.verdict}"


class VerdictAppeal(models.Model):
    """Whoever is concerned asks the level above to decide again; once. Append-only."""

    verdict = models.OneToOneField(RelapseVerdict, on_delete=models.PROTECT, related_name="appeal")
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.verdict_id}"


class MatchWeights(models.Model):
    """How much each feature weighs, from one refit on; the newest of the present model holds. Append-only."""

    version = models.PositiveIntegerField(unique=True)
    model_version = models.PositiveIntegerField(null=True)
    values = models.JSONField()
    verdicts = models.PositiveIntegerField()
    before = models.JSONField()
    after = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.version)

"""Schemes with their items, appraisals, published scores with every point lost, appeals and what was decided on them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked
from casework.models.unit import Unit


class Grading(models.TextChoices):
    """How a total is said beside its points."""

    GRADES = "grades", _("Grades")
    STARS = "stars", _("Stars")


class ScoreItemKind(models.TextChoices):
    COMPUTED = "computed", _("Computed from records")
    APPRAISED = "appraised", _("Appraised by a person")


class ItemMark(models.TextChoices):
    """What an item looks at: what came of the work (结果), or that something was written down or held (留痕)."""

    RESULT = "result", _("Result")
    TRACE = "trace", _("Trace")


class ScoreScheme(models.Model):
    """A county's scheme, by versions. A draft keeps its items as they were typed; published it changes no more, and its
    items are rows.
    """

    county = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="score_schemes")
    name = models.CharField(_("name"), max_length=100)
    version = models.PositiveSmallIntegerField(_("version"))
    grading = models.CharField(_("said as"), max_length=6, choices=Grading, default=Grading.GRADES)
    draft = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    history = tracked()

    class Meta:
        verbose_name = _("score scheme")
        verbose_name_plural = _("score schemes")
        ordering = ["county", "-version"]
        constraints = [models.UniqueConstraint(fields=["county", "version"], name="score_scheme_version_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class ScoreItem(models.Model):
    """What a published scheme asks. `per_fault` are the points that one fault costs; without it the share of faults
    decides. Append-only.
    """

    scheme = models.ForeignKey(ScoreScheme, on_delete=models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(_("item"), max_length=100)
    kind = models.CharField(max_length=9, choices=ScoreItemKind)
    code = models.CharField(max_length=20, blank=True)
    weight = models.DecimalField(_("points"), max_digits=5, decimal_places=1)
    per_fault = models.DecimalField(_("points a fault"), max_digits=5, decimal_places=1, null=True)
    mark = models.CharField(max_length=6, choices=ItemMark)
    is_veto = models.BooleanField(default=False)
    appraiser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.CheckConstraint(condition=Q(weight__gt=0), name="score_item_has_weight"),
            models.CheckConstraint(
                condition=Q(kind=ScoreItemKind.COMPUTED, appraiser=None) & ~Q(code="")
                | Q(kind=ScoreItemKind.APPRAISED, appraiser__isnull=False, code=""),
                name="score_item_is_computed_or_appraised",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Appraisal(models.Model):
    """What a named person gives a unit for an item and a period. A later one corrects it until the score is published.
    Append-only.
    """

    item = models.ForeignKey(ScoreItem, on_delete=models.PROTECT, related_name="appraisals")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=1)
    words = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(points__gte=0), name="appraisal_is_not_negative")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.unit_id} {self.points}"


class ScoreSheet(models.Model):
    """A unit's published score of a period, as the records stood at `at`. `holder_since` is the day on which the term of
    its committee's head had begun: what was found before is inherited. Append-only: what an appeal gives back stands
    with the appeal.
    """

    scheme = models.ForeignKey(ScoreScheme, on_delete=models.PROTECT, related_name="sheets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="score_sheets")
    unit_name = models.CharField(max_length=100)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    holder_since = models.DateField(null=True)
    points = models.DecimalField(max_digits=5, decimal_places=1)
    weight = models.DecimalField(max_digits=5, decimal_places=1)
    total = models.DecimalField(_("total"), max_digits=5, decimal_places=1, null=True)
    is_vetoed = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-last_day", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "first_day", "last_day"], name="one_score_of_a_unit_and_period"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="score_period_ends_after_it_began"),
        ]
        # The sheets of a period, for the county's list and the comparison.
        indexes = [models.Index(fields=["scheme", "last_day"], name="scores_of_a_period")]

    def __str__(self) -> str:
        return f"{self.unit_name} {self.first_day} – {self.last_day}"


class ScoreLine(models.Model):
    """One item of a published score; `points` is none where nobody could score it. Append-only."""

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(ScoreItem, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    whole = models.PositiveIntegerField(null=True)
    faults = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["item__order"]
        constraints = [models.UniqueConstraint(fields=["sheet", "item"], name="one_line_of_an_item")]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.item_id}"


class LostPoint(models.Model):
    """A record for which points were lost, and how many. `row` is its key among the records of this kind. Append-only."""

    line = models.ForeignKey(ScoreLine, on_delete=models.PROTECT, related_name="lost")
    kind = models.CharField(max_length=12)
    row = models.BigIntegerField()
    words = models.CharField(max_length=200)
    is_half = models.BooleanField(default=False)
    cost = models.DecimalField(max_digits=7, decimal_places=3)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.line_id} {self.words}"


class ScoreAppeal(models.Model):
    """What a unit says against a line of its score, within five working days. Append-only."""

    line = models.OneToOneField(ScoreLine, on_delete=models.PROTECT, related_name="appeal")
    words = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.line_id} {self.at}"


class AppealDecision(models.Model):
    """What the level above decides: how many points it gives back, and why. Append-only."""

    appeal = models.OneToOneField(ScoreAppeal, on_delete=models.PROTECT, related_name="decision")
    points_back = models.DecimalField(_("points given back"), max_digits=5, decimal_places=1)
    words = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(points_back__gte=0), name="points_are_given_back")]

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.points_back}"

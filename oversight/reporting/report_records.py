"""What came in: the report of a unit with its versions, what they say, and what the office decided on them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked
from casework.models.unit import Unit
from oversight.reporting.records import ExpectedReport, Period


class SectionKind(models.TextChoices):
    """The parts of a report that are told in words, in their order."""

    WORK = "work", _("Work done")
    PROBLEMS = "problems", _("Problems")
    NEXT_STEPS = "next_steps", _("Next steps")
    GOOD_PRACTICE = "good_practice", _("Good practice")
    PUBLICITY = "publicity", _("Publicity")


class FigureName(models.TextChoices):
    """What a unit is asked for in figures, since no record of this system knows it."""

    MEETINGS = "meetings", _("Meetings on village supervision")
    VILLAGES_VISITED = "villages_visited", _("Villages visited for guidance")
    PEOPLE_TRAINED = "people_trained", _("People trained")
    DOCUMENTS = "documents", _("Documents issued")
    NEWSPAPER = "newspaper", _("Publicity: newspapers")
    BROADCAST = "broadcast", _("Publicity: radio and television")
    WEBSITE = "website", _("Publicity: websites")
    WECHAT = "wechat", _("Publicity: WeChat and other accounts")
    SCREENS = "screens", _("Publicity: screens, posters, loudspeakers")


class Answer(models.TextChoices):
    """A number, zero and "does not apply" are three different answers; a blank is none of them and says why."""

    NUMBER = "number", _("a number")
    ZERO = "zero", _("none")
    NOT_APPLICABLE = "not_applicable", _("does not apply")
    BLANK = "blank", _("left blank")


class OwnFigureName(models.TextChoices):
    """What the records say of a unit's period (own_figures.py)."""

    FINDINGS = "findings", _("Problems found in the period")
    CLOSURES = "closures", _("Struck off in the period")
    RELAPSES = "relapses", _("Relapses found")
    OPEN = "open", _("Open on the last day")
    OVERDUE = "overdue", _("Overdue on the last day")


class ReportState(models.TextChoices):
    SUBMITTED = "submitted", _("handed in")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")


class ReportDraft(models.Model):
    """What is being written, for everybody who reports for the unit. `version` grows with each save, so that two who
    write at once are told. Goes when the report is handed in.
    """

    expected = models.OneToOneField(ExpectedReport, on_delete=models.CASCADE, related_name="draft")
    version = models.PositiveIntegerField(default=1)
    content = models.JSONField(default=dict)
    # Of an imported one the day that it states, and when it was received.
    stated_on = models.DateField(null=True, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.expected_id} ({self.version})"


class UnitReport(models.Model):
    """A report that was handed in, known by the row that expected it. What is counted of it is written by the verbs of
    submitting.py: it is on time if the first version that said something was, and empty, copied and left out are said of
    the newest version.
    """

    expected = models.OneToOneField(ExpectedReport, on_delete=models.PROTECT, primary_key=True, related_name="report")
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.SUBMITTED)
    version = models.PositiveSmallIntegerField(default=1)
    is_on_time = models.BooleanField()
    is_empty = models.BooleanField()
    is_copied = models.BooleanField()
    is_left_out = models.BooleanField()

    history = tracked()

    class Meta:
        verbose_name = _("report of a member unit")
        verbose_name_plural = _("reports of member units")

    def __str__(self) -> str:
        return f"{self.expected_id} {self.state}"


class ReportVersion(models.Model):
    """A report as it was handed in: by whom, when, and what the checks said of it at that moment. Append-only.

    `at` is when it was received and alone decides whether it is late; `stated_on` is the day that an imported file
    states. `key` is its form's: handed in twice, it is one version. `findings` are `checks.Finding` rows.
    """

    report = models.ForeignKey(UnitReport, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    key = models.UUIDField(unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    stated_on = models.DateField(null=True, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)
    is_on_time = models.BooleanField()
    is_empty = models.BooleanField()
    findings = models.JSONField(default=list)
    files = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_version_number_is_unique")]

    def __str__(self) -> str:
        return f"{self.report_id} ({self.number})"


class ReportSection(models.Model):
    """A part of a version in words, or why it is blank. Append-only."""

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="sections", db_index=False)
    kind = models.CharField(max_length=14, choices=SectionKind)
    order = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    blank_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "kind"], name="one_section_a_kind"),
            models.CheckConstraint(
                condition=~Q(words="") & Q(blank_reason="") | Q(words="") & ~Q(blank_reason=""),
                name="blank_section_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.kind}"


class ReportFigure(models.Model):
    """What a version answers where it is asked for a number. Append-only."""

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="figures", db_index=False)
    name = models.CharField(max_length=20, choices=FigureName)
    order = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=14, choices=Answer)
    value = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "name"], name="one_figure_a_name"),
            models.CheckConstraint(
                condition=Q(answer=Answer.NUMBER, value__gt=0)
                | Q(answer=Answer.ZERO, value=0)
                | Q(answer=Answer.NOT_APPLICABLE, value=None)
                | Q(answer=Answer.BLANK, value=None) & ~Q(reason=""),
                name="number_zero_and_not_applicable_differ",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.name}"


class OwnFigure(models.Model):
    """A figure of the records as it stood when the version was handed in. `cases` are the keys that it counts.
    Append-only.
    """

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="own_figures", db_index=False)
    name = models.CharField(max_length=10, choices=OwnFigureName)
    order = models.PositiveSmallIntegerField()
    value = models.PositiveIntegerField()
    cases = models.JSONField(default=list)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="one_own_figure_a_name")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.name}"


class DecisionKind(models.TextChoices):
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")


class ReportDecision(models.Model):
    """What the lead office says of a version: returned with reasons, or accepted. Append-only."""

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=8, choices=DecisionKind)
    words = models.TextField(_("reasons"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "kind"], name="version_is_decided_once_a_kind"),
            models.CheckConstraint(
                condition=~Q(kind=DecisionKind.RETURNED) | ~Q(words=""), name="returned_report_has_its_reasons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.kind}"


class CloseException(models.Model):
    """A unit may hand in until later than the close: who says so, why, and until when. The newest holds. Append-only."""

    expected = models.ForeignKey(ExpectedReport, on_delete=models.PROTECT, related_name="exceptions")
    until = models.DateTimeField(_("open until"))
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="exception_ends_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="exception_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.expected_id} {self.until}"


class ReportReminder(models.Model):
    """That a late unit was reminded: once. Append-only."""

    expected = models.OneToOneField(ExpectedReport, on_delete=models.PROTECT, related_name="reminder")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.expected_id} {self.at}"


class ReportParagraph(models.Model):
    """A paragraph that was handed in, for comparing (paragraphs.py). Append-only."""

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="paragraphs")
    report = models.ForeignKey(UnitReport, on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    section = models.CharField(max_length=14, choices=SectionKind)
    position = models.PositiveSmallIntegerField()
    words = models.TextField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.section} {self.position}"


class ParagraphPrint(models.Model):
    """One of the numbers by which a paragraph with the same passage is found: computed from its words, and by them
    again. Not kept for the audit.
    """

    number = models.IntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    paragraph = models.ForeignKey(
        ReportParagraph, on_delete=models.CASCADE, related_name="prints", db_index=False, db_constraint=False
    )

    class Meta:
        indexes = [
            # Who else has this passage: paragraphs.sources_of. All that is asked stands in the index.
            models.Index(fields=["number", "unit", "paragraph"], name="paragraphs_by_print"),
        ]

    def __str__(self) -> str:
        return f"{self.paragraph_id} {self.number}"

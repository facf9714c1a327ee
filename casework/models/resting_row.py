"""A row that a clock could not compute: it rests, is shown to the administrator, and the rest of the clock's work goes on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case


class ClockName(models.TextChoices):
    """What works rows off, by the name that an administrator reads."""

    DEADLINES = "deadlines", _("Deadlines after a change of the calendar")
    LADDERS = "ladders", _("New versions of the ladder")
    LADDER = "ladder", _("Escalation ladder")
    LETTERS = "letters", _("Letters that nobody signs for")
    VACANCIES = "vacancies", _("Posts that nobody holds")
    STRIKE_OFFS = "strike-offs", _("Watching of strike-offs")
    TRAITS = "traits", _("What cases are about")
    CANDIDATES = "candidates", _("Relapse candidates")
    PROOFS = "proofs", _("Checks of proofs")
    PHOTOS = "photos", _("Checks of photos")
    REPORTS = "reports", _("Checks of reports")
    REVERSE_CHECKS = "reverse checks", _("Draw of reverse checks")
    LOOK_BACKS = "look-backs", _("Look-backs")
    FIGURES = "figures", _("Figures")
    MESSAGES = "messages", _("Messages to people")
    OFFICE_MESSAGES = "office messages", _("Messages to offices")
    DELIVERIES = "deliveries", _("Deliveries")
    IMPORTS = "imports", _("Imports of findings")
    LEDGERS = "ledgers", _("Ledgers")
    REPORTING = "reporting", _("Reporting periods")
    BULLETINS = "bulletins", _("Receipts of bulletins")
    REQUIREMENTS = "requirements", _("Requirements passed on")
    VISITS = "visits", _("Overdue visits")
    HANDOVERS = "handovers", _("Handovers at the end of a term")
    STATIONS = "stations", _("News for supervision stations")
    ELECTIONS = "elections", _("Days of elections without a report")
    PRUNING = "pruning", _("Removal of what is no longer needed")


class RestingRow(models.Model):
    """`row` is the key of what could not be done in the clock's own table; 0 stands for the whole clock.

    `error` names the kind of error and its place in the code, and never what a row says.
    """

    clock = models.CharField(_("clock"), max_length=40, choices=ClockName)
    row = models.BigIntegerField(_("row"))
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("case"))
    error = models.CharField(_("error"), max_length=200)
    since = models.DateTimeField(_("since"))
    tries = models.PositiveIntegerField(_("tries"), default=1)
    next_try = models.DateTimeField(_("next try"))

    class Meta:
        verbose_name = _("resting row")
        verbose_name_plural = _("resting rows")
        ordering = ["clock", "row"]
        constraints = [models.UniqueConstraint(fields=["clock", "row"], name="rests_once_a_clock")]

    def __str__(self) -> str:
        return f"{self.clock} {self.row}"

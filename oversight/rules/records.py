"""Versions of a basis document, each with its numbered clauses."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from oversight.documents.records import BaseDocument


class RuleVersion(models.Model):
    """How a document reads from a day on, until the next version begins. Append-only."""

    document = models.ForeignKey(BaseDocument, on_delete=models.PROTECT, related_name="versions", db_index=False)
    begins_on = models.DateField(_("begins on"))
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        ordering = ["-begins_on"]
        # Its index finds the version of a day, too.
        constraints = [models.UniqueConstraint(fields=["document", "begins_on"], name="one_version_begins_on_a_day")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.begins_on}"


class RuleClause(models.Model):
    """A numbered clause of a version. `number` is as it is compared ("5", "5.2"), `label` as the document writes it.
    Append-only.
    """

    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="clauses", db_index=False)
    number = models.CharField(max_length=20)
    label = models.CharField(_("number"), max_length=20)
    words = models.TextField(_("words"))
    order = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["version", "order"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="clause_number_once_a_version")]

    def __str__(self) -> str:
        return self.label

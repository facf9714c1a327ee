"""What people say about the system itself, and what the city's office answers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.unit import Unit


class SuggestionKind(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    SUGGESTION = "suggestion", _("Suggestion")


class Suggestion(models.Model):
    """A complaint or suggestion about the system itself (意见建议). Kept; the contact alone may be removed.

    `by` is nobody where it came over the public page.
    """

    city = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("city"))
    kind = models.CharField(_("kind"), max_length=10, choices=SuggestionKind)
    words = models.TextField(_("words"))
    contact = models.CharField(_("contact"), max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.city_id} {self.at:%Y-%m-%d}"


class SuggestionAnswer(models.Model):
    """What the city's office answered. Append-only."""

    suggestion = models.OneToOneField(Suggestion, on_delete=models.PROTECT, related_name="answer")
    words = models.TextField(_("answer"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer to a suggestion")
        verbose_name_plural = _("answers to suggestions")

    def __str__(self) -> str:
        return str(self.suggestion_id)

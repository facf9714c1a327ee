"""The problem catalogue: aspect → item, city-wide and editable, and the other names that items go by."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked
from casework.models.unit import Unit


class Severity(models.IntegerChoices):
    MINOR = 1, _("Minor")
    MODERATE = 2, _("Moderate")
    SERIOUS = 3, _("Serious")
    GRAVE = 4, _("Grave")


class Kind(models.TextChoices):
    """How long a rectification runs (立行立改, 限期整改, 长期坚持)."""

    AT_ONCE = "at_once", _("At once")
    TIME_LIMITED = "time_limited", _("Time-limited")
    LONG_TERM = "long_term", _("Long-term")


class Aspect(models.Model):
    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    history = tracked()

    class Meta:
        verbose_name = _("aspect")
        verbose_name_plural = _("aspects")
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


def local_name(row: Any) -> str:
    """The name of a catalogue's row in the reader's language; Chinese where there is no English one."""
    if row is None:
        return ""
    english = getattr(row, "name_en", "")
    return str(english if english and (get_language() or "").startswith("en") else row.name)


class CatalogueItem(models.Model):
    """What can be wrong, by which written standard, how bad it is by default and how many working days it gets."""

    aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, related_name="items", verbose_name=_("aspect"))
    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=150, blank=True)
    standard = models.TextField(_("written standard"), blank=True)
    severity = models.PositiveSmallIntegerField(_("default severity"), choices=Severity)
    kind = models.CharField(_("kind of rectification"), max_length=12, choices=Kind, default=Kind.TIME_LIMITED)
    days = models.PositiveSmallIntegerField(
        _("working days"), validators=[MinValueValidator(1), MaxValueValidator(250)]
    )
    is_recurring_duty = models.BooleanField(_("recurring duty"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    history = tracked()

    class Meta:
        verbose_name = _("catalogue item")
        verbose_name_plural = _("catalogue items")
        ordering = ["aspect__order", "order"]

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """Another name under which an import and the report form find an item, or an import a severity.

    Of one city where an office decided so, else of every one. Ended, it is found no longer and stays as it was.
    """

    words = models.CharField(_("words"), max_length=200)
    item = models.ForeignKey(
        CatalogueItem, on_delete=models.PROTECT, null=True, blank=True, related_name="aliases", verbose_name=_("item")
    )
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity, null=True, blank=True)
    city = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(item=None, severity__isnull=False) | models.Q(item__isnull=False, severity=None),
                name="alias_is_for_an_item_or_a_severity",
            ),
            models.UniqueConstraint(
                fields=["words"], condition=models.Q(city=None, ended_at=None), name="alias_of_every_city_is_unique"
            ),
            models.UniqueConstraint(
                fields=["city", "words"],
                condition=models.Q(city__isnull=False, ended_at=None),
                name="alias_of_a_city_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.words

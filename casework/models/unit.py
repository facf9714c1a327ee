"""The unit tree: province, city, county, town, village, and departments beside it; who is responsible for whom."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.displays import display_of
from casework.models.history import tracked


class UnitLevel(models.TextChoices):
    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("County")
    TOWN = "town", _("Town")
    VILLAGE = "village", _("Village")
    DEPARTMENT = "department", _("Department")


class Unit(models.Model):
    """A province, city, county (county, district, functional zone), town, village or department.

    `path` is the tree: seven digits a step, the parent's path in front, so that a subtree is one range of one index
    (`subtree()`), in every collation. It is written by `casework/offices/units.py` alone.
    """

    PATH_STEP = 7

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    level = models.CharField(_("level"), max_length=12, choices=UnitLevel)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent unit")
    )
    path = models.CharField(max_length=56, unique=True, editable=False)
    office_code = models.CharField(
        _("office code"), max_length=10, blank=True, help_text=_("Stands in front of case numbers, for example LH.")
    )
    is_functional_zone = models.BooleanField(_("functional zone"), default=False)
    is_discipline_office = models.BooleanField(
        _("discipline office"), default=False, help_text=_("Sees referred cases; nobody else does.")
    )
    has_committee = models.BooleanField(_("has a supervisory committee"), default=False)
    is_key_village = models.BooleanField(_("key village"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    history = tracked()

    get_level_display = display_of("level", UnitLevel)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["path"]
        indexes = [
            # The unit picker: units of a level by the beginning of their name.
            models.Index(fields=["level", "name"], name="unit_level_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def path_after(path: str) -> str:
        """The first path behind the subtree of `path`: the other end of its index range."""
        return str(int(path) + 1).zfill(len(path))

    def subtree(self) -> Q:
        """This unit and everything below it, as one range of the index on `path`."""
        return Q(path__gte=self.path, path__lt=self.path_after(self.path))

    def ancestor_paths(self) -> list[str]:
        """The paths from the root down to this unit itself."""
        return self.paths_down_to(self.path)

    @classmethod
    def paths_down_to(cls, path: str) -> list[str]:
        """The paths from the root down to the unit that has this one."""
        return [path[:end] for end in range(cls.PATH_STEP, len(path) + 1, cls.PATH_STEP)]


class UnitName(models.Model):
    """A name and the days on which it was the right one: 市扶贫办 became 市乡村振兴局 during 2021."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(_("name"), max_length=100)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = _("name of a unit")
        verbose_name_plural = _("names of units")
        ordering = ["unit", F("valid_from").desc(nulls_last=True)]
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(valid_until=None), name="unit_has_one_current_name")
        ]

    def __str__(self) -> str:
        return self.name


def on_day(day: date) -> Q:
    """Rows with `valid_from` and `valid_until` (the last day, included) that hold on this day."""
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_until=None) | Q(valid_until__gte=day))


class Responsibility(models.Model):
    """Which county-level unit is responsible for a territory, from when until when.

    Functional zones cut across statistical areas, so this may differ from the parent in the tree; the nearest
    responsibility at or above a village counts, and without one the county above it.
    """

    territory = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="responsibilities")
    responsible = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="territories")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    history = tracked()

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        constraints = [
            models.UniqueConstraint(
                fields=["territory"], condition=Q(valid_until=None), name="territory_has_one_current_responsible_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.territory} ← {self.responsible}"

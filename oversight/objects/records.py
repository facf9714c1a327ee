"""Clarity walls of villages, and when each was updated."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.case_object import CaseObject
from casework.models.history import tracked
from casework.models.unit import Unit


class WallState(models.TextChoices):
    """How a wall is today."""

    IN_USE = "in_use", _("in use")
    DAMAGED = "damaged", _("damaged")
    IDLE = "idle", _("idle")
    REMOVED = "removed", _("taken down")


class Wall(models.Model):
    """A clarity wall (明白墙), most often one for a village group. Kept; what it said before stays in its history.

    `object` is what findings about it are about: by it a relapse knows the wall. `files` are those of `AttachedFile`.
    """

    object = models.OneToOneField(CaseObject, on_delete=models.PROTECT, related_name="wall")
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="walls", verbose_name=_("village"))
    group = models.CharField(_("village group"), max_length=40, blank=True)
    place = models.CharField(_("place"), max_length=120)
    has_roof = models.BooleanField(_("roofed"))
    state = models.CharField(_("state"), max_length=8, choices=WallState, default=WallState.IN_USE)
    files: Any = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    history = tracked()

    class Meta:
        verbose_name = _("clarity wall")
        verbose_name_plural = _("clarity walls")
        ordering = ["village__path", "id"]

    def __str__(self) -> str:
        return str(self.object)


class WallUpdate(models.Model):
    """What hangs on a wall was renewed on a day. Kept, with its history."""

    wall = models.ForeignKey(Wall, on_delete=models.PROTECT, related_name="updates", db_index=False)
    day = models.DateField(_("day"))
    words = models.CharField(_("what was put up"), max_length=200, blank=True)
    files: Any = models.JSONField(default=list)
    from_paper = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    history = tracked()

    class Meta:
        verbose_name = _("update of a wall")
        verbose_name_plural = _("updates of walls")
        ordering = ["-day", "-id"]
        # The last update of each wall, and whether there was one since a day (queries.py).
        indexes = [models.Index(fields=["wall", "day"], name="updates_of_wall")]

    def __str__(self) -> str:
        return f"{self.wall_id} {self.day}"

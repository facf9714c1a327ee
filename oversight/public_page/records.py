"""The public page of a city: its switch, the words that are masked, what was released, what villagers said."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.evidence import Evidence
from casework.models.look_back import LookBack
from casework.models.unit import Unit


class PublicPageSwitch(models.Model):
    """The public page of a city was turned on or off. The newest row counts; without one it is off. Append-only."""

    city = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("city"))
    is_on = models.BooleanField(_("on"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("switch of the public page")
        verbose_name_plural = _("switches of the public page")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.city_id} {self.is_on}"


class MaskedWord(models.Model):
    """Words that never stand on the public page of a city (脱敏词). Kept; taken off the list once."""

    city = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("city"))
    words = models.CharField(_("words"), max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("masked word")
        verbose_name_plural = _("masked words")
        ordering = ["words"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "words"], condition=Q(ended_at=None), name="masked_word_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="masked_word_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.words


class Release(models.Model):
    """A case was released for the public page in these words, or taken off it. The newest row counts. Append-only.

    Stage and deadline are read from the case; problem and measure stand as a person released them.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveSmallIntegerField()
    is_withdrawn = models.BooleanField(default=False)
    problem = models.TextField(_("problem"), blank=True)
    measure = models.TextField(_("measure"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("release for the public page")
        verbose_name_plural = _("releases for the public page")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="release_number_is_unique"),
            models.CheckConstraint(
                condition=Q(is_withdrawn=False) & ~Q(problem="") | Q(is_withdrawn=True) & ~Q(reason=""),
                name="release_has_words_or_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"


class ReleasedPhoto(models.Model):
    """A photo of the case that a release shows, as its small copy without metadata. Append-only."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="photos")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["release", "evidence"], name="photo_stands_once_a_release")]

    def __str__(self) -> str:
        return f"{self.release_id} {self.evidence_id}"


class VillagerStatement(models.Model):
    """Somebody without an account says that a problem is not put right (群众反映). Append-only, and never shown in public.

    Nobody's name and no address stands here; numbers of phones and identity cards are masked before it is written.
    `files` are those of `AttachedFile`, at most one photo.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="villager_statements")
    words = models.TextField(_("what is not put right"), blank=True)
    files: Any = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("statement of a villager")
        verbose_name_plural = _("statements of villagers")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%Y-%m-%d}"


class StatementVerdict(models.Model):
    """What an office made of a statement: a look-back, or nothing, with the reason. Once. Append-only.

    Accepted without a `look_back`, the case is still being reviewed, or one was under way already.
    """

    statement = models.OneToOneField(VillagerStatement, on_delete=models.PROTECT, related_name="verdict")
    is_accepted = models.BooleanField()
    reason = models.TextField(_("reason"), blank=True)
    look_back = models.ForeignKey(LookBack, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("verdict on a statement")
        verbose_name_plural = _("verdicts on statements")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_accepted=True) | ~Q(reason=""), name="dismissed_statement_has_its_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.is_accepted}"


class PublicUse(models.Model):
    """How often something was sent from one line, or about one case, until `ends_at`; then the row is removed.

    `key` is a keyed hash that holds for this span alone: no address can be read from it.
    """

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key[:8]

"""A bulletin from its draft to its receipts."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked
from casework.models.unit import Unit
from oversight.documents.records import BaseDocument, IssuedDocument
from oversight.members.records import Mechanism, Membership


class BulletinState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")


class Bulletin(models.Model):
    """What an office says of a span of days (both included) in an area: the city, or one of its counties.

    `counted_at` is the moment as of which the figures of its text were counted. `corrects` is the published bulletin
    that this one puts right; that one stays as it is. Append-only once it is published.
    """

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="bulletins")
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("area"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    title = models.CharField(_("title"), max_length=120)
    addressed_to = models.CharField(_("addressed to"), max_length=300)
    copied_to = models.CharField(_("copied to"), max_length=300, blank=True)
    cites = models.ManyToManyField(BaseDocument, related_name="bulletins", verbose_name=_("basis documents"))
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("corrects")
    )
    state = models.CharField(_("state"), max_length=10, choices=BulletinState, default=BulletinState.DRAFT)
    counted_at = models.DateTimeField(_("counted at"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    returned_because = models.CharField(_("reason for the return"), max_length=500, blank=True)

    history = tracked()

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        ordering = ["-last_day", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="bulletin_ends_after_it_began"),
            # Nobody approves what they wrote; of those who edited it the verb asks the sections.
            models.CheckConstraint(condition=~Q(approver=F("author")), name="bulletin_approved_by_a_second_person"),
            models.CheckConstraint(
                condition=Q(approver=None, state__in=("draft", "submitted"))
                | Q(approver__isnull=False, approved_at__isnull=False, state__in=("approved", "published")),
                name="published_bulletin_was_approved",
            ),
            models.UniqueConstraint(
                fields=["mechanism", "area", "first_day", "last_day"],
                condition=Q(corrects=None),
                name="one_bulletin_a_span_and_area",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BulletinPart(models.TextChoices):
    OPENING = "opening", _("Opening")
    PROGRESS = "progress", _("Overall progress")
    PROBLEMS = "problems", _("Problems")
    REQUIREMENTS = "requirements", _("Requirements")


class BulletinSection(models.Model):
    """A part of the text. Figures stand in it as tokens, `{{findings}}`: what they say is kept in `Figure`.

    `version` grows with every saving, so that a form filled from an older text is recognised. Append-only from the
    publication on, which sets `frozen_at`.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="sections")
    kind = models.CharField(max_length=12, choices=BulletinPart)
    order = models.PositiveSmallIntegerField()
    heading = models.CharField(_("heading"), max_length=60, blank=True)
    text = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)

    history = tracked()

    class Meta:
        verbose_name = _("section of a bulletin")
        verbose_name_plural = _("sections of bulletins")
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["bulletin", "kind"], name="one_section_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.kind}"


class Counted(models.TextChoices):
    """What kind of record a figure counts."""

    CASE = "case", _("cases")
    LOOK_BACK = "look_back", _("look-backs")
    LETTER = "letter", _("letters")
    REPORT = "report", _("expected reports")
    UNIT = "unit", _("units")
    VISIT = "visit", _("field visits")


class Figure(models.Model):
    """A number of a bulletin, frozen as it was counted: nobody types one. Append-only.

    `words` is what is printed, “27%”; `value` is the count, and `whole` what it is a share of. `definition` says in
    words what was counted. `sha256` is taken over the sorted keys of the records, `keys` holds them where they are not
    very many; all are found again by `figures.py` from the records as they stood at `counted_at`.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="figures")
    key = models.CharField(max_length=60)
    counted_at = models.DateTimeField()
    counts = models.CharField(max_length=10, choices=Counted)
    definition = models.CharField(max_length=200)
    value = models.PositiveIntegerField()
    whole = models.PositiveIntegerField(null=True)
    words = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    keys = models.JSONField(null=True)

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["bulletin", "counted_at", "key"], name="one_figure_of_a_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.words}"


class Naming(models.Model):
    """That a person named a unit in the text, as a good example or as one that lags. Append-only.

    `low` and `high` are the interval in which its share lay, and `usual` the area's: what the proposal rested on.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="namings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    is_good = models.BooleanField()
    part = models.PositiveIntegerField()
    whole = models.PositiveIntegerField()
    low = models.FloatField()
    high = models.FloatField()
    usual = models.FloatField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulletin", "unit"], name="a_unit_is_named_once")]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.unit_id}"


class Publication(models.Model):
    """A bulletin as it went out: `content` is what was printed, word by word. Append-only."""

    bulletin = models.OneToOneField(Bulletin, on_delete=models.PROTECT, related_name="publication")
    document = models.OneToOneField(IssuedDocument, on_delete=models.PROTECT, related_name="publication")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.document_id)


class Recipient(models.Model):
    """A member unit that a bulletin went to. `remind_at` is when an unsigned one is reminded, once; then null."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="recipients")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="bulletins_received")
    unit_name = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField(default=0)
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["publication", "unit"], name="bulletin_goes_to_a_unit_once")]
        indexes = [
            # The clock: bulletins that a unit has not signed for (receipts.py).
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="unsigned_bulletins")
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.unit_name}"


class BulletinReceipt(models.Model):
    """Signed for: by whom, when. Append-only."""

    recipient = models.OneToOneField(Recipient, on_delete=models.PROTECT, related_name="receipt")
    name = models.CharField(_("signed by"), max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.at}"

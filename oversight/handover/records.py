"""A handover pack of an ended term, what stands in it, and who signed, refused or was absent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.case import Case
from casework.models.history import tracked
from casework.models.post import Post, Term
from casework.models.unit import Unit
from casework.stages import Light, Role, Stage


class HandoverPack(models.Model):
    """What an ended term leaves to whoever comes next, as it stood on the morning after its last day. One a term.

    `receiving` is the post whose holder signs for it: the same post, or the successor's where the unit was merged.
    `unit_name` and `outgoing_name` are those of that day. `settled_at` is when the last of the three had signed, or had
    been recorded as refusing or absent. `climb_at` is when the next step of the ladder is taken, `climbed` how many were.
    """

    term = models.OneToOneField(Term, on_delete=models.PROTECT, related_name="handover")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="handovers", verbose_name=_("unit"))
    unit_name = models.CharField(max_length=100)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    outgoing = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("outgoing holder")
    )
    outgoing_name = models.CharField(max_length=60)
    receiving = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="handovers_received")
    witness_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="handovers_witnessed", verbose_name=_("witness")
    )
    county = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("county"))
    began_on = models.DateField(_("from"), null=True)
    ended_on = models.DateField(_("last day"))
    made_at = models.DateTimeField()
    sign_by = models.DateField(_("to be signed by"))
    settled_at = models.DateTimeField(null=True, blank=True)
    climb_at = models.DateTimeField(null=True, blank=True)
    climbed = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-ended_on", "-id"]
        indexes = [
            # The clock: what nobody has signed in time.
            models.Index(fields=["climb_at"], condition=Q(climb_at__isnull=False), name="unsigned_handovers"),
            # Tables of an area, the newest first.
            models.Index(fields=["witness_unit", "ended_on"], name="handovers_of_town"),
            models.Index(fields=["county", "ended_on"], name="handovers_of_county"),
            # Homes: what waits for a signature.
            models.Index(fields=["receiving"], condition=Q(settled_at=None), name="handovers_to_receive"),
            models.Index(fields=["outgoing"], condition=Q(settled_at=None), name="handovers_to_give"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_name} {self.outgoing_name} {self.ended_on}"


class LineKind(models.TextChoices):
    CASE = "case", _("Open cases")
    EXTENSION = "extension", _("Extensions asked for")
    WATCHED = "watched", _("Cases in their consolidation period")
    LETTER = "letter", _("Letters that nobody has signed for")
    REQUIREMENT = "requirement", _("Requirements not settled")


class HandoverLine(models.Model):
    """One thing that was open, with its deadline of that day. Append-only."""

    pack = models.ForeignKey(HandoverPack, on_delete=models.PROTECT, related_name="lines", db_index=False)
    kind = models.CharField(max_length=12, choices=LineKind)
    order = models.PositiveIntegerField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.CharField(_("number"), max_length=60, blank=True)
    words = models.CharField(_("what it is about"), max_length=200)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, blank=True)
    light = models.CharField(_("light"), max_length=6, choices=Light, blank=True)
    due_on = models.DateField(_("deadline"), null=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["pack", "order"], name="handover_line_has_its_place")]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.order}"


class ItemKind(models.TextChoices):
    SEAL = "seal", _("Seal")
    LEDGER = "ledger", _("Ledgers and files")
    CONTRACT = "contract", _("Contracts")
    DEBT = "debt", _("Debts and claims")
    OBJECT = "object", _("Clarity walls and other objects")
    OTHER = "other", _("Other matters")


class HandoverItem(models.Model):
    """A line entered by hand: what it is, whether it was handed over, and a remark. Nothing changes in it from the first
    signature on: what is signed is what was read.
    """

    pack = models.ForeignKey(HandoverPack, on_delete=models.PROTECT, related_name="items", db_index=False)
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=8, choices=ItemKind)
    words = models.CharField(_("what"), max_length=200)
    is_handed_over = models.BooleanField(_("handed over"), default=False)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    frozen_at = models.DateTimeField(null=True)

    history = tracked()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["pack", "order"], name="handover_item_has_its_place")]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.order}"


class Side(models.TextChoices):
    OUTGOING = "outgoing", _("Outgoing holder")
    INCOMING = "incoming", _("Incoming holder")
    WITNESS = "witness", _("Witness")


class Outcome(models.TextChoices):
    SIGNED = "signed", _("signed")
    REFUSED = "refused", _("refused to sign")
    ABSENT = "absent", _("absent")


class HandoverSignature(models.Model):
    """What became of one of the three sides: `person` signed for themselves, or refused or was absent, which somebody
    else may have recorded (`by`) with the reason. `words` are a remark of whoever signed. Append-only.
    """

    pack = models.ForeignKey(HandoverPack, on_delete=models.PROTECT, related_name="signatures", db_index=False)
    side = models.CharField(max_length=8, choices=Side)
    outcome = models.CharField(max_length=8, choices=Outcome)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    words = models.CharField(_("remark or reason"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "side"], name="each_side_of_a_handover_once"),
            # Never one person in two places.
            models.UniqueConstraint(
                fields=["pack", "person"], condition=Q(outcome="signed"), name="one_place_each_in_a_handover"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="signed") | Q(person=models.F("by")), name="each_signs_for_themselves"
            ),
            models.CheckConstraint(condition=Q(outcome="signed") | ~Q(words=""), name="no_refusal_without_a_reason"),
            models.CheckConstraint(
                condition=~Q(side="witness") | Q(outcome="signed"), name="a_witness_signs_or_another_one_does"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.side} {self.outcome}"

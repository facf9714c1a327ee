"""The lists of what bars somebody from standing, by versions, and what became of each nominee."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.models.unit import Unit
from oversight.eligibility.election_records import Election


class EligibilityList(models.Model):
    """A city's list as it holds from a day on; the one that began last decides. Append-only: of two of the same day the
    later one counts, and a nominee keeps the list by which they were nominated.
    """

    city = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("city"))
    valid_from = models.DateField(_("valid from"))
    basis = models.CharField(_("basis"), max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("eligibility list")
        verbose_name_plural = _("eligibility lists")
        ordering = ["-valid_from", "-id"]

    def __str__(self) -> str:
        return f"{self.city_id} {self.valid_from}"


class EligibilityKind(models.TextChoices):
    """Whether an item bars (九不能) or only warns (九不宜)."""

    CANNOT = "cannot", _("Cannot stand")
    SHOULD_NOT = "should_not", _("Should not stand")


class EligibilityItem(models.Model):
    """An item of a list and the department that answers it. Append-only; the department's name is that of the day."""

    list = models.ForeignKey(EligibilityList, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(_("kind"), max_length=10, choices=EligibilityKind)
    order = models.PositiveSmallIntegerField()
    words = models.CharField(_("item"), max_length=200)
    department = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("department"))
    department_name = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("item of an eligibility list")
        verbose_name_plural = _("items of eligibility lists")
        ordering = ["kind", "order"]
        constraints = [models.UniqueConstraint(fields=["list", "kind", "order"], name="eligibility_item_has_its_place")]

    def __str__(self) -> str:
        return self.words


class Education(models.TextChoices):
    """The highest school that somebody finished."""

    PRIMARY = "primary", _("Primary school")
    MIDDLE = "middle", _("Middle school")
    HIGH = "high", _("High school")
    COLLEGE = "college", _("College")
    UNIVERSITY = "university", _("University")


class Nominee(models.Model):
    """Somebody who is to stand in a village at an election: by name and village, without an identity number and without
    an account. Kept as entered; taken back once, with a reason. What is not needed for the check may be left empty.
    """

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="nominees", db_index=False)
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    list = models.ForeignKey(EligibilityList, on_delete=models.PROTECT, related_name="nominees")
    name = models.CharField(_("name"), max_length=60)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True)
    education = models.CharField(_("education"), max_length=10, choices=Education, blank=True)
    is_party_member = models.BooleanField(_("Party member"), null=True)
    terms_before = models.PositiveSmallIntegerField(_("terms served before"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    withdrawn_reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("nominee")
        verbose_name_plural = _("nominees")
        ordering = ["village", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "village", "name"],
                condition=Q(withdrawn_at=None),
                name="nominee_once_a_village",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="withdrawn_nominee_has_its_reason"
            ),
        ]
        # The nominees of an election by village.
        indexes = [models.Index(fields=["election", "village"], name="nominees_of_election")]

    def __str__(self) -> str:
        return self.name


class DepartmentOpinion(models.Model):
    """What a department says of a nominee: signed once, by a holder of a post there. Append-only."""

    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, related_name="opinions", db_index=False)
    department = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("opinion of a department")
        verbose_name_plural = _("opinions of departments")
        constraints = [models.UniqueConstraint(fields=["nominee", "department"], name="one_opinion_a_department")]

    def __str__(self) -> str:
        return f"{self.nominee_id} {self.department_id}"


class EligibilityAnswer(models.Model):
    """An opinion's answer to one item: whether it applies to the nominee, and then what is known. Append-only."""

    opinion = models.ForeignKey(DepartmentOpinion, on_delete=models.PROTECT, related_name="answers", db_index=False)
    item = models.ForeignKey(EligibilityItem, on_delete=models.PROTECT, related_name="+")
    applies = models.BooleanField(_("applies"))
    words = models.TextField(_("what is known"), blank=True)

    class Meta:
        verbose_name = _("answer to an item")
        verbose_name_plural = _("answers to items")
        constraints = [
            models.UniqueConstraint(fields=["opinion", "item"], name="one_eligibility_answer_an_item"),
            models.CheckConstraint(condition=Q(applies=False) | ~Q(words=""), name="what_applies_is_told"),
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.item_id}"


class EligibilityDecision(models.Model):
    """Whether a nominee may stand. Once, and append-only."""

    nominee = models.OneToOneField(Nominee, on_delete=models.PROTECT, related_name="decision")
    is_eligible = models.BooleanField(_("may stand"))
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision on a nominee")
        verbose_name_plural = _("decisions on nominees")
        constraints = [
            models.CheckConstraint(condition=Q(is_eligible=True) | ~Q(reason=""), name="refused_nominee_has_its_reason")
        ]

    def __str__(self) -> str:
        return f"{self.nominee_id} {self.is_eligible}"


class ElectedNominee(models.Model):
    """A nominee who was elected, and on which day. Append-only."""

    nominee = models.OneToOneField(Nominee, on_delete=models.PROTECT, related_name="elected")
    elected_on = models.DateField(_("elected on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("elected nominee")
        verbose_name_plural = _("elected nominees")

    def __str__(self) -> str:
        return f"{self.nominee_id} {self.elected_on}"

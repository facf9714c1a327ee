"""Who belongs to a coordination mechanism, from when until when, and whom one calls there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.models.history import tracked
from casework.models.unit import Unit


class Mechanism(models.Model):
    """A coordination mechanism. `lead` is the unit whose lead office runs it: the city."""

    lead = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="mechanism", verbose_name=_("led by"))
    name = models.CharField(_("name"), max_length=100)
    # As it stands in the head of a bulletin: “澄川市阳光澄川建设工作领导小组办公室”.
    office_name = models.CharField(_("name of the lead office"), max_length=60)

    history = tracked()

    class Meta:
        verbose_name = _("coordination mechanism")
        verbose_name_plural = _("coordination mechanisms")

    def __str__(self) -> str:
        return self.name


class MemberGroup(models.TextChoices):
    """Why a unit is a member. A zone stands beside the counties."""

    CO_SIGNING = "co_signing", _("Co-signing department")
    RURAL = "rural", _("Rural-affairs department")
    COUNTY = "county", _("County or district")
    ZONE = "zone", _("Functional zone")


class Membership(models.Model):
    """A unit belongs to a mechanism from `valid_from` until `valid_until` (the last day, included).

    Its name on a day is the unit's name on that day (`UnitName`): 市扶贫办 in March 2021, 市乡村振兴局 in July.
    """

    mechanism = models.ForeignKey(Mechanism, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("unit"))
    group = models.CharField(_("group"), max_length=10, choices=MemberGroup)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mechanism", "unit"], condition=Q(valid_until=None), name="one_current_membership"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="membership_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.mechanism}"


class ContactKind(models.TextChoices):
    LEADER = "leader", _("Leader in charge")
    SECTION = "section", _("Responsible section")
    PERSON = "person", _("Contact person")


class MemberContact(models.Model):
    """One of the three contacts of a member (分管领导, 责任科室, 具体人员), by date."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(_("contact"), max_length=8, choices=ContactKind)
    name = models.CharField(_("name"), max_length=60)
    title = models.CharField(_("office held"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = _("contact of a member unit")
        verbose_name_plural = _("contacts of member units")
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "kind"], condition=Q(valid_until=None), name="one_current_contact_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="contact_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class DutySheet(models.Model):
    """What a member has to do in the mechanism (职责), from a day on. Written once; the newest that has begun holds."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="duty_sheets")
    words = models.TextField(_("duties"))
    valid_from = models.DateField(_("from"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("duty sheet")
        verbose_name_plural = _("duty sheets")
        indexes = [models.Index(fields=["membership", "-valid_from", "-id"], name="newest_duty_sheet")]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.valid_from}"

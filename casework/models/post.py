"""Work belongs to posts; a person holds a post for a term."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.models.displays import display_of
from casework.models.history import tracked
from casework.models.person import Person
from casework.models.unit import Unit, UnitLevel
from casework.stages import Role

# At which units a role makes sense; a post elsewhere is refused.
LEVELS_OF_ROLE: dict[str, tuple[str, ...]] = {
    Role.INSPECTOR: (UnitLevel.CITY, UnitLevel.COUNTY),
    Role.COMMITTEE_MEMBER: (UnitLevel.VILLAGE,),
    Role.COMMITTEE_HEAD: (UnitLevel.VILLAGE,),
    Role.TOWN_REVIEWER: (UnitLevel.TOWN,),
    Role.COUNTY_SUPERVISOR: (UnitLevel.COUNTY,),
    Role.CITY_SUPERVISOR: (UnitLevel.CITY,),
    Role.DEPARTMENT_MEMBER: (UnitLevel.DEPARTMENT,),
    Role.VOLUNTEER: (UnitLevel.COUNTY, UnitLevel.TOWN, UnitLevel.VILLAGE),
    # Whoever gives out posts could give out any: so never below the city.
    Role.ADMINISTRATOR: (UnitLevel.PROVINCE, UnitLevel.CITY),
    Role.LEAD_OFFICE: (UnitLevel.CITY,),
    Role.MEMBER_REPORTER: (UnitLevel.COUNTY, UnitLevel.DEPARTMENT),
    Role.VILLAGE_SECRETARY: (UnitLevel.VILLAGE,),
}


class Post(models.Model):
    """A place at a unit with a role. A unit may have several of the same role."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    number = models.PositiveSmallIntegerField(_("number"), default=1)

    history = tracked()

    get_role_display = display_of("role", Role)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [models.UniqueConstraint(fields=["unit", "role", "number"], name="post_is_unique")]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_role_display()}"

    def clean(self) -> None:
        if self.unit_id and self.unit.level not in LEVELS_OF_ROLE[self.role]:
            raise ValidationError(
                _("%(role)s is not a role at a unit of the level %(level)s."),
                params={"role": self.get_role_display(), "level": self.unit.get_level_display()},
            )


class Term(models.Model):
    """From when until when (the last day, included) a person holds a post."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="terms", verbose_name=_("post"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="terms", verbose_name=_("person"))
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [models.UniqueConstraint(fields=["post", "person", "valid_from"], name="term_is_unique")]
        # Handovers: the terms that have ended lately.
        indexes = [models.Index(fields=["valid_until"], name="terms_by_last_day")]

    def __str__(self) -> str:
        return f"{self.person} · {self.post}"

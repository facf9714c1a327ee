"""Whose mechanism it is: who works for its lead office, and over whose villages and members it stands; and who enters
what for a village.
"""

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import Person, Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.rights.territories import villages_of
from casework.working_time.deadlines import local_day
from oversight.members.records import Mechanism


def mechanisms_led(person: Person, action: OfficeAction, on: date) -> QuerySet[Mechanism]:
    """The mechanisms for whose lead office this person does this."""
    return Mechanism.objects.filter(lead__in=[held.unit_id for held in posts_for(person, action, on)])


def mechanisms_over(person: Person, action: OfficeAction, on: date) -> QuerySet[Mechanism]:
    """The mechanisms led from the unit of one of this person's posts, or from a unit above it."""
    paths = {path for held in posts_for(person, action, on) for path in Unit.paths_down_to(held.unit_path)}
    return Mechanism.objects.filter(lead__path__in=paths) if paths else Mechanism.objects.filter(Q(pk__in=()))


def leads(person: Person, mechanism: Mechanism, action: OfficeAction, on: date) -> bool:
    """Whether this person does this for the mechanism's lead office."""
    return any(held.unit_id == mechanism.lead_id for held in posts_for(person, action, on))


def require_lead(person: Person, mechanism: Mechanism, action: OfficeAction, at: datetime) -> None:
    if not leads(person, mechanism, action, local_day(at)):
        raise NotAllowed(
            "not_your_mechanism", _("This is done by the lead office: %(unit)s.") % {"unit": mechanism.lead.name}
        )


def villages_entered_for(person: Person, on: date) -> QuerySet[Unit]:
    """The villages for which this person enters duty days, meetings and decisions."""
    return villages_of(person, OfficeAction.ENTER_FOR_VILLAGE, on=on)


def may_enter_for(person: Person, village: Unit, on: date) -> bool:
    """Whether the village is one of `villages_entered_for`."""
    return villages_entered_for(person, on).filter(pk=village.pk).exists()


def enters_from_paper(person: Person, village: Unit, on: date) -> bool:
    """Whether this person enters for the village by no post of its own: then the town does, from the village's paper."""
    return not any(held.unit_id == village.pk for held in posts_for(person, OfficeAction.ENTER_FOR_VILLAGE, on))


def require_enterer(person: Person, village: Unit, at: datetime) -> bool:
    """Refuse who enters nothing for this village; gives whether it is entered from paper."""
    on = local_day(at)
    if not may_enter_for(person, village, on):
        sentence = _("This is entered by the committee of %(village)s, or by its town.") % {"village": village.name}
        raise NotAllowed("not_your_village", sentence)
    return enters_from_paper(person, village, on)

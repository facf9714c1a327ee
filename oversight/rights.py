"""Whose mechanism it is: who works for its lead office, and over whose villages and members it stands."""

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import Person, Unit
from casework.rights import OfficeAction
from casework.roles import posts_for
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

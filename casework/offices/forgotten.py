"""Whoever forgot a password asks their office for another: the nearest administrator above a post of theirs is told."""

from datetime import datetime, timedelta

from casework.models import OfficeEvent, Person, Term, Unit
from casework.models.office_event import OfficeEventKind
from casework.models.unit import on_day
from casework.office_events import record_office_event
from casework.stages import Role
from casework.working_time.deadlines import local_day

# Asked again within this time, nobody is told a second time.
ASKED_FOR = timedelta(days=1)


def ask_for_password(*, person: Person | None, at: datetime) -> None:
    """Tell the office, where there is somebody to ask for and somebody to tell. Says nothing either way: whoever asks is
    not signed in, and must not learn which names are known.
    """
    if person is None or not person.is_active or _was_asked(person, at):
        return
    office = _nearest_office(person, at)
    if office is not None:
        record_office_event(
            kind=OfficeEventKind.PASSWORD_ASKED, unit=office, subject=person.pk, about=person.name[:200], by=None, at=at
        )


def _was_asked(person: Person, at: datetime) -> bool:
    kind = OfficeEventKind.PASSWORD_ASKED
    return OfficeEvent.objects.filter(kind=kind, subject=person.pk, at__gt=at - ASKED_FOR).exists()


def _nearest_office(person: Person, at: datetime) -> Unit | None:
    """The lowest unit above a post of this person's in which somebody else is the administrator today."""
    on = on_day(local_day(at))
    posts = Term.objects.filter(on, person=person).values_list("post__unit__path", flat=True)
    above = {path for post in posts for path in Unit.paths_down_to(post)}
    offices = Term.objects.filter(on, post__role=Role.ADMINISTRATOR, post__unit__path__in=above, person__is_active=True)
    units = [term.post.unit for term in offices.exclude(person=person).select_related("post__unit")]
    return max(units, key=lambda unit: len(unit.path), default=None)

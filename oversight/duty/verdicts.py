"""A person decides what becomes of a gap: a case, or nothing, with a reason. Once."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, NotAllowed, refuse
from casework.lifecycle.recording import require_words
from casework.models import Case, Person, Unit
from casework.rights.office_table import OfficeAction
from casework.rights.territories import villages_of
from casework.working_time.deadlines import local_day
from oversight.duty.gaps import Gap
from oversight.duty.records import GapVerdict
from oversight.mechanisms.corrections import length_refusals


def may_decide(person: Person, village: Unit, on: date) -> bool:
    """Whether this person decides about the gaps of this village: a town, county or city above it."""
    return villages_of(person, OfficeAction.DECIDE_GAP, on=on).filter(pk=village.pk).exists()


def require_decider(gap: Gap, *, by: Person, at: datetime) -> None:
    """Refuse other people, and a gap that somebody decided about already."""
    if not may_decide(by, gap.village, local_day(at)):
        sentence = _("Whether this becomes a case is decided by the town or county above %(village)s.")
        raise NotAllowed("not_your_gap", sentence % {"village": gap.village.name})
    if GapVerdict.objects.filter(_same(gap)).exists():
        raise _decided()


@transaction.atomic
def open_gap(*, gap: Gap, case: Case, by: Person, at: datetime) -> GapVerdict:
    """Say that this case was opened for it."""
    require_decider(gap, by=by, at=at)
    return _write(gap, case=case, by=by, at=at)


@transaction.atomic
def dismiss_gap(*, gap: Gap, reason: str, by: Person, at: datetime) -> GapVerdict:
    """Say why nothing comes of it. Refuses whoever entered what it is read from: that would be their own work."""
    require_decider(gap, by=by, at=at)
    if by.pk in gap.entered_by:
        sentence = _("You entered these records yourself, so somebody else decides that nothing comes of it.")
        raise NotAllowed("own_entry", sentence)
    reason = require_words(reason, field="reason", sentence=_("Say why no case is opened."))
    refuse(length_refusals(reason=reason))
    return _write(gap, reason=reason, by=by, at=at)


def _same(gap: Gap) -> Q:
    return Q(village=gap.village, kind=gap.kind, first_day=gap.first_day, about=gap.about)


def _write(gap: Gap, *, by: Person, at: datetime, case: Case | None = None, reason: str = "") -> GapVerdict:
    try:
        with transaction.atomic():
            return GapVerdict.objects.create(
                village=gap.village,
                kind=gap.kind,
                first_day=gap.first_day,
                last_day=gap.last_day,
                person=gap.person,
                about=gap.about,
                case=case,
                reason=reason,
                by=by,
                at=at,
            )
    except IntegrityError as error:
        raise _decided() from error


def _decided() -> Conflict:
    return Conflict("decided_already", _("Somebody decided about this already. Open the list again."))

"""What was added on a phone to a case: said there when all of it has arrived, unless somebody else had a hand in the case
since the phone took it along. Then its person sees both and decides; neither takes anything from the other.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict
from casework.events import UNANNOUNCED
from casework.models import Case, CaseEvent, Person, PhoneAddition, PhoneFileState
from casework.talk.attachments import AttachedFile, files_of
from casework.talk.commenting import write_comment


def happened_since(addition: PhoneAddition) -> QuerySet[CaseEvent]:
    """What others did or said in the case after the phone took it along; what a clock did is no word of anybody, and what
    comes unannounced is not told here.
    """
    entry = addition.entry
    later = Q(pk__gt=addition.seen_event) | Q(version__gt=addition.seen_version)
    found = CaseEvent.objects.filter(later, case=entry.case_id, by__isnull=False).exclude(kind__in=UNANNOUNCED)
    return found.exclude(by__in=(entry.person_id, entry.by_id)).order_by("at", "id")


def is_arriving(addition: PhoneAddition) -> bool:
    return addition.entry.files.filter(state=PhoneFileState.ARRIVING).exists()


def undecided_of(person: Person) -> QuerySet[PhoneAddition]:
    """What this person added and has to decide about, or of which photos are missing; the oldest first."""
    found = PhoneAddition.objects.filter(decided_at=None, entry__person=person)
    return found.select_related("entry__case").order_by("entry__at", "pk")


def keep_photo(addition: PhoneAddition, key: UUID, photo: AttachedFile) -> bool:
    """Put a photo with its addition; False where that was decided without it."""
    with transaction.atomic():
        locked = PhoneAddition.objects.select_for_update(of=("self",)).get(pk=addition.pk)
        if locked.decided_at is not None:
            return str(key) in locked.files
        locked.files[str(key)] = photo.as_row()
        locked.save(update_fields=["files"])
    return True


@transaction.atomic
def settle(addition: PhoneAddition, *, by: Person, at: datetime) -> PhoneAddition:
    """Say in the case what was added, if all of it is here and nobody else was at the case since. Done twice, it changes
    nothing. Two phones at once: the case's row lets one through first, and the other sees it.
    """
    locked = _locked(addition)
    if locked.decided_at is None and not is_arriving(locked) and not happened_since(locked).exists():
        _say(locked, by=by, at=at)
    return locked


@transaction.atomic
def decide(addition: PhoneAddition, *, keeps: bool, by: Person, at: datetime) -> PhoneAddition:
    """Keep what was added as a comment beside all that stands there, or leave it out; its words and photos stay with the
    entry in any case. Refuses with Conflict the other decision once one is made.
    """
    locked = _locked(addition)
    if locked.decided_at is not None:
        if locked.is_kept != keeps:
            raise Conflict("decided_already", _("This was decided already, and stays so. Both texts are below."))
    elif keeps:
        _say(locked, by=by, at=at)
    else:
        _close(locked, by=by, at=at)
    return locked


def _locked(addition: PhoneAddition) -> PhoneAddition:
    Case.objects.select_for_update(of=("self",)).get(pk=addition.entry.case_id)
    found = PhoneAddition.objects.select_for_update(of=("self",)).select_related("entry__case")
    return found.get(pk=addition.pk)


def _say(addition: PhoneAddition, *, by: Person, at: datetime) -> None:
    addition.comment = write_comment(
        case=addition.entry.case,
        words=addition.words,
        files=files_of(addition.attached()),
        key=addition.entry_id,
        by=by,
        at=at,
    )
    _close(addition, by=by, at=at)


def _close(addition: PhoneAddition, *, by: Person, at: datetime) -> None:
    addition.decided_by, addition.decided_at = by, at
    addition.save(update_fields=["comment", "decided_by", "decided_at"])

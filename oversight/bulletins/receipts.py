"""Members sign for a bulletin; who has not is reminded, once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.clocks.resting import in_batches
from casework.errors import Conflict, Invalid, NotAllowed
from casework.models import Person
from casework.models.office_event import OfficeEventKind
from casework.models.resting_row import ClockName
from casework.office_events import record_office_events
from casework.working_time.deadlines import local_day
from oversight.bulletins.queries import units_signed_for
from oversight.bulletins.records import BulletinReceipt, Recipient

BATCH = 200


@transaction.atomic
def sign_bulletin(*, recipient: Recipient, name: str, by: Person, at: datetime) -> BulletinReceipt:
    """Sign for a bulletin, with the name as it would stand on paper. Nobody is reminded afterwards."""
    name = name.strip()
    if not name:
        raise Invalid("words_missing", _("Sign with your name."), field="name")
    recipient = Recipient.objects.select_for_update(no_key=True).get(pk=recipient.pk)
    if recipient.unit_id not in units_signed_for(by, local_day(at)):
        raise NotAllowed("not_your_bulletin", _("Only %(unit)s signs for this.") % {"unit": recipient.unit_name})
    if BulletinReceipt.objects.filter(recipient=recipient).exists():
        raise Conflict("signed_already", _("This was signed for already."))
    receipt = BulletinReceipt.objects.create(recipient=recipient, name=name, by=by, at=at)
    Recipient.objects.filter(pk=recipient.pk).update(remind_at=None)
    return receipt


def remind_unsigned(*, at: datetime) -> int:
    """A clock: remind the members that have not signed for a bulletin in time, once. Gives how many."""
    due = (
        Recipient.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(remind_at__lte=at)
        .select_related("publication__bulletin", "publication__document")
        .order_by("remind_at", "id")
    )
    return in_batches(ClockName.BULLETINS, due, lambda late: _remind(late, at), at=at, size=BATCH)


def _remind(late: Sequence[Recipient], at: datetime) -> None:
    told = [
        (
            one.unit_id,
            one.publication.bulletin_id,
            f"{one.publication.document.number} {one.publication.bulletin.title}",
        )
        for one in late
    ]
    record_office_events(kind=OfficeEventKind.BULLETIN_UNSIGNED, told=told, by=None, at=at)
    Recipient.objects.filter(pk__in=[one.pk for one in late]).update(remind_at=None, reminded_at=at)

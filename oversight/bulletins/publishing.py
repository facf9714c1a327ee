"""An approved bulletin goes out: it takes its number, its words are kept as printed, and it is sent to the members."""

import hashlib
import json
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid
from casework.models import Person, UnitName
from casework.models.history import record_many, stamped
from casework.models.office_event import OfficeEventKind
from casework.models.unit import on_day
from casework.office_events import record_office_events
from casework.rights.office_table import OfficeAction
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import add_working_days, local_day, midnight
from oversight.bulletins.content import content_of
from oversight.bulletins.drafting import locked
from oversight.bulletins.records import Bulletin, BulletinSection, BulletinState, Publication, Recipient
from oversight.documents.numbers import take_number
from oversight.rights import require_lead

# So many working days after it went out, a member that has not signed for it is reminded.
DAYS_TO_SIGN = 3


@transaction.atomic
def publish_bulletin(
    *,
    bulletin: Bulletin,
    number: str,
    issue: int,
    total: int,
    issued_on: date,
    by: Person,
    at: datetime,
    reason: str = "",
) -> Publication:
    """Publish an approved bulletin under its number and send it to the members of its day. From then on nothing of it
    changes. Refuses what `take_number` refuses.
    """
    bulletin = locked(bulletin.pk)
    require_lead(by, bulletin.mechanism, OfficeAction.WRITE_BULLETIN, at)
    if bulletin.state == BulletinState.PUBLISHED:
        raise Conflict("published", _("It was published already."))
    if bulletin.state != BulletinState.APPROVED or bulletin.approved_at is None:
        raise Conflict("not_approved", _("A second person approves a bulletin before it is published."))
    approved_on, today = local_day(bulletin.approved_at), local_day(at)
    if not approved_on <= issued_on <= today:
        raise Invalid(
            "day_unfit",
            _("It is issued between its approval on %(approved)s and today.") % {"approved": exact_day(approved_on)},
            field="issued_on",
        )
    document = take_number(
        mechanism=bulletin.mechanism,
        title=bulletin.title,
        number=number,
        issue=issue,
        total=total,
        issued_on=issued_on,
        reason=reason,
        by=by,
        at=at,
    )
    content = content_of(bulletin, number=document.number, issue=issue, total=total, issued_on=issued_on).as_row()
    publication = Publication.objects.create(
        bulletin=bulletin, document=document, content=content, sha256=fingerprint(content), by=by, at=at
    )
    _freeze(bulletin, by=by, at=at)
    _send(publication, issued_on, at=at)
    tell_published(publication)
    return publication


def fingerprint(content: object) -> str:
    """The hash of what was printed, however a database orders the names in it."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _freeze(bulletin: Bulletin, *, by: Person, at: datetime) -> None:
    sections = list(BulletinSection.objects.filter(bulletin=bulletin))
    for section in sections:
        section.frozen_at = at
    bulletin.state = BulletinState.PUBLISHED
    with stamped(step="publish_bulletin", by=by, at=at):
        BulletinSection.objects.bulk_update(sections, ["frozen_at"])
        record_many(sections, change="~")
        bulletin.save()


def _send(publication: Publication, issued_on: date, *, at: datetime) -> None:
    """A row for each member of the day, with the name of the day, and the moment at which it would be reminded."""
    bulletin = publication.bulletin
    members = list(bulletin.mechanism.memberships.filter(on_day(issued_on)).select_related("unit").order_by("order"))
    named = UnitName.objects.filter(on_day(issued_on), unit__in=[one.unit_id for one in members])
    names = dict(named.order_by("valid_from", "pk").values_list("unit", "name"))
    remind_at = midnight(add_working_days(local_day(at), DAYS_TO_SIGN + 1))
    Recipient.objects.bulk_create(
        Recipient(
            publication=publication,
            membership=one,
            unit=one.unit,
            unit_name=names.get(one.unit_id, one.unit.name),
            order=order,
            remind_at=remind_at,
        )
        for order, one in enumerate(members, start=1)
    )


def tell_published(publication: Publication) -> None:
    """Tell the members that a bulletin came in."""
    bulletin = publication.bulletin
    about = f"{publication.document.number} {bulletin.title}"
    units = publication.recipients.values_list("unit", flat=True)
    record_office_events(
        kind=OfficeEventKind.BULLETIN_SENT,
        told=[(unit, bulletin.pk, about) for unit in units],
        by=publication.by,
        at=publication.at,
    )

"""A draft is handed in, returned with a reason, or approved: by somebody who has not written a word of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed
from casework.models import Person
from casework.models.history import stamped
from casework.models.office_event import OfficeEventKind
from casework.office_events import record_office_event
from casework.rights.office_table import OfficeAction
from oversight.bulletins.drafting import locked
from oversight.bulletins.figures import frozen
from oversight.bulletins.records import Bulletin, BulletinSection, BulletinState, Naming
from oversight.bulletins.tokens import keys_in
from oversight.rights import require_lead


@transaction.atomic
def submit_bulletin(*, bulletin: Bulletin, by: Person, at: datetime) -> Bulletin:
    """Hand a draft in for approval. Refuses one without words, and one that names a figure that is counted no more."""
    bulletin = _in_state(bulletin, BulletinState.DRAFT, by, at)
    sections = list(BulletinSection.objects.filter(bulletin=bulletin))
    if not any(section.text.strip() for section in sections):
        raise Invalid("bulletin_empty", _("There are no words in it yet. Write at least one section."))
    known = frozen(bulletin)
    for section in sections:
        lost = [key for key in keys_in(section.text) if key not in known]
        if lost:
            raise Invalid(
                "figure_unknown",
                _("There is no figure “%(key)s” in this bulletin. Choose one from the list of figures.")
                % {"key": lost[0]},
                field="text",
                values={"section": section},
            )
    bulletin.state, bulletin.returned_because = BulletinState.SUBMITTED, ""
    record_office_event(
        kind=OfficeEventKind.BULLETIN_TO_APPROVE,
        unit=bulletin.mechanism.lead_id,
        subject=bulletin.pk,
        about=bulletin.title,
        by=by,
        at=at,
    )
    return _save(bulletin, "submit_bulletin", by=by, at=at)


@transaction.atomic
def return_bulletin(*, bulletin: Bulletin, reason: str, by: Person, at: datetime) -> Bulletin:
    """Give a bulletin back to those who write it, with what is to be changed. An approval ends with it."""
    bulletin = _in_state(bulletin, (BulletinState.SUBMITTED, BulletinState.APPROVED), by, at)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say what is to be changed."), field="reason")
    bulletin.state, bulletin.returned_because = BulletinState.DRAFT, reason.strip()
    bulletin.approver, bulletin.approved_at = None, None
    return _save(bulletin, "return_bulletin", by=by, at=at, reason=reason.strip())


@transaction.atomic
def approve_bulletin(*, bulletin: Bulletin, by: Person, at: datetime) -> Bulletin:
    """Approve a bulletin as it stands. Refuses its author and everybody who has written in it."""
    bulletin = _in_state(bulletin, BulletinState.SUBMITTED, by, at)
    if wrote_in(bulletin, by):
        raise NotAllowed("own_bulletin", _("You have written in this bulletin, so a colleague must approve it."))
    bulletin.state, bulletin.approver, bulletin.approved_at = BulletinState.APPROVED, by, at
    return _save(bulletin, "approve_bulletin", by=by, at=at)


def wrote_in(bulletin: Bulletin, person: Person) -> bool:
    """Whether this person drafted it, changed one of its sections or its head, or named a unit in it."""
    if bulletin.author_id == person.pk:
        return True
    heads = Bulletin.history.filter(
        id=bulletin.pk, history_user=person, history_step__in=("change_head", "count_again")
    )
    sections = BulletinSection.history.filter(bulletin=bulletin.pk, history_user=person).exclude(
        history_step="publish_bulletin"
    )
    return heads.exists() or sections.exists() or Naming.objects.filter(bulletin=bulletin, by=person).exists()


def _in_state(
    bulletin: Bulletin, states: BulletinState | tuple[BulletinState, ...], by: Person, at: datetime
) -> Bulletin:
    """The bulletin, locked, in one of these states."""
    bulletin = locked(bulletin.pk)
    require_lead(by, bulletin.mechanism, OfficeAction.WRITE_BULLETIN, at)
    if bulletin.state not in (states if isinstance(states, tuple) else (states,)):
        raise Conflict(
            "wrong_state",
            _("This step is no longer open: the bulletin now stands at “%(state)s”.")
            % {"state": bulletin.get_state_display()},
        )
    return bulletin


def _save(bulletin: Bulletin, step: str, *, by: Person, at: datetime, reason: str = "") -> Bulletin:
    with stamped(step=step, by=by, at=at, reason=reason):
        bulletin.save()
    return bulletin

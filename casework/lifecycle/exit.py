"""Leaving the path without a strike-off: a mistaken case is withdrawn, a suspected crime is referred."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.lifecycle.recording import move, record, require, require_stage, require_words, verb
from casework.models import Case, Person, Referral, Unit, Withdrawal
from casework.models.case_event import EventKind
from casework.rights.table import Action
from casework.stages import OPEN, Stage


@verb
def withdraw_case(*, case: Case, reason: str, by: Person, at: datetime) -> Withdrawal:
    """The office takes a mistaken case back. It ends, and stays readable with its reason."""
    require(by, Action.WITHDRAW, case, at)
    require_stage(case, *OPEN)
    reason = require_words(reason, field="reason", sentence=_("Say why the case is withdrawn."))
    before = case.stage
    withdrawal = Withdrawal.objects.create(case=case, reason=reason, by=by, at=at)
    move(case, Stage.WITHDRAWN, at=at)
    record(case, EventKind.WITHDRAWN, by=by, at=at, action=Action.WITHDRAW, before=before, words=reason)
    return withdrawal


@verb
def refer_case(*, case: Case, to: Unit, reason: str, by: Person, at: datetime) -> Referral:
    """Hand a suspected crime to the discipline office. From now on nobody else sees the case."""
    require(by, Action.REFER, case, at)
    require_stage(case, *OPEN)
    reason = require_words(reason, field="reason", sentence=_("Say what is suspected."))
    if not to.is_discipline_office:
        raise Invalid("not_a_discipline_office", _("Choose a discipline office."), field="to")
    before = case.stage
    referral = Referral.objects.create(case=case, to=to, reason=reason, by=by, at=at)
    move(case, Stage.REFERRED, at=at)
    record(case, EventKind.REFERRED, by=by, at=at, action=Action.REFER, before=before, words=reason)
    return referral

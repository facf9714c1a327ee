"""Until the step is submitted: a wrong file is taken back, and a signed sheet gets the names that were still missing."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed
from casework.lifecycle.recording import record, require, require_stage, touch, verb
from casework.models import Case, Evidence, Person, TakenBack
from casework.models.case_event import EventKind
from casework.models.evidence import EvidenceKind
from casework.proofs.chain import chain_of
from casework.rights.table import Action
from casework.stages import Stage

MAY_GO = (EvidenceKind.AFTER, EvidenceKind.SIGNED_SHEET, EvidenceKind.DOCUMENT)


@verb
def take_back_evidence(
    *, case: Case, evidence: Evidence, from_paper: bool = False, by: Person, at: datetime
) -> TakenBack:
    """Take back a proof of the round that is not submitted yet; only who added it may. Its record stays in the chain."""
    action = _action(from_paper)
    _require_own_draft(case, evidence, action, by=by, at=at)
    taken_back = TakenBack.objects.create(evidence=evidence, by=by, at=at)
    touch(case, at=at)
    record(
        case,
        EventKind.EVIDENCE_TAKEN_BACK,
        by=by,
        at=at,
        action=action,
        before=case.stage,
        words=evidence.name,
    )
    return taken_back


@verb
def name_signers(
    *,
    case: Case,
    evidence: Evidence,
    signed_by: Sequence[str],
    from_paper: bool = False,
    by: Person,
    at: datetime,
) -> Evidence:
    """Say who signed a sheet that came without names: a new record of the same file takes its place in the chain."""
    action = _action(from_paper)
    _require_own_draft(case, evidence, action, by=by, at=at)
    names = [name.strip() for name in signed_by if name.strip()]
    if evidence.kind != EvidenceKind.SIGNED_SHEET or not names:
        raise Invalid("signers_missing", _("Give the name of each supervisor who signed."), field="signed_by")
    TakenBack.objects.create(evidence=evidence, by=by, at=at)
    named = Evidence.everything.select_related("measure").get(pk=evidence.pk)
    named.pk, named.number, named.signed_by = None, case.evidence_count + 1, names
    named.uploaded_by, named.uploaded_at, named.chain_before = by, at, case.evidence_chain
    named.chain = chain_of(named)
    named.save(force_insert=True)
    case.evidence_count, case.evidence_chain = named.number, named.chain
    touch(case, at=at)
    record(case, EventKind.EVIDENCE_ADDED, by=by, at=at, action=action, before=case.stage)
    return named


def _action(from_paper: bool) -> Action:
    return Action.ENTER_FROM_PAPER if from_paper else Action.ADD_EVIDENCE


def _require_own_draft(case: Case, evidence: Evidence, action: Action, *, by: Person, at: datetime) -> None:
    require(by, action, case, at)
    require_stage(case, Stage.RECTIFICATION)
    if evidence.case_id != case.pk or evidence.kind not in MAY_GO:
        raise Invalid("evidence_elsewhere", _("This file does not belong to the rectification of this case."))
    if evidence.round != case.round:
        raise Conflict("submitted_already", _("This file was submitted already; it stays with the case."))
    if evidence.uploaded_by_id != by.pk:
        raise NotAllowed("not_your_file", _("Only who added a file may take it back."))
    if TakenBack.objects.filter(evidence=evidence).exists():
        raise Conflict("taken_back_already", _("This file was taken back already."))

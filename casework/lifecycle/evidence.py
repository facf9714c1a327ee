"""Files that prove something: looked at, stored under their own hash, chained to the one before."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed
from casework.lifecycle.recording import record, require, require_stage, touch, verb
from casework.models import Case, Evidence, Measure, Person
from casework.models.case_event import EventKind
from casework.models.evidence import IMAGES, EvidenceKind
from casework.models.look_back import LookBackState
from casework.proofs.chain import chain_of
from casework.proofs.previews import ask_previews
from casework.proofs.turning import keep_turn, require_turn
from casework.proofs.uploads import LookedAt, look_at, shown_name
from casework.rights.table import Action
from casework.stages import OPEN, Stage

MOST_IN_ROUND = 20
PHOTOS_ONLY = (EvidenceKind.BEFORE, EvidenceKind.LOOK_BACK)


@verb
def add_evidence(
    *,
    case: Case,
    kind: str,
    upload: LookedAt,
    measure: Measure | None = None,
    signed_by: Sequence[str] = (),
    names_follow: bool = False,
    from_paper: bool = False,
    quarters: int = 0,
    by: Person,
    at: datetime,
) -> Evidence:
    """Add the record of a file, which `receive` has looked at and stored, to the case's chain.

    Photos of the problem may come from whoever reported it; everything else belongs to the rectification and comes
    from the responsible posts. The same file of the same kind, measure and round is taken once. Should the record fail
    after the file was written, the file stays under its hash without one: no record points nowhere.
    What comes `from_paper` the town adds for the village; the entry in the history is then the town's.
    A signed sheet whose `names_follow` is kept without them (taking_back.name_signers), and proves nothing until then.
    A photo is shown turned by `quarters` to the right; its file stays as it came in.
    """
    require_turn(quarters)
    names = _named(signed_by)
    _require_right(case, kind, from_paper, by=by, at=at)
    _check(case, kind, measure, names, names_follow)
    known = Evidence.objects.filter(case=case, round=case.round, kind=kind, measure=measure, sha256=upload.sha256)
    if (same := known.first()) is not None:
        return same
    evidence = _record_of(case, kind, upload, by=by, at=at)
    evidence.measure, evidence.signed_by = measure, names
    evidence.chain = chain_of(evidence)
    evidence.save()
    keep_turn(evidence, quarters, by=by, at=at)
    case.evidence_count, case.evidence_chain = evidence.number, evidence.chain
    touch(case, at=at)
    action = Action.ENTER_FROM_PAPER if from_paper else Action.ADD_EVIDENCE
    record(case, EventKind.EVIDENCE_ADDED, by=by, at=at, action=action, before=case.stage)
    if evidence.is_image:
        transaction.on_commit(lambda: ask_previews(evidence.pk))
    return evidence


def receive(
    *,
    case: Case,
    kind: str,
    upload: UploadedFile,
    measure: Measure | None = None,
    signed_by: Sequence[str] = (),
    names_follow: bool = False,
    from_paper: bool = False,
    quarters: int = 0,
    by: Person,
    at: datetime,
) -> LookedAt:
    """Look at a file and store it under its hash, for `add_evidence`: before any lock, since both may take seconds.

    Refuses what the verb would refuse of this person and case, before a byte is read.
    """
    require_turn(quarters)
    _require_right(case, kind, from_paper, by=by, at=at)
    _check(case, kind, measure, _named(signed_by), names_follow)
    looked_at = look_at(upload)
    if kind in PHOTOS_ONLY and looked_at.content.media_type not in IMAGES:
        raise Invalid("not_a_photo", _("Here a photo is needed. Add documents to the rectification."), field="upload")
    return looked_at.stored()


def _named(signed_by: Sequence[str]) -> list[str]:
    return [name.strip() for name in signed_by if name.strip()]


def _require_right(case: Case, kind: str, from_paper: bool, *, by: Person, at: datetime) -> None:
    if from_paper and kind in (EvidenceKind.AFTER, EvidenceKind.SIGNED_SHEET, EvidenceKind.DOCUMENT):
        require(by, Action.ENTER_FROM_PAPER, case, at)
        # The signed plan is there before the plan is entered.
        require_stage(case, Stage.RECTIFICATION, *([Stage.PLANNING] if kind == EvidenceKind.DOCUMENT else []))
    elif kind == EvidenceKind.BEFORE:
        require(by, Action.ADD_PHOTO_BEFORE, case, at)
        require_stage(case, *OPEN)
    elif kind == EvidenceKind.LOOK_BACK:
        require(by, Action.LOOK_BACK, case, at)
        require_stage(case, Stage.CLOSED)
        if not case.look_backs.filter(inspector=by, state=LookBackState.OPEN).exists():
            raise NotAllowed("not_drawn", _("This look-back belongs to the inspector who was drawn for it."))
    elif kind in EvidenceKind.values:
        require(by, Action.ADD_EVIDENCE, case, at)
        require_stage(case, Stage.RECTIFICATION)
    else:
        raise Invalid("kind_unknown", _("Choose what the file shows."), field="kind")


def _check(case: Case, kind: str, measure: Measure | None, names: list[str], names_follow: bool) -> None:
    if kind == EvidenceKind.SIGNED_SHEET and not names and not names_follow:
        raise Invalid("signers_missing", _("Give the name of each supervisor who signed."), field="signed_by")
    if measure is not None and measure.plan.case_id != case.pk:
        raise Invalid("measure_elsewhere", _("This measure belongs to another case."), field="measure")
    standing = Evidence.objects.filter(case=case, round=case.round).count()
    # What was taken back makes room again, but not for ever: its files stay on the disk.
    ever = Evidence.everything.filter(case=case, round=case.round).count()
    if standing >= MOST_IN_ROUND or ever >= 3 * MOST_IN_ROUND:
        raise Invalid(
            "too_many_files", _("A case takes up to 20 files in each round. Choose the best ones."), field="upload"
        )


def _record_of(case: Case, kind: str, upload: LookedAt, *, by: Person, at: datetime) -> Evidence:
    content = upload.content
    return Evidence(
        case=case,
        number=case.evidence_count + 1,
        kind=kind,
        round=case.round,
        name=shown_name(upload.name),
        media_type=content.media_type,
        size=upload.size,
        sha256=upload.sha256,
        stored_as=upload.stored_as,
        width=content.width,
        height=content.height,
        taken_at=content.taken_at,
        latitude=content.latitude,
        longitude=content.longitude,
        uploaded_by=by,
        uploaded_at=at,
        chain_before=case.evidence_chain,
    )

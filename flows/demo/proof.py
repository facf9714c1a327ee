"""Evidence of the demo: the records that the verb `add_evidence` writes, for pictures that were looked at once.

The verb decodes each upload whole, as it must; here the same few dozen pictures are added some two thousand times.
tests/flows/test_demo.py compares what both write.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from casework.events import event_of
from casework.lifecycle.recording import set_clock
from casework.models import Case, CaseEvent, Evidence, Measure, Person, PhotoPrint
from casework.models.case_event import EventKind
from casework.models.evidence import EvidenceKind, MediaType
from casework.models.history import history_of, stamped, write_history
from casework.proofs.chain import chain_of
from casework.proofs.content import ENDINGS, Content, inspect
from casework.proofs.uploads import store
from casework.rights.roles import post_for
from casework.rights.table import Action
from casework.talk.attachments import AttachedFile
from casework.working_time.deadlines import local_day

CHANGED = ("evidence_count", "evidence_chain", "version", "touched_at", "light", "next_step_at")


@dataclass(frozen=True)
class Proof:
    """A picture, and what it is said to show."""

    kind: EvidenceKind
    content: bytes
    name: str
    measure: Measure | None = None
    signed_by: tuple[str, ...] = ()
    # The demo's drawn pictures come again and again: only those of a story about photos are compared.
    is_compared: bool = False


@cache
def _looked_at(content: bytes) -> tuple[str, Content]:
    return hashlib.sha256(content).hexdigest(), inspect(BytesIO(content))


@cache
def _stored(content: bytes, media_type: MediaType, sha256: str, root: str) -> str:
    """The picture's name in the storage at `root`, where it is looked for once and not with each of its records."""
    return store(SimpleUploadedFile("picture", content, media_type), sha256, ENDINGS[media_type])


def add_proofs(case: Case, proofs: Sequence[tuple[Proof, datetime]], *, by: Person) -> list[Evidence]:
    """Add pictures one after the other: an evidence, an event and a row of history for each, in few writes."""
    before = case.stage
    held = post_for(by, Action.ADD_EVIDENCE, case, local_day(proofs[0][1]))
    kept, events, history = [], [], []
    for proof, at in proofs:
        kept.append(_evidence(case, proof, by=by, at=at))
        case.evidence_count, case.evidence_chain = kept[-1].number, kept[-1].chain
        case.version, case.touched_at = case.version + 1, at
        set_clock(case, at=at)
        with stamped(step="add_evidence", by=by, at=at):
            history += history_of([case], change="~")
        event = event_of(case, EventKind.EVIDENCE_ADDED, at=at)
        event.by, event.stage_before = by, before
        event.by_role, event.by_unit_id = (held.role, held.unit_id) if held else ("", None)
        events.append(event)
    Evidence.objects.bulk_create(kept)
    PhotoPrint.objects.bulk_create(
        PhotoPrint(evidence=one, checked_at=at)
        for one, (proof, at) in zip(kept, proofs, strict=True)
        if not proof.is_compared
    )
    CaseEvent.objects.bulk_create(events)
    write_history(history)
    Case.objects.filter(pk=case.pk).update(**{name: getattr(case, name) for name in CHANGED})
    return kept


def attached(name: str, content: bytes) -> AttachedFile:
    """A picture as it comes with a comment."""
    sha256, what = _looked_at(content)
    stored_as = store(SimpleUploadedFile(name, content, what.media_type), sha256, ENDINGS[what.media_type])
    return AttachedFile(name, what.media_type, len(content), sha256, stored_as, what.width, what.height)


def _evidence(case: Case, proof: Proof, *, by: Person, at: datetime) -> Evidence:
    sha256, what = _looked_at(proof.content)
    evidence = Evidence(
        case=case,
        number=case.evidence_count + 1,
        kind=proof.kind,
        round=case.round,
        measure=proof.measure,
        signed_by=list(proof.signed_by),
        name=proof.name,
        media_type=what.media_type,
        size=len(proof.content),
        sha256=sha256,
        stored_as=_stored(proof.content, what.media_type, sha256, str(settings.MEDIA_ROOT)),
        width=what.width,
        height=what.height,
        uploaded_by=by,
        uploaded_at=at,
        chain_before=case.evidence_chain,
    )
    evidence.chain = chain_of(evidence)
    return evidence

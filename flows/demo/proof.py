"""Evidence of the demo: the records that the verb `add_evidence` writes, for pictures that were looked at once.

The verb decodes each upload whole, as it must; here the same few dozen pictures are added some two thousand times.
tests/flows/test_demo.py compares what both write.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from casework.content import ENDINGS, Content, inspect
from casework.lifecycle.evidence import chain_of, store
from casework.lifecycle.recording import record, touch
from casework.models import Case, Evidence, Measure, Person
from casework.models.case_event import EventKind
from casework.models.evidence import EvidenceKind
from casework.models.history import stamped
from casework.roles import Action


@dataclass(frozen=True)
class Proof:
    """A picture, and what it is said to show."""

    kind: EvidenceKind
    content: bytes
    name: str
    measure: Measure | None = None
    signed_by: tuple[str, ...] = ()


@cache
def _looked_at(content: bytes) -> tuple[str, Content]:
    return hashlib.sha256(content).hexdigest(), inspect(BytesIO(content))


def add_proof(case: Case, proof: Proof, *, by: Person, at: datetime) -> None:
    sha256, what = _looked_at(proof.content)
    upload = SimpleUploadedFile(proof.name, proof.content, what.media_type)
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
        stored_as=store(upload, sha256, ENDINGS[what.media_type]),
        width=what.width,
        height=what.height,
        uploaded_by=by,
        uploaded_at=at,
        chain_before=case.evidence_chain,
    )
    evidence.chain = chain_of(evidence)
    with stamped(step="add_evidence", by=by, at=at):
        evidence.save(force_insert=True)
        case.evidence_count, case.evidence_chain = evidence.number, evidence.chain
        touch(case, at=at)
        record(case, EventKind.EVIDENCE_ADDED, by=by, at=at, action=Action.ADD_EVIDENCE, before=case.stage)

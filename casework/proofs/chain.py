"""The chain of evidence: each record carries the hash of the one before, so that none is swapped or taken out unseen."""

import hashlib
import json

from casework.models import Evidence


def chain_of(evidence: Evidence) -> str:
    """The SHA-256 over the record before and every word of this one."""
    said = {
        field.attname: getattr(evidence, field.attname)
        for field in evidence._meta.concrete_fields
        if field.attname not in ("id", "chain")
    }
    for moment in ("taken_at", "uploaded_at"):
        said[moment] = said[moment].timestamp() if said[moment] else None
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()

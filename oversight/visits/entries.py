"""The client's number of an entry: sent twice, also at the same moment, it is one entry."""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict
from casework.models import Person
from oversight.visits.records import VillageVisit, VisitEntry


def fingerprint(**said: Any) -> str:
    return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()


def entered_before(key: UUID | None, *, step: str, content: str, by: Person) -> VisitEntry | None:
    """The entry of this number. Refuses the same number for something else, or from somebody else."""
    known = VisitEntry.objects.select_related("visit").filter(key=key).first() if key else None
    if known is not None and (known.step, known.content, known.by_id) != (step, content, by.pk):
        raise _used_otherwise()
    return known


def remember(key: UUID | None, visit: VillageVisit, *, step: str, content: str, by: Person, at: datetime) -> None:
    if key is None:
        return
    try:
        with transaction.atomic():
            VisitEntry.objects.create(key=key, visit=visit, step=step, content=content, by=by, at=at)
    except IntegrityError as error:  # another visit took it at this very moment
        raise _used_otherwise() from error


def _used_otherwise() -> Conflict:
    return Conflict(
        "form_used", _("This form was handed in before with other words. Open it again and repeat the change.")
    )

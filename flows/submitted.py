"""Forms that were handed in: known by the key they carry, so that a double click changes nothing and leads to the same
case.
"""

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict
from casework.models import Case, Undone
from flows.models import SubmittedForm


@dataclass(frozen=True)
class Form:
    """What a form carries beside its words: its own key, and the version of the case that its reader saw."""

    key: UUID | None = None
    seen_version: int | None = None


NO_FORM = Form()


def fingerprint(content: Any) -> str:
    """A hash over what a form said, so that one key can't stand for two contents."""
    return hashlib.sha256(json.dumps(content, default=_as_json, sort_keys=True).encode()).hexdigest()


def _as_json(value: Any) -> Any:
    """A record stands by its key: its name may be another's as well, and may take a query."""
    if isinstance(value, Model):
        return [value._meta.label, value.pk]
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return repr(value)


def already_submitted(form: Form, *, step: str, content: str) -> Case | None:
    if form.key is None:
        return None
    known = SubmittedForm.objects.select_related("case").filter(key=form.key).first()
    if known is None:
        return None
    if (known.step, known.content) != (step, content):
        raise Conflict(
            "form_used", _("This form was handed in before with other words. Open it again and repeat the change.")
        )
    if Undone.objects.filter(event__case=known.case_id, event__at=known.at).exists():
        raise Conflict("form_undone", _("What this form said was undone. Open it again to hand it in anew."))
    return known.case


def was_submitted(key: str, step: str) -> bool:
    """Whether a form with this key was taken before: what a second click on the button finds."""
    try:
        return SubmittedForm.objects.filter(key=UUID(key), step=step).exists()
    except ValueError:
        return False


def remember(form: Form, case: Case, *, step: str, content: str, at: datetime) -> None:
    """Keep the form's key, in the door's transaction; the door says Busy (`twice`) of one that is kept already."""
    if form.key is not None:
        SubmittedForm.objects.create(key=form.key, case=case, step=step, content=content, at=at)

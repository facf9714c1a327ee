"""An entry of a register is put right: with a reason, and with what it said before in its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from simple_history.utils import get_history_model_for_model

from casework.errors import Invalid, NotAllowed, refuse
from casework.models import Person
from casework.models.history import record_many, stamped
from casework.values.plain_text import clean_text
from casework.working_time.deadlines import local_day
from oversight.mechanisms.corrections import reason_of
from oversight.registers.kinds import Register

STEP = "correct_entry"


@transaction.atomic
def correct_entry(
    register: Register, entry: Any, *, said: dict[str, Any], reason: str, by: Person, at: datetime
) -> Any:
    """Write what it should have said. Refuses other people, no reason, nothing changed, and what the register refuses of
    a new entry.
    """
    on = local_day(at)
    locked = register.model._default_manager.select_for_update(no_key=True).get(pk=entry.pk)
    if not register.may_correct(by, locked, on):
        raise NotAllowed("not_your_entry", _("This is put right by whoever enters it."))
    said = {name: _tidied(said[name], is_name=name in ("title", "name")) for name in register.columns}
    reason = reason_of(reason)
    refuse(register.refusals(locked, said, at))
    if all(getattr(locked, name) == value for name, value in said.items()):
        raise Invalid("nothing_changed", _("It says the same as before. Change what is wrong."), field="reason")
    _keep_first_words(locked)
    for name, value in said.items():
        setattr(locked, name, value)
    with stamped(step=STEP, by=by, at=at, reason=reason):
        locked.save(update_fields=list(register.columns))
    return locked


def _tidied(value: Any, *, is_name: bool) -> Any:
    if not isinstance(value, str):
        return value
    return " ".join(clean_text(value).split()) if is_name else clean_text(value).strip()


def _keep_first_words(entry: Any) -> None:
    """What was entered before its kind had a history has none yet: then its first words come first."""
    if entry.history.exists():
        return
    with stamped(step="enter_entry", by=entry.by, at=entry.at):
        record_many([entry], change="+")


@dataclass(frozen=True)
class Earlier:
    """What an entry said until somebody put it right: `was` are pairs of a column's name and what stood there."""

    was: list[tuple[Any, Any]]
    by: Person | None
    at: datetime
    reason: str


def earlier_words(
    model: type[Model], columns: Iterable[str], keys: Iterable[int], *, steps: tuple[str, ...] = (STEP,)
) -> dict[int, list[Earlier]]:
    """What these entries said before, the latest first. Two queries at most, however many entries."""
    rows: dict[int, list[Any]] = {}
    for row in (
        get_history_model_for_model(model)
        ._default_manager.filter(id__in=list(keys))
        .order_by("history_date", "history_id")
    ):
        rows.setdefault(row.id, []).append(row)
    corrected = {key: [pair for pair in pairwise(some) if pair[1].history_step in steps] for key, some in rows.items()}
    asked = {after.history_user_id for pairs in corrected.values() for _before, after in pairs}
    people = get_user_model()._default_manager.in_bulk([pk for pk in asked if pk]) if asked else {}
    names = {field.name: field.verbose_name for field in model._meta.fields}
    found: dict[int, list[Earlier]] = {}
    for key, pairs in corrected.items():
        for before, after in reversed(pairs):
            was = [
                (names[name], _shown(before, name)) for name in columns if getattr(before, name) != getattr(after, name)
            ]
            if was:
                by: Any = people.get(after.history_user_id)
                found.setdefault(key, []).append(Earlier(was, by, after.history_date, after.history_change_reason))
    return found


def _shown(row: Any, name: str) -> Any:
    label = getattr(row, f"get_{name}_display", None)
    value = label() if label else getattr(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, date) else (value or "–")

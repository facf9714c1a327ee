"""What changed at which step of a case: its history, read as the differences from one row to the next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from casework.models import Case, Person

STEP_TITLES = {
    "report_case": _("Report"),
    "report_clue": _("Clue from another platform"),
    "import_findings": _("Import"),
    "classify_case": _("Classification"),
    "classify_cases": _("Classification"),
    "screen_case": _("Screening"),
    "assign_case": _("Assignment"),
    "reassign_case": _("Reassignment"),
    "transfer_case": _("Transfer"),
    "import_units": _("Import of units"),
    "retire_unit": _("Unit no longer in use"),
    "submit_plan": _("Plan of measures"),
    "submit_rectification": _("Rectification"),
    "add_evidence": _("Evidence"),
    "take_back_evidence": _("File taken back"),
    "name_signers": _("Names of the signers"),
    "review_case": _("Review"),
    "close_case": _("Strike-off"),
    "decline_strike_off": _("Return at the strike-off"),
    "ask_extension": _("Extension asked for"),
    "decide_extension": _("Extension decided"),
    "pause_case": _("Pause"),
    "resume_case": _("End of the pause"),
    "withdraw_case": _("Withdrawal"),
    "refer_case": _("Referral"),
    "sign_letter": _("Letter signed for"),
    "answer_letter": _("Answer to a letter"),
    "judge_letter": _("Opinion on an answer"),
    "record_interview": _("Interview"),
    "decline_referral": _("Referral declined"),
    "give_verdict": _("Verdict on a relapse"),
    "name_earlier": _("Verdict on a relapse"),
    "appeal_verdict": _("Appeal against a verdict"),
    "remind_turn": _("Reminder by hand"),
    "undo_step": _("Step undone"),
    "accept_statement": _("A villager's statement taken up"),
    "check_look_back": _("Look-back"),
    "pass_on_look_back": _("Look-back given back"),
    "recompute_deadlines": _("The deadline moved with the calendar"),
    "turn_lights": _("The light turned"),
    "watch_closures": _("The strike-off is watched"),
}
# What a field is called here, where the model has no word for people.
LABELS = {
    "waits_at": _("waits at"),
    "evidence_count": _("number of files"),
    "days": _("working days"),
    "reported_by": _("reported by"),
    "found_in": _("import"),
    "is_imported_history": _("imported history"),
    "likely_duplicate_of": _("likely duplicate of"),
    "process": _("process"),
}
# Projections that follow from others, and what only programs read.
NOT_TOLD = {"light_floor", "evidence_chain", "city", "assigned_at", "returned_at", "reported_at"}


@dataclass(frozen=True)
class Change:
    """One field: its name and what it said before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class StepChanges:
    """One row of history: the verb that wrote it, its actor and moment, and the fields that it changed."""

    step: str
    by: Person | None
    at: datetime
    reason: str
    changes: list[Change]

    @property
    def title(self) -> str:
        return str(STEP_TITLES.get(self.step, self.step))


def changes_of(case: Case) -> list[StepChanges]:
    """The steps of a case that changed it, the latest first. Three queries and one more for each related model."""
    rows = list(case.history.select_related("history_user").order_by("history_date", "history_id"))
    names = _names(rows)
    steps = []
    before = None
    for row in rows:
        changes: list[Change] = list(_differences(before, row, names)) if before is not None else []
        if changes or before is None:
            steps.append(
                StepChanges(
                    row.history_step, row.history_user, row.history_date, row.history_change_reason or "", changes
                )
            )
        before = row
    return steps[::-1]


def _differences(before: Any, after: Any, names: dict[tuple[type[Model], int], str]) -> Iterator[Change]:
    for field in after.tracked_fields:
        if field.name in NOT_TOLD:
            continue
        was, now = getattr(before, field.attname), getattr(after, field.attname)
        if was != now:
            label = str(LABELS.get(field.name, field.verbose_name))
            yield Change(label, _words(field, was, names), _words(field, now, names))


def _words(field: Any, value: Any, names: dict[tuple[type[Model], int], str]) -> str:
    if value is None or value == "":
        return "–"
    if field.is_relation:
        return names.get((field.related_model, value), f"#{value}")
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, date) and not isinstance(value, datetime):
        return date_format(value)
    return str(value)


def _names(rows: list[Any]) -> dict[tuple[type[Model], int], str]:
    """The names of all related rows that the history mentions, one query a model."""
    wanted: dict[type[Model], set[int]] = {}
    for row in rows:
        for field in row.tracked_fields:
            value = getattr(row, field.attname) if field.is_relation else None
            if value is not None:
                wanted.setdefault(field.related_model, set()).add(value)
    return {
        (model, found.pk): str(found)
        for model, keys in wanted.items()
        for found in model._default_manager.filter(pk__in=keys)
    }

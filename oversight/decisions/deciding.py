"""A village's decision: opened once, its steps entered one by one, corrected by a later entry, or taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, Refusal, refuse
from casework.lifecycle.recording import require_words
from casework.models import Person, Unit
from casework.talk.attachments import AttachedFile
from oversight.decisions.records import Decision, DecisionStep, MeetingForm, StepKind
from oversight.duty.records import Minutes
from oversight.mechanisms.corrections import correction_of, day_refusals, file_refusals, length_refusals
from oversight.rights import require_enterer

LONGEST_MATTER = 120
MOST_PEOPLE = 100_000
COUNTED = (StepKind.PARTY_MEETING, StepKind.VILLAGE_MEETING)
PUBLICATIONS = (StepKind.DECISION_PUBLISHED, StepKind.RESULT_PUBLISHED)


@dataclass(frozen=True)
class Taken:
    """A step as it is entered. With `minutes` neither day nor words nor files are asked for again."""

    kind: int
    held_on: date | None = None
    form: str = ""
    due: int | None = None
    present: int | None = None
    in_favour: int | None = None
    place: str = ""
    words: str = ""
    files: Sequence[AttachedFile] = field(default=())
    minutes: Minutes | None = None

    @property
    def day(self) -> date | None:
        return self.minutes.held_on if self.minutes else self.held_on


@transaction.atomic
def open_decision(*, village: Unit, matter: str, words: str = "", by: Person, at: datetime) -> Decision:
    """Enter a major matter that is to be decided. Refuses other people, no words, and the same matter again."""
    from_paper = require_enterer(by, village, at)
    _lock(village)
    matter = require_words(matter, field="matter", sentence=_("Say which matter is decided."))
    if len(matter) > LONGEST_MATTER:
        too_long = _("At most %(most)d characters for the matter.") % {"most": LONGEST_MATTER}
        raise Invalid("matter_long", too_long, field="matter")
    refuse(length_refusals(words=words))
    if Decision.objects.filter(village=village, matter=matter).exists():
        sentence = _("A decision of this name is there already. Open that one, or write what tells them apart.")
        raise Conflict("entered_already", sentence, field="matter")
    return Decision.objects.create(
        village=village, matter=matter, words=words.strip(), from_paper=from_paper, by=by, at=at
    )


@transaction.atomic
def take_step(*, decision: Decision, taken: Taken, by: Person, at: datetime) -> DecisionStep:
    """Enter a step. Its place in the order is not refused: what is missing or too early is found and shown. Refuses
    other people, a day ahead, more present than entitled, more in favour than present, and a step that stands already.
    """
    from_paper = require_enterer(by, decision.village, at)
    _lock(decision.village)
    refuse(_refusals(decision, taken, at=at))
    newest = DecisionStep.objects.filter(decision=decision, kind=taken.kind, replaced_by=None).first()
    again: dict[str, Any] = {}
    if newest is not None:
        if not newest.is_withdrawn:
            raise Conflict("entered_already", _("This step is entered already. Correct that entry."), field="kind")
        again = {"replaces": newest, "reason": gettext("entered anew")}
    return _write(decision, taken, from_paper=from_paper, by=by, at=at, **again)


@transaction.atomic
def correct_step(*, step: DecisionStep, taken: Taken, reason: str, by: Person, at: datetime) -> DecisionStep:
    """Enter it anew in the place of an earlier entry of the same step, which stays."""
    from_paper = require_enterer(by, step.decision.village, at)
    _lock(step.decision.village)
    correction = correction_of(step, reason=reason, is_withdrawn=False, by=by, at=at)
    found = _refusals(step.decision, taken, at=at)
    if taken.kind != step.kind:
        found.append(
            Invalid("other_step", _("A correction is of the same step. Take this one back instead."), field="kind")
        )
    refuse(found)
    return _write(step.decision, taken, from_paper=from_paper, **correction)


@transaction.atomic
def withdraw_step(*, step: DecisionStep, reason: str, by: Person, at: datetime) -> DecisionStep:
    """Say that this step was not taken: the entry stays, and counts no more."""
    from_paper = require_enterer(by, step.decision.village, at)
    _lock(step.decision.village)
    correction = correction_of(step, reason=reason, is_withdrawn=True, by=by, at=at)
    same = {name: getattr(step, name) for name in ("decision", "kind", "held_on")}
    return DecisionStep.objects.create(from_paper=from_paper, **same, **correction)


def _lock(village: Unit) -> None:
    Unit.objects.select_for_update(no_key=True).get(pk=village.pk)


def effective_steps() -> QuerySet[DecisionStep]:
    """The entries that count: neither corrected by a later one nor taken back."""
    return DecisionStep.objects.filter(replaced_by=None, is_withdrawn=False)


def _refusals(decision: Decision, taken: Taken, *, at: datetime) -> list[Refusal]:
    found = length_refusals(words=taken.words) + file_refusals(taken.files)
    if taken.kind not in StepKind.values:
        return [*found, Invalid("kind_unknown", _("Choose which step it was."), field="kind")]
    if taken.minutes is not None and not _is_theirs(decision, taken.minutes):
        sentence = _("These minutes are not of this village, or were corrected. Choose them again.")
        found.append(Invalid("other_minutes", sentence, field="minutes"))
    if taken.day is None:
        found.append(Invalid("no_day", _("Choose the day, or the minutes that name it."), field="held_on"))
    else:
        found += day_refusals(taken.day, at=at, field="held_on")
    found += _count_refusals(taken)
    if taken.kind in PUBLICATIONS:
        if not taken.place.strip():
            sentence = _("Say where it was published: on which wall, in which group.")
            found.append(Invalid("place_missing", sentence, field="place"))
    elif not (taken.words.strip() or taken.files or taken.minutes):
        sentence = _("Say in a sentence what was said, add the sheet, or choose minutes that are entered already.")
        found.append(Invalid("nothing_shown", sentence, field="words"))
    return found


def _is_theirs(decision: Decision, minutes: Minutes) -> bool:
    is_corrected = Minutes.objects.filter(replaces=minutes.pk).exists()
    return minutes.village_id == decision.village_id and not minutes.is_withdrawn and not is_corrected


def _count_refusals(taken: Taken) -> list[Refusal]:
    found: list[Refusal] = []
    counts = {"due": taken.due, "present": taken.present, "in_favour": taken.in_favour}
    for name, count in counts.items():
        if count is None and taken.kind in COUNTED:
            sentence = _("Say how many: entitled, present and in favour.")
            found.append(Invalid("count_missing", sentence, field=name))
        elif count is not None and not 0 <= count <= MOST_PEOPLE:
            found.append(Invalid("count_odd", _("Please look at the number."), field=name))
    due, present, in_favour = counts.values()
    if due == 0:
        found.append(Invalid("nobody_due", _("At least one person is entitled."), field="due"))
    if due is not None and present is not None and present > due:
        sentence = _("More were present (%(present)d) than are entitled (%(due)d). Look at both numbers.")
        found.append(Invalid("more_present", sentence % {"present": present, "due": due}, field="present"))
    if present is not None and in_favour is not None and in_favour > present:
        sentence = _("More were in favour (%(favour)d) than present (%(present)d). Look at both numbers.")
        found.append(Invalid("more_in_favour", sentence % {"favour": in_favour, "present": present}, field="in_favour"))
    if taken.kind == StepKind.VILLAGE_MEETING and taken.form not in MeetingForm.values:
        found.append(Invalid("form_missing", _("Say who voted: on this hangs how many must be there."), field="form"))
    return found


def _write(decision: Decision, taken: Taken, **values: Any) -> DecisionStep:
    assert taken.day is not None
    is_vote = taken.kind == StepKind.VILLAGE_MEETING
    return DecisionStep.objects.create(
        decision=decision,
        kind=taken.kind,
        held_on=taken.day,
        form=taken.form if is_vote else "",
        due=taken.due,
        present=taken.present,
        in_favour=taken.in_favour,
        place=taken.place.strip()[:120] if taken.kind in PUBLICATIONS else "",
        words=taken.words.strip(),
        files=[file.as_row() for file in taken.files],
        minutes=taken.minutes,
        **values,
    )

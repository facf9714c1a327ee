"""Many findings get their category by one decision: the same as classifying each of them, written as a set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from casework.database import bulk_sql
from casework.errors import Conflict, Invalid, Refusal
from casework.events import event_of
from casework.lifecycle.filing import file_under
from casework.lifecycle.recording import require, require_stage, set_clock, verb
from casework.models import Case, CatalogueItem, Person
from casework.models.case_event import EventKind
from casework.models.category import Severity, local_name
from casework.models.history import record_changed
from casework.models.relapse import FoundBy
from casework.relapse.candidates import note_and_match_all
from casework.rights.roles import post_for
from casework.rights.table import Action
from casework.stages import BEFORE_ASSIGNMENT
from casework.working_time.deadlines import local_day

# What one decision takes on: what follows from a category is looked for within it.
MOST_AT_ONCE = 1000
CHANGED = (
    "item",
    "is_item_guessed",
    "severity",
    "kind",
    "days",
    "clause",
    "light",
    "next_step_at",
    "touched_at",
    "version",
)


@dataclass(frozen=True)
class Classified:
    """The cases that got their category, and those that did not, each with its reason."""

    done: list[Case]
    refused: list[tuple[Case, Refusal]]


@verb
def classify_cases(
    *, cases: Sequence[int], item: CatalogueItem, severity: int | None = None, by: Person, at: datetime
) -> Classified:
    """Give these cases, by their keys, one item. Each keeps the severity with which it came, unless one is given for
    all; where it came without, the item's own counts. What was filed by its words alone (`is_item_guessed`) can be given
    its item too, the same or another.

    What can't be classified by this person, or has got a category meanwhile, is refused by itself, and the rest is done.
    """
    if severity is not None and severity not in Severity.values:
        raise Invalid("severity_unknown", _("Choose a severity from 1 to 4."), field="severity")
    if not item.is_active:
        raise Invalid("item_unused", _("“%(item)s” is no longer in use.") % {"item": local_name(item)}, field="item")
    if len(cases) > MOST_AT_ONCE:
        raise Invalid("too_many_at_once", _("One decision takes at most %(most)d findings.") % {"most": MOST_AT_ONCE})
    done: list[Case] = []
    refused: list[tuple[Case, Refusal]] = []
    # In one order, so that two decisions can't wait for each other's cases.
    locked = Case.objects.select_for_update(of=("self",)).filter(pk__in=cases).order_by("pk")
    for case in locked.select_related("county", "city", "item", "village"):
        try:
            _require_classifiable(case, by=by, at=at)
        except Refusal as refusal:
            refused.append((case, refusal))
        else:
            done.append(case)
    for case in done:
        file_under(case, item, severity or _severity_it_came_with(case) or item.severity)
        case.touched_at = at
        case.version += 1
        set_clock(case, at=at)
    bulk_sql.update(done, CHANGED)
    record_changed(done)
    note_and_match_all(done, found=FoundBy.REPORT, at=at)
    _record_events(done, item, by=by, at=at)
    return Classified(done, refused)


def _require_classifiable(case: Case, *, by: Person, at: datetime) -> None:
    require(by, Action.CLASSIFY, case, at)
    require_stage(case, *BEFORE_ASSIGNMENT)
    if case.item is not None and not case.is_item_guessed:
        raise Conflict(
            "classified_already",
            _("Somebody was faster: it is filed under “%(item)s” already.") % {"item": local_name(case.item)},
        )


def _severity_it_came_with(case: Case) -> int | None:
    """A guessed item has given its own where the file had no word for it."""
    return None if case.is_item_guessed and not case.severity_words else case.severity


def _record_events(cases: Sequence[Case], item: CatalogueItem, *, by: Person, at: datetime) -> None:
    events = []
    for case in cases:
        held = post_for(by, Action.CLASSIFY, case, local_day(at))
        event = event_of(case, EventKind.CLASSIFIED, at=at, words=str(item))
        event.by = by
        event.by_role, event.by_unit_id = (held.role, held.unit_id) if held else ("", None)
        events.append(event)
    bulk_sql.insert(events)

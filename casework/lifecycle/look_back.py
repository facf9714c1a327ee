"""A look-back is done: the drawn inspector went there, saw, took a photo, and says whether it stays fixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.lifecycle.recording import record, require_words, touch, verb
from casework.lifecycle.reporting import Finding, report_case
from casework.models import Case, Evidence, LookBack, LookBackPhoto, Person, Source
from casework.models.case_event import EventKind
from casework.models.evidence import EvidenceKind
from casework.models.look_back import LookBackKind, LookBackState, Outcome
from casework.rights.hands import had_a_hand
from casework.rights.roles import post_for
from casework.rights.table import Action
from casework.stages import Light, Watch
from casework.values.positions import real_position
from casework.watch.consolidation import end_consolidation, planned
from casework.working_time.deadlines import local_day

# A partial result is looked at again after a month, and after two the next time.
DAYS_AFTER_PARTLY = 30


@dataclass(frozen=True)
class Seen:
    """What the inspector saw. Degrees north and east, or why there are none; `asked` counts those who were asked."""

    outcome: str
    words: str
    is_paper_only: bool = False
    asked: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    why_no_position: str = ""


def refusal_to_look_back(person: Person, look_back: LookBack, at: datetime) -> Refusal | None:
    """Why this person may not do this look-back, or None: it is the drawn inspector's, while it is open, and never a
    matter of whoever had a hand in what is looked at.
    """
    on = local_day(at)
    if look_back.inspector_id != person.pk or post_for(person, Action.LOOK_BACK, look_back.case, on) is None:
        return NotAllowed("not_drawn", _("This look-back belongs to the inspector who was drawn for it."))
    if look_back.state != LookBackState.OPEN:
        return Conflict("look_back_done", _("This look-back is not open."))
    if had_a_hand(person, look_back.case, on=on):
        return NotAllowed(
            "own_closure", _("You had a hand in this rectification or its strike-off, so somebody else looks back.")
        )
    return None


def refusal_to_pass_on(person: Person, look_back: LookBack, at: datetime) -> Refusal | None:
    """Why this person may not give this look-back back, or None. Whoever was drawn in spite of a hand in the case may:
    that is all they may do with it.
    """
    refused = refusal_to_look_back(person, look_back, at)
    return None if refused is not None and refused.code == "own_closure" else refused


@verb
def check_look_back(
    *, look_back: LookBack, seen: Seen, photos: Sequence[Evidence], by: Person, at: datetime
) -> Case | None:
    """Enter the result. Gives the new case if the problem is back: a candidate for a relapse, for the office to decide.

    `photos` are files of the case that the inspector has just added; at least one, with a position from the camera,
    the phone or a reason why there is none.
    """
    refused = refusal_to_look_back(by, look_back, at)
    if refused is not None:
        raise refused
    latitude, longitude = _checked(look_back, seen, photos)
    on, case = local_day(at), look_back.case
    look_back.outcome, look_back.words, look_back.asked = seen.outcome, seen.words.strip(), seen.asked
    look_back.is_paper_only = seen.is_paper_only and seen.outcome != Outcome.HELD
    look_back.latitude, look_back.longitude = latitude, longitude
    look_back.why_no_position = seen.why_no_position.strip()
    look_back.state, look_back.done_at = LookBackState.DONE, at
    look_back.light, look_back.next_step_at = Light.NONE, None
    LookBackPhoto.objects.bulk_create([LookBackPhoto(look_back=look_back, evidence=photo) for photo in photos])
    again = _report_again(look_back, by=by, at=at) if seen.outcome == Outcome.BACK else None
    look_back.led_to = again
    look_back.save()
    if seen.outcome == Outcome.BACK:
        end_consolidation(case, watch=Watch.FAILED)
    elif seen.outcome == Outcome.PARTLY:
        _look_again(look_back, on + timedelta(days=DAYS_AFTER_PARTLY))
    elif case.watch == Watch.WATCHED and not _is_more_to_come(case, look_back):
        end_consolidation(case, watch=Watch.ARCHIVED)
    touch(case, at=at)
    words = f"{look_back.get_outcome_display()} · {look_back.words}"
    record(case, EventKind.LOOK_BACK_DONE, by=by, at=at, action=Action.LOOK_BACK, before=case.stage, words=words)
    return again


def _checked(look_back: LookBack, seen: Seen, photos: Sequence[Evidence]) -> tuple[float | None, float | None]:
    """Refuse what is incomplete, naming every field; gives the position, of the phone or else of the first photo."""
    refusals: list[Refusal] = []
    if seen.outcome not in Outcome.values:
        refusals.append(Invalid("outcome_missing", _("Say whether it stays fixed."), field="outcome"))
    if not seen.words.strip():
        refusals.append(Invalid("words_missing", _("Say what you saw there."), field="words"))
    if not photos or any(
        photo.case_id != look_back.case_id or photo.kind != EvidenceKind.LOOK_BACK for photo in photos
    ):
        refusals.append(Invalid("photo_missing", _("Take at least one photo on site."), field="photos"))
    elif LookBackPhoto.objects.filter(evidence__in=[photo.pk for photo in photos]).exists():
        refusals.append(
            Invalid(
                "photo_used", _("This photo was handed in at an earlier look-back. Take a new one."), field="photos"
            )
        )
    if look_back.kind == LookBackKind.REVERSE and not seen.asked:
        refusals.append(Invalid("nobody_asked", _("Ask those affected, and say how many you asked."), field="asked"))
    told = [(seen.latitude, seen.longitude), *((photo.latitude, photo.longitude) for photo in photos)]
    positions = [place for place in (real_position(*each) for each in told) if place is not None]
    if not positions and not seen.why_no_position.strip():
        refusals.append(
            Invalid("position_missing", _("Take your position, or say why there is none."), field="why_no_position")
        )
    refuse(refusals)
    return positions[0] if positions else (None, None)


def _is_more_to_come(case: Case, look_back: LookBack) -> bool:
    waiting = case.look_backs.filter(state__in=(LookBackState.PLANNED, LookBackState.OPEN))
    return waiting.exclude(pk=look_back.pk).exclude(kind=LookBackKind.REVERSE).exists()


def _look_again(look_back: LookBack, day: date) -> None:
    number = look_back.case.look_backs.count() + 1
    planned(look_back.case, look_back.closure, LookBackKind.AGAIN, day=day, number=number).save()


def _report_again(look_back: LookBack, *, by: Person, at: datetime) -> Case:
    case, on = look_back.case, local_day(at)
    return report_case(
        finding=Finding(
            village=case.village,
            description=look_back.words,
            found_on=on,
            fact_on=on,
            item=case.item,
            severity=case.severity,
            object_name=str(case.object or ""),
            source=Source.LOOK_BACK,
            place=case.place,
            latitude=look_back.latitude,
            longitude=look_back.longitude,
            clause=case.clause,
            required_action=case.required_action,
            relapse_of=case,
        ),
        by=by,
        at=at,
    )


@verb
def pass_on_look_back(*, look_back: LookBack, reason: str, by: Person, at: datetime) -> LookBack:
    """The drawn inspector can't go, or knows the people there: another one is drawn with the next sweep."""
    refused = refusal_to_pass_on(by, look_back, at)
    if refused is not None:
        raise refused
    reason = require_words(reason, field="reason", sentence=_("Say why somebody else has to go."))
    look_back.passed_by = [*look_back.passed_by, by.pk]
    # Without a draw, so that the county hears of it if nobody else can be drawn; the history keeps the one before.
    look_back.inspector, look_back.seed, look_back.next_step_at = None, "", at
    look_back.save()
    case = look_back.case
    touch(case, at=at)
    record(case, EventKind.LOOK_BACK_GIVEN_BACK, by=by, at=at, action=Action.LOOK_BACK, before=case.stage, words=reason)
    return look_back

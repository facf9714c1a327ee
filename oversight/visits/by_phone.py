"""A visit that was made on a phone without a network: through the same verbs as on its page, all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from casework.models import Case, Person
from oversight.visits.making import answer_items, arrive, finish_visit, link_found_case
from oversight.visits.records import FoundCase, ItemAnswer, VillageVisit, VisitAnswer, VisitState
from oversight.visits.signing import Signature


@dataclass(frozen=True)
class MadeVisit:
    """What a phone says of a visit, under the key it gave: each part of it has a number of its own from that key.

    `arrived_at` and `done_at` are the moments of the phone's clock, which was ahead by `clock_off` seconds.
    """

    key: UUID
    answers: Mapping[int, str]
    signature: Signature
    position: tuple[float, float] | None = None
    arrived_at: datetime | None = None
    done_at: datetime | None = None
    clock_off: int | None = None

    def part(self, name: str) -> UUID:
        return uuid5(self.key, name)


@transaction.atomic
def take_made_visit(
    *, visit: VillageVisit, made: MadeVisit, by: Person, at: datetime, taken_in_by: Person | None = None
) -> VillageVisit:
    """Arrived, answered, done: once, however often it is sent. Refuses what the verbs refuse; then nothing of it holds.

    The phone has asked about a position that can't be; here it is only marked. What the phone's clock said stands beside
    the server's moments and decides nothing. `by` made the visit; `taken_in_by` read it from an emergency file.
    """
    visit = VillageVisit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if visit.state == VisitState.PLANNED:
        latitude, longitude = made.position or (None, None)
        key = made.part("arrive")
        visit = arrive(visit=visit, latitude=latitude, longitude=longitude, is_confirmed=True, by=by, at=at, key=key)
    answer_items(visit=visit, answers=made.answers, by=by, at=at, key=made.part("answer"))
    if visit.state != VisitState.DONE:
        visit.arrived_stated_at, visit.done_stated_at = made.arrived_at, made.done_at
        visit.clock_off, visit.taken_in_by = made.clock_off, taken_in_by
        visit.save(update_fields=["arrived_stated_at", "done_stated_at", "clock_off", "taken_in_by"])
    return finish_visit(visit=visit, signature=made.signature, by=by, at=at, key=made.part("finish"))


@transaction.atomic
def link_found_by_phone(*, visit: VillageVisit, line: int, case: Case, by: Person, at: datetime) -> None:
    """A finding that a phone entered at an item of a visit's checklist stands with it, once."""
    visit = VillageVisit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if FoundCase.objects.filter(case=case).exists():
        return
    if visit.state == VisitState.PLANNED:
        visit = arrive(visit=visit, by=by, at=at)
    answer = ItemAnswer.objects.filter(visit=visit, line=line).first()
    if answer is None:
        answer_items(visit=visit, answers={line: VisitAnswer.FINDING}, by=by, at=at)
        answer = ItemAnswer.objects.get(visit=visit, line=line)
    link_found_case(answer=answer, case=case, by=by, at=at)

"""Relapse: candidates are looked for, an office gives its verdict, and the level above hears an appeal once."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from casework.clocks.resting import in_batches, rest, work_off
from casework.models import Case, CaseTraits, FindingImport, RelapseCandidate, RelapseVerdict
from casework.models.relapse import NAMED, FoundBy
from casework.models.resting_row import ClockName
from casework.relapse.matching import Match, current_weights, matches_of, only_first_reports
from casework.relapse.model import current_model
from casework.relapse.traits import note_missing_traits, note_or_rest, note_traits_of_import
from casework.stages import Stage

log = logging.getLogger(__name__)

BATCH = 10_000

Shown = TypeVar("Shown")


def look_for_candidates(cases: Sequence[int], *, found: str, at: datetime) -> int:
    """Match cases with what was struck off before them and keep what looks like a relapse; gives how many.

    A candidate on which nobody has decided yet is weighed anew, and dropped if it no longer holds; one with a verdict
    stays as it was. Their traits must have been written.
    """
    matches = _once(matches_of(cases))
    version = current_weights()[0] if matches else 0
    verdicts = RelapseVerdict.objects.filter(candidate=OuterRef("pk"))
    known = list(
        RelapseCandidate.objects.filter(case__in=cases).values_list("pk", "case", "earlier", "found", Exists(verdicts))
    )
    decided = {(case, earlier) for _pk, case, earlier, _found, is_decided in known if is_decided}
    rows = [
        RelapseCandidate(
            case_id=match.case,
            earlier_id=match.earlier,
            score=match.score,
            features=dict(match.features),
            weights_version=version,
            model_version=current_model().version,
            found=found,
            found_at=at,
        )
        for match in matches
        if match.case is not None and (match.case, match.earlier) not in decided
    ]
    pairs = {(row.case_id, row.earlier_id) for row in rows}
    stale = [
        pk
        for pk, case, earlier, found_by, is_decided in known
        if not is_decided and found_by not in NAMED and (case, earlier) not in pairs
    ]
    RelapseCandidate.objects.filter(pk__in=stale).delete()
    RelapseCandidate.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["case", "earlier"],
        update_fields=["score", "features", "weights_version", "model_version"],
    )
    CaseTraits.objects.filter(case__in=cases).update(matched_at=at)
    return len(rows)


def _once(matches: Sequence[Match]) -> list[Match]:
    """Only the first report of a week, those of before among them."""
    earlier = {match.earlier for match in matches}
    there = RelapseCandidate.objects.filter(earlier__in=earlier).values_list("earlier", "case")
    reported = {*there, *((match.earlier, match.case) for match in matches if match.case is not None)}
    days = {
        pk: (found_on, closed_on)
        for pk, found_on, closed_on in Case.objects.filter(pk__in={case for _earlier, case in reported}).values_list(
            "pk", "found_on", "closed_on"
        )
    }
    return only_first_reports(matches, reported, days)


def note_and_match(case: Case, *, found: str, at: datetime) -> None:
    """What a verb asks for on the spot: note what the case is about, and look for what it may be the return of."""
    note_and_match_all([case], found=found, at=at)


def note_and_match_all(cases: Sequence[Case], *, found: str, at: datetime) -> None:
    """The same for the cases of one decision.

    Neither may keep the verb from being done: where one fails, the case rests in its clock, is shown to whoever watches
    the clocks, and is looked at again by the sweep.
    """
    resting = set(note_or_rest(cases, at=at))
    noted = [case.pk for case in cases if case.pk not in resting]
    failed = work_off(noted, lambda keys: look_for_candidates(keys, found=found, at=at))
    for key, error in failed:
        CaseTraits.objects.filter(case=key).update(matched_at=None)
        rest(ClockName.CANDIDATES, key, error, at=at, case=key)


def listed(look: Callable[[], Sequence[Shown]], *, of: str) -> list[Shown]:
    """What a page shows beside its matter. Where the words of a case can't be read or compared, the page comes without
    it, and the log says for which case (`of`) and what kind of error it was.
    """
    found: list[Shown] = []
    for _case, error in work_off([of], lambda _cases: found.extend(look())):
        log.error("the earlier cases of %s can't be listed: %s", of, type(error).__name__)
    return found


def look_for_unmatched(*, at: datetime) -> int:
    """Match whatever has not been matched yet, by the batch."""
    note_missing_traits(at=at)
    return _match_waiting(CaseTraits.objects.all(), found=FoundBy.SWEEP, at=at)


def match_import(run: FindingImport, *, at: datetime) -> int:
    """The same for what a file brought in, and nothing else that waits: a city's old cases are the sweep's."""
    note_traits_of_import(run, at=at)
    mine = CaseTraits.objects.filter(case__in=Case.objects.filter(found_in=run).values("pk"))
    return _match_waiting(mine, found=FoundBy.IMPORT, at=at)


def _match_waiting(traits: QuerySet[CaseTraits], *, found: str, at: datetime) -> int:
    kept: list[int] = []

    def match(rows: Sequence[CaseTraits]) -> None:
        kept.append(look_for_candidates([row.case_id for row in rows], found=found, at=at))

    waiting = traits.select_for_update(skip_locked=True).filter(matched_at=None)
    in_batches(ClockName.CANDIDATES, waiting.only("case").order_by("case"), match, at=at, size=BATCH)
    return sum(kept)


def expect_matches(run: FindingImport) -> None:
    """What arrived closed in a file may be the earlier case of others that were there before it: these are to be
    matched anew. A file of open findings alone asks nothing of them.
    """
    arrived = Case.objects.filter(found_in=run, stage=Stage.CLOSED)
    first = arrived.aggregate(day=Min("closed_on"))["day"]
    if first is None:
        return
    later = Q(village__in=arrived.values("village"), fact_on__gt=first, matched_at__isnull=False)
    history = arrived.filter(village=OuterRef("village"), closed_on__lt=OuterRef("fact_on"))
    CaseTraits.objects.filter(later, Exists(history)).update(matched_at=None)

"""What cases are about, written down when they come in and again when their item or object changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Max, Q

from casework.caching.rules import RefreshingCache
from casework.clocks.cursors import reach, reached
from casework.clocks.resting import Rest, in_batches, rest, work_off
from casework.database.bulk_sql import put
from casework.models import Case, CaseObject, CaseTraits, CatalogueItem, FindingImport, Unit
from casework.models.resting_row import ClockName
from recognition.aspects import STANDING
from recognition.learned import items_meant
from recognition.meaning import meanings_of
from recognition.mentions import plain
from recognition.reading import Traits, read

# Cases may be committed in another order than they were numbered.
OVERLAP = 2000
NOT_NOTED = Q(traits=None) | Q(traits__meaning=None)
# After so many new rows the statistics are taken anew.
MANY = 500


def traits_of(
    *,
    village: Unit | int,
    item: CatalogueItem | None,
    description: str,
    object_name: str,
    category: str = "",
    fact_on: date,
    items: dict[str, CatalogueItem],
) -> CaseTraits:
    """The row for a finding, not written yet; `items` are the catalogue's by their codes."""
    told = _told([(description, item.name if item else category)])[0]
    return _row(
        village=village,
        item=item,
        description=description,
        object_name=object_name,
        fact_on=fact_on,
        items=items,
        told=told,
    )


@dataclass(frozen=True)
class _Told:
    """What the words of one finding say, of many read at once: the item that they mean and the next likely one, and
    their meaning as the numbers of `recognition.meaning`."""

    problem: str
    maybe: str
    meaning: bytes


def _told(findings: Sequence[tuple[str, str]]) -> list[_Told]:
    said = [plain(description) for description, _category in findings]
    meant = items_meant(said, [plain(category) for _description, category in findings])
    return [
        _Told(problem, maybe, meaning.tobytes())
        for (problem, maybe), meaning in zip(meant, meanings_of(said), strict=True)
    ]


def _row(
    *,
    village: Unit | int,
    item: CatalogueItem | None,
    description: str,
    object_name: str,
    fact_on: date,
    items: dict[str, CatalogueItem],
    told: _Told,
) -> CaseTraits:
    aspect = item.code.partition("-")[0] if item else ""
    traits = read(description, aspect=aspect, on=fact_on, named=object_name, problem=told.problem)
    # Beside what it was filed under, what the words speak of; where the words decide that, the next likely.
    said = items.get(told.problem if item and item.code != told.problem else told.maybe)
    item = item or items.get(told.problem)
    return CaseTraits(
        village_id=village if isinstance(village, int) else village.pk,
        item_id=item.pk if item else None,
        aspect_id=item.aspect_id if item else None,
        said_id=said.pk if said else None,
        fact_on=fact_on,
        is_duty=item is not None and (item.is_recurring_duty or item.code in STANDING) and not traits.is_once,
        **{name: getattr(traits, name) for name in Traits.__dataclass_fields__ if name != "is_once"},
        meaning=told.meaning,
    )


def _stamp() -> Any:
    return CatalogueItem.history.aggregate(Max("history_id"))


def catalogue_by_code() -> dict[str, CatalogueItem]:
    return {item.code: item for item in CatalogueItem.objects.all()}


# Every report asks for all of it, and hardly ever is an item changed.
cached_catalogue = RefreshingCache(stamp=_stamp, load=catalogue_by_code)


def note_traits(cases: Sequence[Case]) -> None:
    """Write what these cases are about; what was there is replaced, and is to be matched anew."""
    if not cases:
        return
    items = cached_catalogue.get()
    by_pk = {item.pk: item for item in items.values()}
    names = dict(
        CaseObject.objects.filter(pk__in={case.object_id for case in cases if case.object_id}).values_list("pk", "name")
    )
    # A guess says nothing that the words do not say: what has one is read as what has no item yet.
    filed = [None if case.is_item_guessed else by_pk.get(case.item_id or 0) for case in cases]
    all_told = _told(
        [
            (case.description, item.name if item else case.category_words)
            for case, item in zip(cases, filed, strict=True)
        ]
    )
    rows = []
    for case, item, told in zip(cases, filed, all_told, strict=True):
        row = _row(
            village=case.village_id,
            item=item,
            description=case.description,
            object_name=names.get(case.object_id or 0, ""),
            fact_on=case.fact_on or case.found_on,
            items=items,
            told=told,
        )
        row.case_id, row.object_id = case.pk, case.object_id
        rows.append(row)
    put(rows)


def note_or_rest(cases: Sequence[Case], *, at: datetime) -> list[int]:
    """The same within a verb or an import, which goes on without what can't be noted: that rests, and its clock tries
    again. Gives the keys of those.
    """
    failed = work_off(cases, note_traits)
    # What was noted of them before holds no longer; by having none, the clock knows that they wait.
    CaseTraits.objects.filter(case__in=[case.pk for case, _error in failed]).delete()
    for case, error in failed:
        rest(ClockName.TRAITS, case.pk, error, at=at, case=case.pk)
    return [case.pk for case, _error in failed]


def note_missing_traits(*, at: datetime, batch: int = 1000) -> int:
    """Write the traits of cases that have none, or none of their words: those of before this was looked at, and those that
    bulk loads left.

    Goes on from where it came last, so that a million cases are looked through once and not each minute.
    """
    last, resting = reached("traits"), Rest(ClockName.TRAITS, at=at)
    newest = Case.objects.aggregate(last=Max("pk"))["last"] or 0
    missing = Case.objects.filter(Q(pk__gt=max(0, last - OVERLAP)) | Q(pk__in=resting.to_retry), NOT_NOTED)
    noted = in_batches(ClockName.TRAITS, missing, note_traits, at=at, size=batch, by_key=True, resting=resting)
    resting.end()
    if newest != last:
        reach("traits", newest, at=at)
    _count_anew(noted)
    return noted


def note_traits_of_import(run: FindingImport, *, at: datetime, batch: int = 1000) -> None:
    """The same for what a file brought in, whatever else waits."""
    missing = Case.objects.filter(NOT_NOTED, found_in=run)
    _count_anew(in_batches(ClockName.TRAITS, missing, note_traits, at=at, size=batch, by_key=True))


def _count_anew(noted: int) -> None:
    if noted >= MANY and connection.vendor == "postgresql":
        # A statement over pairs needs to know how many there are now, and can't wait for the server's own round.
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {CaseTraits._meta.db_table}")

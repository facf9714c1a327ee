"""What cases are about, written down when they come in and again when their item or object changes."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection
from django.db.models import Max, Q

from casework.bulk_sql import put
from casework.cursors import reach, reached
from casework.models import Case, CaseObject, CaseTraits, CatalogueItem, Unit
from casework.models.resting_row import ClockName
from casework.resting import Rest, in_batches, rest, work_off
from recognition.problems import STANDING
from recognition.reading import Traits, read

# Cases may be committed in another order than they were numbered.
OVERLAP = 2000
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
    aspect = item.code.partition("-")[0] if item else ""
    traits = read(description, aspect=aspect, on=fact_on, named=object_name, category=category)
    said = items.get(traits.problem)
    item = item or said
    return CaseTraits(
        village_id=village if isinstance(village, int) else village.pk,
        item_id=item.pk if item else None,
        aspect_id=item.aspect_id if item else None,
        said_id=said.pk if said else None,
        fact_on=fact_on,
        is_duty=item is not None and (item.is_recurring_duty or item.code in STANDING) and not traits.is_once,
        **{name: getattr(traits, name) for name in Traits.__dataclass_fields__ if name not in ("problem", "is_once")},
    )


def catalogue_by_code() -> dict[str, CatalogueItem]:
    return {item.code: item for item in CatalogueItem.objects.all()}


def note_traits(cases: Sequence[Case]) -> None:
    """Write what these cases are about; what was there is replaced, and is to be matched anew."""
    if not cases:
        return
    items = catalogue_by_code()
    by_pk = {item.pk: item for item in items.values()}
    names = dict(
        CaseObject.objects.filter(pk__in={case.object_id for case in cases if case.object_id}).values_list("pk", "name")
    )
    rows = []
    for case in cases:
        row = traits_of(
            village=case.village_id,
            item=by_pk.get(case.item_id or 0),
            description=case.description,
            object_name=names.get(case.object_id or 0, ""),
            category="" if case.item_id else case.category_words,
            fact_on=case.fact_on or case.found_on,
            items=items,
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
    """Write the traits of cases that have none: those of before this was looked at, and those that bulk loads left.

    Goes on from where it came last, so that a million cases are looked through once and not each minute.
    """
    last, resting = reached("traits"), Rest(ClockName.TRAITS, at=at)
    newest = Case.objects.aggregate(last=Max("pk"))["last"] or 0
    missing = Case.objects.filter(Q(pk__gt=max(0, last - OVERLAP)) | Q(pk__in=resting.to_retry), traits=None)
    noted = in_batches(ClockName.TRAITS, missing, note_traits, at=at, size=batch, by_key=True, resting=resting)
    resting.end()
    if newest != last:
        reach("traits", newest, at=at)
    if noted >= MANY and connection.vendor == "postgresql":
        # A statement over pairs needs to know how many there are now, and can't wait for the server's own round.
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {CaseTraits._meta.db_table}")
    return noted

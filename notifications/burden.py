"""The burden meter: how many messages, forms, photos and visits each village had in a month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F

from casework.models import CaseEvent, Evidence, Letter, Unit
from casework.models.evidence import EvidenceKind
from casework.stages import Stage
from casework.working_time.deadlines import midnight
from notifications.models import Message

# An event after which the village has to fill in a form: the plan, the rectification, again after a return.
ITS_TURN = (Stage.PLANNING, Stage.RECTIFICATION)


@dataclass
class Burden:
    village: Unit
    messages: int = 0
    forms: int = 0
    photos: int = 0
    visits: int = 0
    # What the village entered between two bulletins, or the town for it.
    entries: int = 0

    @property
    def total(self) -> int:
        return self.messages + self.forms + self.photos + self.visits + self.entries


def month_of(day: date) -> tuple[datetime, datetime]:
    """The first moment of the month and of the next one."""
    first = day.replace(day=1)
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return midnight(first), midnight(after)


def burdens(
    villages: Iterable[Unit],
    *,
    month: date,
    visits: Mapping[int, int] | None = None,
    entries: Mapping[int, int] | None = None,
) -> list[Burden]:
    """Of each of these villages, the heaviest first: four queries, however many villages. How often an inspector came
    (`visits`) and what was entered (`entries`) are counted by the rooms that know it, by the village's key.
    """
    visits, entries = visits or {}, entries or {}
    found = {
        village.pk: Burden(village, visits=visits.get(village.pk, 0), entries=entries.get(village.pk, 0))
        for village in villages
    }
    first, after = month_of(month)
    told = Message.objects.filter(unit__in=found, at__gte=first, at__lt=after)
    for unit, count in told.values_list("unit").annotate(count=Count("id")).values_list("unit", "count"):
        found[unit].messages = count
    turns = (
        CaseEvent.objects.filter(case__village__in=found, at__gte=first, at__lt=after, stage_after__in=ITS_TURN)
        .exclude(stage_before=F("stage_after"))
        .filter(undone=None)
        .order_by()
        .filter(case__responsible=F("case__village"))
    )
    for unit, count in turns.values("case__village").annotate(count=Count("id")).values_list("case__village", "count"):
        found[unit].forms = count
    letters = Letter.objects.filter(addressee__in=found, issued_on__gte=first.date(), issued_on__lt=after.date())
    for unit, count in letters.order_by().values("addressee").annotate(n=Count("id")).values_list("addressee", "n"):
        found[unit].forms += count
    photos = Evidence.objects.filter(
        case__village__in=found, uploaded_at__gte=first, uploaded_at__lt=after, kind=EvidenceKind.AFTER
    )
    for unit, count in (
        photos.order_by().values("case__village").annotate(n=Count("id")).values_list("case__village", "n")
    ):
        found[unit].photos = count
    return sorted(found.values(), key=lambda one: (-one.total, one.village.path))

"""What a reported problem comes from: an item of an inspector's visit, a visit to the field, a rectification opinion; or a
clarity wall that it is about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from casework.errors import Refusal
from casework.models import Case, CatalogueItem, Source
from casework.rights.territories import may_report_for
from casework.values.numbers import whole_number
from oversight.mechanisms.visits import link_finding, may_enter
from oversight.members.rights import runs
from oversight.models import FieldVisit, ItemAnswer, Opinion, VillageVisitKind, VisitKind, Wall
from oversight.objects.defects import DEFECTS
from oversight.opinions.issuing import link_case
from oversight.visits.making import link_found_case
from oversight.visits.rights import may_make
from web.requests import Request

SOURCES = {
    VillageVisitKind.SPOT_CHECK: Source.SPOT_CHECK,
    VillageVisitKind.UNANNOUNCED: Source.UNANNOUNCED_VISIT,
    VillageVisitKind.TOUR: Source.OBSERVATION_TOUR,
    VillageVisitKind.PETITION: Source.PETITION,
    VillageVisitKind.SELF_CHECK: Source.SELF_CHECK,
    VillageVisitKind.CAMPAIGN: Source.CAMPAIGN,
}


@dataclass(frozen=True)
class Origin:
    """Where it comes from: the source that the form begins with, and how the case is linked once it stands. `answer` is
    an item of an inspector's visit, to which whoever reports goes back.
    """

    visit: FieldVisit | None
    opinion: Opinion | None
    source: str
    link: Callable[..., Any]
    answer: ItemAnswer | None = None

    def keep(self, case: Case, request: Request) -> Refusal | None:
        """Link the case, which stands in any way. The same form handed in twice links it once."""
        try:
            self.link(case=case, by=request.user, at=request.at)
        except Refusal as refusal:
            return None if refusal.code == "linked_already" else refusal
        return None


def origin_of(request: Request, visit: str, opinion: str, answer: str = "") -> Origin | None:
    """The visit, opinion or item of a visit of these keys, if it is the reader's to report for."""
    pk = whole_number(answer)
    needs = ("visit__village", "line__item", "visit__inspector")
    item = ItemAnswer.objects.filter(pk=pk).select_related(*needs).first() if pk else None
    if item is not None and may_make(request.user, item.visit, request.on):
        source = SOURCES[VillageVisitKind(item.visit.kind)]
        return Origin(None, None, source, lambda **given: link_found_case(answer=item, **given), item)
    pk = whole_number(visit)
    entry = FieldVisit.objects.filter(pk=pk).select_related("unit").first() if pk else None
    if entry is not None and not entry.is_withdrawn and may_enter(request.user, entry.unit, request.on):
        source = Source.OBSERVATION_TOUR if entry.kind == VisitKind.TOUR else Source.UNANNOUNCED_VISIT
        return Origin(entry, None, source, lambda **given: link_finding(visit=entry, **given))
    pk = whole_number(opinion)
    issued = Opinion.objects.filter(pk=pk).select_related("mechanism").first() if pk else None
    if issued is not None and runs(request.user, issued.mechanism, request.on):
        return Origin(None, issued, Source.OTHER, lambda **given: link_case(opinion=issued, **given))
    return None


def wall_of(request: Request, key: str) -> Wall | None:
    """The wall of this key, if the reader reports for its village."""
    pk = whole_number(key)
    wall = Wall.objects.filter(pk=pk).select_related("object", "village").first() if pk else None
    return wall if wall is not None and may_report_for(request.user, wall.village, on=request.on) else None


def values_of_wall(wall: Wall, item: CatalogueItem | None) -> dict[str, Any]:
    """What a report about a wall begins with: its name and place, and by the defect what is required then."""
    defect = DEFECTS.get(item.code) if item else None
    values: dict[str, Any] = {"wall": wall.pk, "object_name": wall.object.name, "place": wall.place}
    return values | ({"required_action": str(defect.required_action)} if defect else {})

"""What a reported problem comes from beside an inspection: a visit to the field, or a rectification opinion."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from casework.errors import Refusal
from casework.models import Case, Source
from casework.numbers import whole_number
from oversight.mechanisms.visits import link_finding, may_enter
from oversight.members.rights import runs
from oversight.models import FieldVisit, Opinion, VisitKind
from oversight.opinions.issuing import link_case
from web.requests import Request


@dataclass(frozen=True)
class Origin:
    """Where it comes from: the source that the form begins with, and how the case is linked once it stands."""

    visit: FieldVisit | None
    opinion: Opinion | None
    source: str
    link: Callable[..., Any]

    def keep(self, case: Case, request: Request) -> Refusal | None:
        """Link the case, which stands in any way. The same form handed in twice links it once."""
        try:
            self.link(case=case, by=request.user, at=request.at)
        except Refusal as refusal:
            return None if refusal.code == "linked_already" else refusal
        return None


def origin_of(request: Request, visit: str, opinion: str) -> Origin | None:
    """The visit or opinion of these keys, if it is the reader's to report for."""
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

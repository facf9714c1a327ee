"""What the pages of one village between two bulletins share: whose village it is, and which days they show."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import Unit
from casework.rights.held_posts import posts_held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.rights.territories import villages_seen_by
from casework.stages import COMMITTEE
from casework.working_time.deadlines import ONE_DAY
from oversight.duty.rosters import next_month
from oversight.mechanisms.queries import Span
from web.requests import Request


def require_reader(request: Request) -> None:
    if not may_do(request.user, OfficeAction.SEE_VILLAGES, request.on):
        raise NotAllowed("no_village_post", _("This is read by village committees, towns, inspectors and offices."))


def readable_village(request: Request, code: str) -> Unit:
    """A village under one of the reader's posts; it isn't said to others whether there is one."""
    village = villages_seen_by(request.user, on=request.on).select_related("parent__parent").filter(code=code).first()
    if village is None:
        raise Http404
    return village


def own_village(request: Request) -> Unit | None:
    """The village of somebody who is in its committee and sees no other."""
    own = {held.unit_id for held in posts_held(request.user, request.on) if held.role in COMMITTEE}
    if len(own) != 1:
        return None
    seen = list(villages_seen_by(request.user, on=request.on)[:2])
    return seen[0] if len(seen) == 1 else None


def chosen_area(request: Request) -> tuple[Unit | None, QuerySet[Unit]]:
    """The reader's villages, those below the unit that the address names."""
    villages = villages_seen_by(request.user, on=request.on)
    code = request.GET.get("under", "")[:20]
    if not code:
        return None, villages
    unit = Unit.objects.filter(code=code, is_active=True).first()
    if unit is None:
        raise Http404
    below = villages.filter(unit.subtree())
    if not below.exists():
        raise Http404
    return unit, below


def recent_spans(request: Request) -> list[Span]:
    """The quarter that runs, and the three before it."""
    first = date(request.on.year, request.on.month - (request.on.month - 1) % 3, 1)
    spans = []
    for _quarter in range(4):
        after = next_month(next_month(next_month(first)))
        spans.append(Span(first, after - ONE_DAY))
        first = date(first.year - (first.month == 1), (first.month - 4) % 12 + 1, 1)
    return spans

"""A strike-off that is watched, for the tests of its look-backs."""

from datetime import datetime, timedelta

from casework.escalation.sweeping import sweep
from casework.lifecycle.look_back import Seen
from casework.models import Case, CatalogueItem, LookBack, Person
from casework.stages import Stage
from casework.watch.consolidation import watch_closures
from casework.working_time.deadlines import midnight
from flows import look_back as flow
from tests.cast import Cast
from tests.walk import NOW, case_at, closed, photo

HELD = Seen(outcome="held", words="雨棚完好,内容已更新", latitude=33.1, longitude=113.9)
BACK = Seen(outcome="back", words="村委会西侧明白墙又空了", latitude=33.1, longitude=113.9)


def struck_off(cast: Cast, item: str = "openness-badly-placed") -> Case:
    case = case_at(Stage.STRIKE_OFF, cast)
    Case.objects.filter(pk=case.pk).update(item=CatalogueItem.objects.get(code=item))
    return closed(cast, Case.objects.get(pk=case.pk))


def opens(look_back: LookBack) -> datetime:
    return midnight(look_back.opens_on) + timedelta(hours=6)


def look(look_back: LookBack, by: Person, seen: Seen = HELD, *, photos: int = 1, colour: int = 70) -> Case | None:
    at = opens(look_back) + timedelta(hours=3)
    return flow.take(look_back=look_back, seen=seen, photos=[photo(colour + n) for n in range(photos)], by=by, at=at)


def watched(cast: Cast) -> Case:
    case = struck_off(cast)
    watch_closures(at=NOW)
    return case


def opened(case: Case) -> LookBack:
    """The case's first look-back, open since this morning."""
    look_back = case.look_backs.order_by("opens_on")[0]
    sweep(at=opens(look_back))
    look_back.refresh_from_db()
    return look_back

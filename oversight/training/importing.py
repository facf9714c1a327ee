"""Who was at a session comes in as a table: 60 names are 60 attendances, and who can't be found is named with the row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from casework.errors import Invalid, Refusal
from casework.models import Person, Term
from casework.tables.cells import as_plain, as_text
from casework.tables.columns import Wanted, cells_of, columns_of
from casework.tables.outcome import Outcome
from casework.tables.parsing import Table
from oversight.training.attending import lock, present, write
from oversight.training.holding import require_holder
from oversight.training.queries import holders_under
from oversight.training.records import HowAttended, TrainingSession

ATTENDANCES: Mapping[str, Sequence[str]] = {
    "name": ("姓名", "参训人员", "参加人员"),
    "village": ("村", "村名", "村名称", "村（社区）", "行政村", "所属村", "单位"),
    "town": ("乡镇", "乡镇（街道）", "镇街", "街道", "所属乡镇"),
    "village_code": ("村代码", "区划代码", "单位代码"),
    "phone": ("手机号", "手机", "电话"),
}
ATTENDANCE_COLUMNS = Wanted(ATTENDANCES, ("name",))


@transaction.atomic
def import_attendance(table: Table, *, session: TrainingSession, by: Person, at: datetime) -> Outcome:
    """Enter everybody of a table who held a post in a village of the session's unit on its day. Unknown people, names
    that several have, and the same person a second time are refused row by row; the rest is kept. Repeatable: who is
    on the list already stays. Four queries, however many rows.
    """
    require_holder(by, session.unit, at)
    locked = lock(session, at)
    columns, unknown = columns_of(table, ATTENDANCES, needed=("name",))
    outcome = Outcome(notes=[_("column not read: %(name)s") % {"name": name} for name in unknown])
    by_name: dict[str, list[Term]] = defaultdict(list)
    for term in holders_under(locked.unit, on=locked.day):
        by_name[as_plain(term.person.name)].append(term)
    there = set(present(locked).values_list("person_id", flat=True))
    row_of: dict[int, int] = {}
    new: list[Term] = []
    for row in table.rows:
        cells = cells_of(row.cells, columns)
        try:
            row.require_whole()
            term = _meant(by_name, cells, locked)
            if term.person_id in row_of:
                sentence = _("%(name)s stands in row %(row)d already. Somebody is there once: take this row out.")
                raise Invalid("twice", sentence % {"name": term.person.name, "row": row_of[term.person_id]})
        except Refusal as refusal:
            outcome.refuse(row, refusal)
            continue
        row_of[term.person_id] = row.number
        if term.person_id in there:
            outcome.unchanged += 1
        else:
            new.append(term)
    write(locked, new, HowAttended.IMPORT, by=by, at=at)
    outcome.added = len(new)
    return outcome


def _meant(by_name: dict[str, list[Term]], cells: Mapping[str, Any], session: TrainingSession) -> Term:
    """The one holder of this name; village, town, code or phone tell several apart."""
    name = as_text(cells.get("name"))
    if not name:
        raise Invalid("name_missing", _("There is no name in this row. Write whose it is."))
    named = by_name.get(as_plain(name), [])
    if not named:
        sentence = _("%(name)s holds no post in a village of %(unit)s on that day. Look at the name, or at the posts.")
        raise Invalid("unknown_person", sentence % {"name": name, "unit": session.unit.name})
    fitting = [term for term in named if _fits(term, cells)]
    people = {term.person_id: term for term in fitting}
    if len(people) == 1:
        return next(iter(people.values()))
    if people:
        villages = "、".join(sorted({term.post.unit.name for term in fitting})[:5])
        sentence = _("Several are called %(name)s: in %(villages)s. Write the village, the code or the phone as well.")
        raise Invalid("several", sentence % {"name": name, "villages": villages})
    villages = "、".join(sorted({term.post.unit.name for term in named})[:5])
    sentence = _("%(name)s is known in %(villages)s, and not as this row says. Look at the village.")
    raise Invalid("other_village", sentence % {"name": name, "villages": villages})


def _fits(term: Term, cells: Mapping[str, Any]) -> bool:
    village, town, code, phone = (as_plain(cells.get(key)) for key in ("village", "town", "village_code", "phone"))
    unit = term.post.unit
    above = unit.parent.name if unit.parent else ""
    return (
        (not village or village in (unit.name, f"{above}{unit.name}"))
        and (not town or town == above)
        and (not code or code == unit.code)
        and (not phone or phone == (term.person.phone or ""))
    )

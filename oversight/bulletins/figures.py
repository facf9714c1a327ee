"""The figures of a bulletin: what each counts, how it is printed, how it is frozen and counted again. One table.

A key is the name of a definition, alone or with what it is narrowed to: `findings`, `findings@880101` of a unit by its
code, `findings#records` of an aspect by its code.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.models import Aspect, Unit
from oversight.bulletins.facts import Facts, Row
from oversight.bulletins.records import Bulletin, Counted, Figure

# Of more records the keys are not kept: they are found again by the definition, as of the moment.
MOST_KEYS = 2000


@dataclass(frozen=True)
class Definition:
    """What is counted. `words` are Chinese: they are frozen with the figure, and it stands in an official document.

    `by_unit` and `by_aspect` say whether it is split as well. A share of another figure names it in `share_of`.
    """

    label: Any
    words: str
    counts: Counted
    rows: Callable[[Facts], Iterable[Row]]
    by_unit: bool = False
    by_aspect: bool = False
    share_of: str = ""


DEFINITIONS: dict[str, Definition] = {
    "findings": Definition(
        _("Problems found"),
        "发现日期在期内的问题，不含不予受理、重复、撤销和移送的",
        Counted.CASE,
        lambda facts: facts.found,
        by_unit=True,
        by_aspect=True,
    ),
    "closed": Definition(
        _("of these struck off"),
        "期内发现的问题中，截至统计时已销号的",
        Counted.CASE,
        lambda facts: facts.closed,
        by_unit=True,
    ),
    "closed_share": Definition(
        _("share struck off"),
        "期内发现的问题中，截至统计时已销号的占比",
        Counted.CASE,
        lambda facts: facts.closed,
        by_unit=True,
        share_of="findings",
    ),
    "in_progress": Definition(
        _("of these in progress"),
        "期内发现的问题中，截至统计时正在办理的",
        Counted.CASE,
        lambda facts: facts.in_progress,
        by_unit=True,
    ),
    "in_progress_share": Definition(
        _("share in progress"),
        "期内发现的问题中，截至统计时正在办理的占比",
        Counted.CASE,
        lambda facts: facts.in_progress,
        share_of="findings",
    ),
    "struck_off": Definition(
        _("Struck off in the span, whenever found"),
        "期内销号的问题，不论何时发现",
        Counted.CASE,
        lambda facts: facts.struck_off,
        by_unit=True,
    ),
    "findings_this_year": Definition(
        _("Problems found since January"),
        "本年1月1日至期末发现的问题，不含不予受理、重复、撤销和移送的",
        Counted.CASE,
        lambda facts: facts.found_this_year,
        by_unit=True,
    ),
    "struck_off_this_year": Definition(
        _("Struck off since January"),
        "本年1月1日至期末销号的问题",
        Counted.CASE,
        lambda facts: facts.struck_off_this_year,
        by_unit=True,
    ),
    "relapses": Definition(
        _("Relapses"), "期内认定为反弹的问题", Counted.CASE, lambda facts: facts.relapses, by_unit=True
    ),
    "never_rectified": Definition(
        _("Never really rectified"), "期内认定为虚假整改的问题", Counted.CASE, lambda facts: facts.never_rectified
    ),
    "look_backs": Definition(
        _("Look-backs done"), "期内完成的回头看", Counted.LOOK_BACK, lambda facts: facts.look_backs
    ),
    "look_backs_held": Definition(
        _("Look-backs: it stays fixed"),
        "期内完成的回头看中，整改保持的",
        Counted.LOOK_BACK,
        lambda facts: facts.look_backs_by_outcome["held"],
    ),
    "look_backs_back": Definition(
        _("Look-backs: it is back"),
        "期内完成的回头看中，问题再现的",
        Counted.LOOK_BACK,
        lambda facts: facts.look_backs_by_outcome["back"],
    ),
    "letters": Definition(
        _("Supervision notices and letters"), "期内印发的督办单和督办函", Counted.LETTER, lambda facts: facts.letters
    ),
    "reports_expected": Definition(
        _("Reports expected"),
        "期内应报送的进展报告",
        Counted.REPORT,
        lambda facts: facts.report_rows("expected"),
        by_unit=True,
    ),
    "reports_present": Definition(
        _("Reports handed in"),
        "期内应报送的进展报告中，已报送的",
        Counted.REPORT,
        lambda facts: facts.report_rows("present"),
        by_unit=True,
    ),
    "reports_on_time": Definition(
        _("Reports on time"),
        "期内应报送的进展报告中，按时报送的",
        Counted.REPORT,
        lambda facts: facts.report_rows("on_time"),
        by_unit=True,
    ),
    "reports_on_time_share": Definition(
        _("share on time"),
        "期内应报送的进展报告中，按时报送的占比",
        Counted.REPORT,
        lambda facts: facts.report_rows("on_time"),
        share_of="reports_expected",
    ),
    "reports_late": Definition(
        _("Reports late"), "期内逾期报送的进展报告", Counted.REPORT, lambda facts: facts.report_rows("late")
    ),
    "reports_missing": Definition(
        _("Reports missing"), "期内未报送的进展报告", Counted.REPORT, lambda facts: facts.report_rows("missing")
    ),
    "reports_empty": Definition(
        _("Reports empty"), "期内内容空泛的进展报告", Counted.REPORT, lambda facts: facts.report_rows("empty")
    ),
    "reports_copied": Definition(
        _("Reports copied"), "期内与其他报告重复的进展报告", Counted.REPORT, lambda facts: facts.report_rows("copied")
    ),
    "reports_left_out": Definition(
        _("Reports that leave something out"),
        "期内有漏报的进展报告",
        Counted.REPORT,
        lambda facts: facts.report_rows("left_out"),
    ),
    "reports_expected_this_year": Definition(
        _("Reports expected since January"),
        "本年应报送的进展报告",
        Counted.REPORT,
        lambda facts: facts.report_rows("expected", this_year=True),
        by_unit=True,
    ),
    "reports_on_time_this_year": Definition(
        _("Reports on time since January"),
        "本年按时报送的进展报告",
        Counted.REPORT,
        lambda facts: facts.report_rows("on_time", this_year=True),
        by_unit=True,
    ),
    "in_name_only": Definition(
        _("County mechanisms in name only"),
        "期内会商、总结、检查、通报有缺项的县级协调联动机制",
        Counted.UNIT,
        lambda facts: [Row(one.unit.pk) for one in facts.in_name_only],
    ),
    "visits": Definition(_("Field visits"), "期内的调研指导和观摩", Counted.VISIT, lambda facts: facts.visits),
}


def name_of(key: str) -> str:
    """The definition that a key belongs to."""
    return key.partition("@")[0].partition("#")[0]


def counted(facts: Facts, units: Sequence[Unit], aspects: Sequence[Aspect]) -> dict[str, Figure]:
    """Every figure of the table, of the whole and of each unit and aspect, as rows that are not written yet."""
    found: dict[str, Figure] = {}
    for name, definition in DEFINITIONS.items():
        rows = list(definition.rows(facts))
        for key, keys in _split(name, definition, rows, units, aspects, facts.aspects):
            whole = found[key.replace(name, definition.share_of, 1)].value if definition.share_of else None
            found[key] = _figure(key, definition, keys, whole)
    _let_shares_add_up(found)
    return found


def _split(
    name: str,
    definition: Definition,
    rows: Sequence[Row],
    units: Sequence[Unit],
    aspects: Sequence[Aspect],
    aspect_of: Mapping[int | None, int],
) -> Iterable[tuple[str, list[int]]]:
    yield name, [row.key for row in rows]
    if definition.by_unit:
        of_unit: dict[int | None, list[int]] = {unit.pk: [] for unit in units}
        for row in rows:
            if row.unit in of_unit:
                of_unit[row.unit].append(row.key)
            if row.responsible in of_unit and row.responsible != row.unit:
                of_unit[row.responsible].append(row.key)
        yield from ((f"{name}@{unit.code}", of_unit[unit.pk]) for unit in units)
    if definition.by_aspect:
        of_aspect: dict[int | None, list[int]] = {}
        for row in rows:
            of_aspect.setdefault(aspect_of.get(row.item), []).append(row.key)
        yield from ((f"{name}#{aspect.code}", of_aspect.get(aspect.pk, [])) for aspect in aspects)


def _figure(key: str, definition: Definition, keys: list[int], whole: int | None) -> Figure:
    keys = sorted(keys)
    return Figure(
        key=key,
        counts=definition.counts,
        definition=definition.words,
        value=len(keys),
        whole=whole,
        words=str(len(keys)) if whole is None else percent(len(keys), whole),
        sha256=fingerprint(keys),
        keys=keys if len(keys) <= MOST_KEYS else None,
    )


def percent(part: int, whole: int) -> str:
    """“27%”, rounded half up; a dash where there is nothing to take a share of."""
    return f"{(200 * part + whole) // (2 * whole)}%" if whole else "—"


def _let_shares_add_up(found: dict[str, Figure]) -> None:
    """What is closed and what is in progress are all that was found: together they say 100 %."""
    closed, rest = found["closed_share"], found["in_progress_share"]
    if closed.whole and closed.value + rest.value == closed.whole:
        rest.words = f"{100 - int(closed.words.removesuffix('%'))}%"


def fingerprint(keys: Iterable[int]) -> str:
    """The hash of the sorted keys of what is counted."""
    return hashlib.sha256(",".join(map(str, sorted(keys))).encode()).hexdigest()


def freeze(bulletin: Bulletin, found: dict[str, Figure], *, at: datetime) -> None:
    """Write the figures as those of this bulletin, counted at this moment."""
    for figure in found.values():
        figure.bulletin, figure.counted_at = bulletin, at
    Figure.objects.bulk_create(found.values(), batch_size=500)


def frozen(bulletin: Bulletin) -> dict[str, Figure]:
    """The figures by their keys that the text of this bulletin says. One query; the kept keys are not read."""
    figures = Figure.objects.filter(bulletin=bulletin, counted_at=bulletin.counted_at).defer("keys")
    return {figure.key: figure for figure in figures}

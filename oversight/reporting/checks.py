"""What a report should be looked at for, with reasons: shown to the unit before it hands in, and to the office after.

Flags, never verdicts: nothing here refuses a report. A finding keeps its values; what it says is put into words where it
is shown (findings_in_words.py).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from casework.models import Case, Unit, UnitLevel
from oversight.reporting.answers import Answers, answer_of
from oversight.reporting.own_figures import Happened, happened
from oversight.reporting.paragraphs import paragraphs_of, plain, sources_of
from oversight.reporting.records import ExpectedReport
from oversight.reporting.report_records import Answer, FigureName, SectionKind
from oversight.reporting.stock_phrases import without_stock_phrases

FEWEST_CHARACTERS = 80
# Of what the words leave out the first are named.
MOST_NAMED = 200
FIGURE = re.compile(r"\d|[一二三四五六七八九十两百千]+[个次人份篇条件家村场期户名项处]")
DAY = re.compile(r"\d\s*[月日号]|[一二三四五六七八九十]+[月日]|\d{4}-\d{1,2}")
# Beside such a word the number of all strike-offs (or letters, draws …) stands for each of them.
WORDS_FOR = {
    "closures": "销号|办结|整改完成|整改到位|完成整改",
    "relapses": "反弹|复发|回潮",
    "letters": "督办单|督办函|督办",
    "draws": "抽查|抽检",
}


class CheckKind(TextChoices):
    LATE = "late", _("Late")
    MISSING = "missing", _("Missing")
    EMPTY = "empty", _("Says little")
    COPIED = "copied", _("Stood elsewhere")
    LEFT_OUT = "left_out", _("Left out")


@dataclass(frozen=True)
class Finding:
    """One flag: its kind, the reason by its code, and the values that its sentence needs."""

    kind: str
    code: str
    values: dict[str, Any] = field(default_factory=dict)

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


def findings_of(rows: Iterable[dict[str, Any]]) -> list[Finding]:
    return [Finding(**row) for row in rows]


def check(expected: ExpectedReport, answers: Answers, *, at: datetime, template: str = "") -> list[Finding]:
    """Everything that can be said of these answers, if they were handed in now. A constant number of queries."""
    return [
        *lateness(expected, at),
        *emptiness(answers, _names_below(expected.unit)),
        *copied(expected, answers, template),
        *left_out(answers, happened(expected.unit, expected.period, most=MOST_NAMED)),
    ]


def lateness(expected: ExpectedReport, at: datetime) -> list[Finding]:
    """To the second: one minute late is late."""
    limit = expected.period.on_time_until
    if at <= limit:
        return []
    return [Finding(CheckKind.LATE, "after_the_limit", {"minutes": int((at - limit).total_seconds() // 60) or 1})]


def emptiness(answers: Answers, villages: Iterable[str]) -> list[Finding]:
    """A report is empty where it names no figure, no village and no day, or where without stock phrases less than
    FEWEST_CHARACTERS are left.
    """
    words = answers.words
    left = len(without_stock_phrases(words))
    found = []
    if left < FEWEST_CHARACTERS:
        found.append(Finding(CheckKind.EMPTY, "few_words", {"left": left, "fewest": FEWEST_CHARACTERS}))
    has_number = any(answer_of(answers.figure(name))[0] == Answer.NUMBER for name in FigureName)
    if not (has_number or FIGURE.search(words) or DAY.search(words) or any(name in words for name in villages)):
        found.append(Finding(CheckKind.EMPTY, "nothing_named"))
    return found


def copied(expected: ExpectedReport, answers: Answers, template: str) -> list[Finding]:
    own = paragraphs_of((kind, answers.section(kind).words) for kind in SectionKind)
    return [
        Finding(
            CheckKind.COPIED,
            "own_earlier" if source.paragraph.unit_id == expected.unit_id else "other_unit",
            {
                "section": source.own.section,
                "position": source.own.position,
                "words": source.own.words,
                "paragraph": source.paragraph.pk,
                "percent": round(100 * source.share),
            },
        )
        for source in sources_of(own, unit=expected.unit_id, report=expected.pk, template=template)
    ]


def left_out(answers: Answers, what: Happened) -> list[Finding]:
    """What happened in the period and the words don't mention: neither one by one (the case, its village, the number of
    the letter) nor together (“销号 12 件”, where it was twelve).
    """
    words = plain(answers.words)
    found = []
    for name, cases in (("closures", what.closures), ("relapses", what.relapses)):
        if not _counted_together(words, name, len(cases)):
            unnamed = [case for case in cases if not _is_named(case, words)]
            found += _left(name, [f"{case.number} {case.village.name}" for case in unnamed])
    if not _counted_together(words, "letters", len(what.letters)):
        found += _left("letters", [one.number for one in what.letters if plain(one.number) not in words])
    if what.draws and not re.search(WORDS_FOR["draws"], words):
        found += _left("draws", [f"{draw.at:%Y-%m-%d}" for draw in what.draws])
    return found


def _left(code: str, names: Sequence[str]) -> list[Finding]:
    return [Finding(CheckKind.LEFT_OUT, code, {"count": len(names), "names": list(names)})] if names else []


def _counted_together(words: str, name: str, count: int) -> bool:
    """Whether the number of all of them stands beside a word for them."""
    if not count:
        return True
    number = rf"(?<!\d){count}(?!\d)"
    return bool(re.search(rf"(?:{WORDS_FOR[name]})\D{{0,8}}{number}|{number}\D{{0,8}}(?:{WORDS_FOR[name]})", words))


def _is_named(case: Case, words: str) -> bool:
    return plain(case.number) in words or case.village.name in words


def _names_below(unit: Unit) -> Iterator[str]:
    """The villages and towns that a report of this unit can name: a county's own, for a department those of its city.
    Read only where nothing else says something.
    """
    above = unit if unit.level == UnitLevel.COUNTY else unit.parent or unit
    levels = (UnitLevel.VILLAGE, UnitLevel.TOWN)
    yield from Unit.objects.filter(above.subtree(), level__in=levels).values_list("name", flat=True)

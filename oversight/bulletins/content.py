"""What stands in a bulletin, apart from how it looks: made from the draft, and kept word by word once it is published."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from casework.models import Unit
from casework.official_paper.numerals import numeral
from oversight.bulletins.comparison import compared
from oversight.bulletins.composing import area_in_words, days_in_words
from oversight.bulletins.figures import frozen
from oversight.bulletins.queries import span_of, units_of
from oversight.bulletins.records import Bulletin, BulletinPart, Figure
from oversight.bulletins.tokens import printed
from oversight.opinions.queries import opinions_of

# （一）…。 at the beginning of a line is a second level, and is set in its own face up to its first stop.
SECOND_LEVEL = re.compile(r"（[一二三四五六七八九十]+）[^。：]{1,40}[。：]")


@dataclass(frozen=True)
class Line:
    """A paragraph. `lead` is what is set in the face of its level: the whole of a heading."""

    level: int
    lead: str
    words: str

    @property
    def leads_on(self) -> bool:
        """A heading, or words that announce what follows: never the last line of a page."""
        return self.level == 1 or self.words.endswith("：")


@dataclass(frozen=True)
class AnnexRow:
    unit: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Point:
    """A unit's share struck off with its interval, for the chart."""

    unit: str
    part: int
    whole: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class BulletinContent:
    """`number` is empty until it is published; the annex has a row a unit, with the span and the running total."""

    issuer: str
    number: str
    issue: int | None
    total: int | None
    title: str
    addressed_to: str
    lines: tuple[Line, ...]
    annex_title: str
    annex: tuple[AnnexRow, ...]
    points: tuple[Point, ...]
    usual: float
    copied_to: str
    issued_on: date | None

    @property
    def full_title(self) -> str:
        """With the issue of its year: 通报（一）."""
        return f"{self.title}（{numeral(self.issue)}）" if self.issue else self.title

    @property
    def issue_words(self) -> str:
        return f"总第{self.total}期" if self.total else ""

    @property
    def head_points(self) -> float:
        """The size at which the issuer's name fits on one line of 156 mm, at most 38 points."""
        return min(38, int(442 / max(len(self.issuer), 1)))

    @property
    def texts(self) -> list[str]:
        """All words of the document's body, for its length."""
        return [self.title, *(line.lead + line.words for line in self.lines)]

    def as_row(self) -> dict[str, Any]:
        row = asdict(self)
        row["issued_on"] = self.issued_on.isoformat() if self.issued_on else None
        return row


# The columns of the annex by their groups; a cell for each key below.
ANNEX_COLUMNS = (("本期", ("应报", "按时", "发现", "办结", "销号")), ("本年累计", ("应报", "按时", "发现", "销号")))
ANNEX_KEYS = (
    "reports_expected",
    "reports_on_time",
    "findings",
    "closed",
    "struck_off",
    "reports_expected_this_year",
    "reports_on_time_this_year",
    "findings_this_year",
    "struck_off_this_year",
)


def content_of(
    bulletin: Bulletin,
    *,
    number: str = "",
    issue: int | None = None,
    total: int | None = None,
    issued_on: date | None = None,
) -> BulletinContent:
    """The content as the draft says it now."""
    figures, span = frozen(bulletin), span_of(bulletin)
    units = units_of(span)
    points = [
        Point(one.unit.name, one.rate.part, one.rate.whole, one.rate.share or 0, one.rate.low or 0, one.rate.high or 0)
        for one in compared(figures, units)
    ]
    found = figures["findings"].value
    return BulletinContent(
        issuer=bulletin.mechanism.office_name,
        number=number,
        issue=issue,
        total=total,
        title=bulletin.title,
        addressed_to=bulletin.addressed_to,
        lines=tuple(_lines(bulletin, figures)),
        annex_title=f"{days_in_words(span.first, span.last)}{area_in_words(span)}各成员单位工作情况表",
        annex=tuple(_annex(figures, units)),
        points=tuple(points),
        usual=figures["closed"].value / found if found else 0,
        copied_to=bulletin.copied_to,
        issued_on=issued_on,
    )


def published_content(row: Mapping[str, Any]) -> BulletinContent:
    """The content of a publication, as it was kept."""
    return BulletinContent(
        **{
            **row,
            "lines": tuple(Line(**one) for one in row["lines"]),
            "annex": tuple(AnnexRow(one["unit"], tuple(one["cells"])) for one in row["annex"]),
            "points": tuple(Point(**one) for one in row["points"]),
            "issued_on": date.fromisoformat(row["issued_on"]) if row["issued_on"] else None,
        }
    )


def content_to_read(bulletin: Bulletin) -> BulletinContent:
    """As it was published; of a draft as it stands."""
    publication = getattr(bulletin, "publication", None)
    return published_content(publication.content) if publication else content_of(bulletin)


def _lines(bulletin: Bulletin, figures: Mapping[str, Figure]) -> list[Line]:
    lines: list[Line] = []
    headings = 0
    for section in bulletin.sections.all():
        text = printed(section.text, figures)
        opinions = opinions_in_words(bulletin) if section.kind == BulletinPart.REQUIREMENTS else []
        if not text.strip() and not opinions:
            continue
        if section.heading:
            headings += 1
            lines.append(Line(1, f"{numeral(headings)}、{section.heading}", ""))
        lines += [line_of(words) for words in [*text.splitlines(), *opinions] if words.strip()]
    return lines


def line_of(words: str) -> Line:
    """A line of the text with its level."""
    words = words.strip()
    second = SECOND_LEVEL.match(words)
    return Line(2, second[0], words[second.end() :]) if second else Line(0, "", words)


def opinions_in_words(bulletin: Bulletin) -> list[str]:
    """The rectification opinions that were attached, each with what it asks for."""
    found = list(opinions_of(bulletin.pk))
    if not found:
        return []
    told = ["整改意见："]
    for number, one in enumerate(found, start=1):
        asked = (
            f"{str(one.words).rstrip('。')}。{str(one.requirement).rstrip('。')}" if one.requirement else str(one.words)
        )
        told.append(f"{number}. {asked.rstrip('。')}。")
    return told


def _annex(figures: Mapping[str, Figure], units: Sequence[Unit]) -> list[AnnexRow]:
    return [
        AnnexRow(unit.name, tuple(figures[f"{key}@{unit.code}"].words for key in ANNEX_KEYS))
        for unit in units
        if f"findings@{unit.code}" in figures
    ]

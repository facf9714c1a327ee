"""Whether a paragraph stood in an earlier report of the unit, or in another unit's.

A paragraph is compared by the passages of five characters that it holds: its share of them that stands in another one.
Who is asked at all is found in SQL, by some of these passages chosen so that any run of TWELVE characters that two
paragraphs share brings them together (winnowing: Schleimer, Wilkerson, Aiken 2003). Text that was put into other words is
not found, and nothing here promises it.
"""

import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from oversight.reporting.report_records import ParagraphPrint, ReportParagraph

SIZE, WINDOW = 5, 8
TWELVE = SIZE + WINDOW - 1
# A paragraph of less says too little to be copied.
SHORTEST = 24
COPIED_SHARE = 0.6
# What so many other units wrote as well comes from above (a template, a requirement that is quoted), not from a neighbour.
MANY_UNITS = 4
MOST_ASKED = 8  # of the stored paragraphs with most passages in common the texts are read
_NO_SIGNS = re.compile(r"[\W_]+")
_BREAKS = re.compile(r"\n+")


@dataclass(frozen=True)
class Own:
    """A paragraph of the report that is looked at."""

    section: str
    position: int
    words: str


@dataclass(frozen=True)
class Source:
    """Where a paragraph stood before, and which share of it."""

    own: Own
    paragraph: ReportParagraph
    share: float


def paragraphs_of(sections: Iterable[tuple[str, str]]) -> list[Own]:
    """The paragraphs of (section, words), each by its place in its section."""
    return [
        Own(section, position, words.strip())
        for section, text in sections
        for position, words in enumerate(_BREAKS.split(text))
        if words.strip()
    ]


def plain(words: str) -> str:
    return _NO_SIGNS.sub("", unicodedata.normalize("NFKC", words))


def passages(words: str) -> list[str]:
    text = plain(words)
    return [text[start : start + SIZE] for start in range(len(text) - SIZE + 1)]


def prints(words: str) -> list[int]:
    """The numbers by which a paragraph is found."""
    return sorted({number for _place, number in placed_prints(words)})


def placed_prints(words: str) -> list[tuple[int, int]]:
    """Of each window of a paragraph's passages the smallest number, with its place, in the order of the text."""
    if len(plain(words)) < SHORTEST:
        return []
    # Within the column's range; two passages with one number only mean a text that is read in vain.
    numbers = [zlib.crc32(passage.encode()) - 2**31 for passage in passages(words)]
    places = [min(range(WINDOW), key=numbers.__getitem__)]
    for end in range(WINDOW, len(numbers)):
        if places[-1] <= end - WINDOW:  # the smallest has left the window
            places.append(min(range(end - WINDOW + 1, end + 1), key=numbers.__getitem__))
        elif numbers[end] < numbers[places[-1]]:
            places.append(end)
    return [(place, numbers[place]) for place in places]


def store(paragraphs: Sequence[ReportParagraph]) -> None:
    """Keep paragraphs with their prints."""
    written = ReportParagraph.objects.bulk_create(paragraphs, batch_size=500)
    ParagraphPrint.objects.bulk_create(
        (
            ParagraphPrint(number=number, unit_id=one.unit_id, paragraph=one)
            for one in written
            for number in prints(one.words)
        ),
        batch_size=2000,
    )


def sources_of(own: Sequence[Own], *, unit: int, report: int, template: str = "") -> list[Source]:
    """Of each paragraph that stood elsewhere the closest source: an earlier report of this unit, or another unit's. What
    many units share and what the template says is left out of the comparison. Two queries.
    """
    by_number: dict[int, list[int]] = defaultdict(list)
    for place, paragraph in enumerate(own):
        for number in prints(paragraph.words):
            by_number[number].append(place)
    if not by_number:
        return []
    units, asked = _shared(by_number, unit)
    common = {number for number, others in units.items() if len(others) >= MANY_UNITS}
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for number, paragraph_key in asked:
        if number not in common:
            for place in by_number[number]:
                votes[place][paragraph_key] += 1
    chosen = {place: [key for key, _count in counted.most_common(MOST_ASKED)] for place, counted in votes.items()}
    texts = _texts({key for keys in chosen.values() for key in keys}, report)
    found = []
    for place, keys in sorted(chosen.items()):
        source = _closest(own[place], [texts[key] for key in keys if key in texts], common, template)
        if source is not None:
            found.append(source)
    return found


def _shared(by_number: dict[int, list[int]], unit: int) -> tuple[dict[int, set[int]], list[tuple[int, int]]]:
    """By number the other units that have it, and (number, paragraph) of all that have one."""
    units: dict[int, set[int]] = defaultdict(set)
    asked = []
    stored = ParagraphPrint.objects.filter(number__in=list(by_number)).order_by()
    for number, other, paragraph in stored.values_list("number", "unit_id", "paragraph_id"):
        asked.append((number, paragraph))
        if other != unit:
            units[number].add(other)
    return units, asked


def _texts(keys: set[int], report: int) -> dict[int, ReportParagraph]:
    stood = ReportParagraph.objects.filter(~Q(report=report), pk__in=keys)
    return {one.pk: one for one in stood.select_related("report__expected", "period")}


def _closest(own: Own, stood: Sequence[ReportParagraph], common: set[int], template: str) -> Source | None:
    said = _own_passages(own.words, common).difference(passages(template))
    if len(said) < SHORTEST - SIZE + 1:
        return None
    best: Source | None = None
    for one in stood:
        share = len(said.intersection(passages(one.words))) / len(said)
        if share >= COPIED_SHARE and (best is None or share > best.share):
            best = Source(own, one, share)
    return best


def _own_passages(words: str, common: set[int]) -> set[str]:
    """The passages of a paragraph without the stretches that many units share: between two neighbouring prints that are
    common, and from such a one to the end of the text, all of it is.
    """
    all_passages = passages(words)
    placed = placed_prints(words)
    shared = [number in common for _place, number in placed]
    own, begins = set(all_passages), 0
    for index, (place, _number) in enumerate(placed):
        is_last = index + 1 == len(placed)
        if shared[index] and (index == 0 or shared[index - 1]):
            own.difference_update(all_passages[begins : place + 1])
        if shared[index] and is_last:
            own.difference_update(all_passages[place:])
        begins = place
    return own

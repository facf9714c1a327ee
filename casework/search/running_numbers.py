"""Numbers as people write them: whole, begun, or the end alone; brackets of any kind."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Reverse

from casework.models import Case, Closure, Letter
from casework.search.tokens import is_indexed

CASE_NUMBER = re.compile(r"[A-Za-z0-9]{1,20}-\d{4}(-\d{0,9})?")
MOST = 1000  # as many offices and years may end in one running number
DIGITS = re.compile(r"\d{1,9}")
PAPER_END = re.compile(r"(?P<before>.*?)(?P<running>\d+)")
BRACKETS = str.maketrans({"[": "〔", "(": "〔", "（": "〔", "【": "〔", "]": "〕", ")": "〕", "）": "〕", "】": "〕"})


@dataclass(frozen=True)
class Numbers:
    """What the words may be the number of; each is "" where they can't."""

    case: str = ""  # the beginning of a case's number
    case_end: str = ""  # the end of one
    paper_end: str = ""  # the end of a closing number or of a letter's


def read_numbers(words: str) -> Numbers:
    """QW-2026-000093, qw-2026, 93, 000093; QW销〔2026〕67号, [2026]67, 67号."""
    words = "".join(words.split()).translate(BRACKETS)
    if CASE_NUMBER.fullmatch(words):
        return Numbers(case=words.upper())
    if DIGITS.fullmatch(words):
        return Numbers(case_end=f"-{int(words):06d}", paper_end=f"〕{int(words)}号")
    paper = PAPER_END.fullmatch(words.removesuffix("号"))
    if paper and (words.endswith("号") or "〕" in words):
        before = paper["before"] if "〕" in paper["before"] else paper["before"] + "〕"
        return Numbers(paper_end=f"{before}{int(paper['running'])}号")
    return Numbers()


def cases_numbered(numbers: Numbers) -> Q:
    """The cases of this number, with those that were struck off or written to under it. The ends are looked up here, so
    that the condition names keys.
    """
    if numbers.case:
        return Q(number__startswith=numbers.case)
    found: set[int] = set()
    if numbers.case_end:
        found.update(ending(Case.objects.order_by(), numbers.case_end).values_list("pk", flat=True)[:MOST])
    if numbers.paper_end:
        for papers in (Closure.objects.order_by(), Letter.objects.order_by()):
            found.update(ending(papers, numbers.paper_end).values_list("case", flat=True)[:MOST])
    return Q(pk__in=found)


def ending(records: QuerySet[Any], end: str) -> QuerySet[Any]:
    """Those whose number ends so: PostgreSQL has an index of the numbers read backwards."""
    if is_indexed():
        return records.annotate(backwards=Reverse("number")).filter(backwards__startswith=end[::-1])
    return records.filter(number__endswith=end)

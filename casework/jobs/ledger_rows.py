"""A ledger's rows (台账): of each case its 34 cells, in the order of practice.md, read in batches by key with a fixed number
of queries for each. The headings are the office's own and stay Chinese in every language.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Choices, Count, Q, QuerySet
from django.utils import timezone

from casework.clocks.resting import NOT_THE_ROW, rest
from casework.lifecycle.guess_marks import mark_of_guess
from casework.lists.reporters import name_of_reporter
from casework.models import Case, Evidence, Extension, Kind, LookBack, Measure, Review
from casework.models.case import Source
from casework.models.category import Severity
from casework.models.evidence import EvidenceKind
from casework.models.look_back import LookBackState
from casework.models.measure import MeasureKind
from casework.models.resting_row import ClockName
from casework.stages import OPEN, Light, Stage
from casework.values.days_in_words import chinese_day
from casework.working_time.deadlines import local_day

BATCH = 500
UNREADABLE = "此行无法写出，请告知管理员"
COLUMNS = (
    ("序号", 6),
    ("编号", 18),
    ("县区", 14),
    ("乡镇", 14),
    ("村", 18),
    ("发现日期", 12),
    ("问题来源", 10),
    ("检查人", 10),
    ("问题类别", 24),
    ("问题对象", 16),
    ("问题描述", 50),
    ("依据条款", 20),
    ("严重程度", 10),
    ("整改类型", 10),
    ("整改措施", 40),
    ("预防措施", 40),
    ("责任单位", 18),
    ("责任领导", 10),
    ("责任人", 12),
    ("整改时限", 12),
    ("延期次数", 9),
    ("进展", 12),
    ("佐证材料", 20),
    ("核查人", 10),
    ("核查日期", 12),
    ("核查意见", 30),
    ("是否销号", 9),
    ("销号日期", 12),
    ("回头看日期", 12),
    ("回头看结果", 12),
    ("是否反弹", 9),
    ("原案编号", 18),
    ("预警灯", 9),
    ("备注", 20),
)
LIGHTS = {Light.NONE: "", Light.BLUE: "蓝灯", Light.YELLOW: "黄灯", Light.RED: "红灯"}
# What is read of a case.
READ = (
    "pk",
    "number",
    "county__name",
    "town__name",
    "village__name",
    "found_on",
    "source",
    "source_words",
    "inspector_name",
    "reported_by_id",
    "reported_by__name",
    "reported_by__username",
    "item_id",
    "item__name",
    "item__aspect__name",
    "category_words",
    "is_item_guessed",
    "object__name",
    "description",
    "clause",
    "severity",
    "severity_words",
    "kind",
    "responsible__name",
    "lead",
    "due_on",
    "stage",
    "closed_on",
    "relapse_of_id",
    "relapse_of__number",
    "light",
    "is_imported_history",
)


class Words:
    """What the codes of a case are called, looked up once for all rows, in the language of this moment."""

    def __init__(self) -> None:
        self.sources, self.severities = _words_of(Source), _words_of(Severity)
        self.kinds, self.stages = _words_of(Kind), _words_of(Stage)


def _words_of(codes: type[Choices]) -> dict[Any, str]:
    return {code: str(label) for code, label in codes.choices}


@dataclass
class _Beside:
    """What belongs to one case and stands in other tables."""

    measures: list[Measure] = field(default_factory=list)
    review: Review | None = None
    extensions: int = 0
    evidence: dict[str, int] = field(default_factory=dict)
    look_back: LookBack | None = None


def ledger_rows(cases: QuerySet[Case], *, at: datetime | None = None) -> Iterator[list[Any]]:
    """The cells of each case behind the running number: words, days, whole numbers."""
    # Plain values: a case as an object, with eight others around it, takes longer to make than its row to write.
    read = cases.order_by("id").values_list(*READ, named=True)
    words = Words()
    last = 0
    while batch := list(read.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        beside = _beside([case.pk for case in batch])
        for case in batch:
            yield _row_or_number(case, beside[case.pk], words, at)


def _beside(keys: list[int]) -> dict[int, _Beside]:
    """Five queries for a batch, however long."""
    beside: dict[int, _Beside] = defaultdict(_Beside)
    for measure in (
        Measure.objects.filter(plan__case__in=keys).select_related("plan").order_by("plan__number", "number")
    ):
        mine = beside[measure.plan.case_id].measures
        if mine and mine[0].plan_id != measure.plan_id:
            mine.clear()  # an earlier plan
        mine.append(measure)
    for review in (
        Review.objects.filter(case__in=keys)
        .exclude(stage=Stage.PLAN_APPROVAL)
        .select_related("by")
        .order_by("at", "id")
    ):
        beside[review.case_id].review = review
    for row in Extension.objects.filter(case__in=keys, granted=True).order_by().values("case").annotate(n=Count("id")):
        beside[row["case"]].extensions = row["n"]
    proof = ~Q(kind=EvidenceKind.BEFORE)
    for row in Evidence.objects.filter(proof, case__in=keys).order_by().values("case", "kind").annotate(n=Count("id")):
        beside[row["case"]].evidence[str(EvidenceKind(row["kind"]).label)] = row["n"]
    done = LookBack.objects.filter(case__in=keys, state=LookBackState.DONE, done_at__isnull=False)
    for look_back in done.order_by("done_at", "id"):
        beside[look_back.case_id].look_back = look_back
    return beside


def _row_or_number(case: Any, beside: _Beside, words: Words, at: datetime | None) -> list[Any]:
    try:
        return _row(case, beside, words)
    except NOT_THE_ROW:
        raise
    except Exception as error:
        rest(ClockName.LEDGERS, case.pk, error, at=at or timezone.now(), case=case.pk)
        return [case.number, *[""] * (len(COLUMNS) - 3), UNREADABLE]


def _row(case: Any, beside: _Beside, words: Words) -> list[Any]:
    """Of a case as it was read (`READ`), and what stands beside it."""
    review, look_back = beside.review, beside.look_back
    is_closed = case.stage == Stage.CLOSED
    return [
        case.number,
        case.county__name or "",
        case.town__name or "",
        case.village__name,
        case.found_on,
        case.source_words or words.sources.get(case.source, case.source),
        case.inspector_name or _reporter(case),
        _category(case),
        case.object__name or "",
        case.description,
        case.clause,
        words.severities[case.severity] if case.severity else case.severity_words,
        words.kinds.get(case.kind, case.kind),
        _measures(beside.measures, MeasureKind.CORRECTIVE),
        _measures(beside.measures, MeasureKind.PREVENTIVE),
        case.responsible__name or "",
        case.lead,
        "、".join(dict.fromkeys(measure.who for measure in beside.measures)),
        case.due_on,
        beside.extensions,
        words.stages.get(case.stage, case.stage),
        "、".join(f"{kind}{count}份" for kind, count in beside.evidence.items()),
        str(review.by) if review else "",
        local_day(review.at) if review else None,
        f"{review.get_outcome_display()} {review.words}".strip() if review else "",
        "是" if is_closed else "否",
        case.closed_on,
        local_day(look_back.done_at) if look_back and look_back.done_at else None,
        str(look_back.get_outcome_display()) if look_back else "",
        "是" if case.relapse_of_id else "否",
        case.relapse_of__number or "",
        LIGHTS[Light(case.light)] if case.stage in OPEN else "",
        _remarks(case),
    ]


def _reporter(case: Any) -> str:
    named = case.reported_by__name or case.reported_by__username
    return name_of_reporter(case.source, named) if case.reported_by_id else ""


def _category(case: Any) -> str:
    return f"{case.item__aspect__name}/{case.item__name}" if case.item_id else str(case.category_words)


def _remarks(case: Any) -> str:
    """Where it came from, and that nobody has looked yet at what its category was read from."""
    said = ["历史导入"] if case.is_imported_history else []
    if case.is_item_guessed:
        said.append(mark_of_guess(_category(case), case.category_words))
    return "；".join(said)


def _measures(measures: list[Measure], kind: MeasureKind) -> str:
    return "\n".join(
        f"{measure.number}. {measure.what}（{measure.who}，{chinese_day(measure.due_on)}）"
        for measure in measures
        if measure.kind == kind
    )

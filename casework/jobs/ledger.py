"""The ledger (台账): one row per case, 34 columns in the order of practice.md, as XLSX.

Written row by row into a file that keeps no row in memory; read in batches by key, with a fixed number of queries for
each batch. The headings are the office's own and stay Chinese in every language: the file goes into Chinese archives.
"""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.core.files import File
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from casework.days_in_words import chinese_day
from casework.filters import CaseFilters
from casework.jobs import machine
from casework.lifecycle.guess_marks import mark_of_guess
from casework.models import Case, Evidence, Extension, LedgerExport, LookBack, Measure, Person, Review
from casework.models.evidence import EvidenceKind
from casework.models.look_back import LookBackState
from casework.models.measure import MeasureKind
from casework.models.resting_row import ClockName
from casework.queries import visible
from casework.reporters import reporter_name
from casework.resting import NOT_THE_ROW, rest
from casework.stages import Light, Stage
from casework.waking import wake
from casework.working_time.deadlines import local_day

DIRECT_ROWS = 2000  # above it the browser doesn't wait: about two seconds
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


@dataclass
class _Beside:
    """What belongs to one case and stands in other tables."""

    measures: list[Measure] = field(default_factory=list)
    review: Review | None = None
    extensions: int = 0
    evidence: dict[str, int] = field(default_factory=dict)
    look_back: LookBack | None = None


def ledger_name(on: date) -> str:
    """The file's name for a reader."""
    return f"台账-{on.isoformat()}.xlsx"


def write_ledger(
    cases: QuerySet[Case],
    file: IO[bytes],
    *,
    at: datetime | None = None,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Write the cases of a queryset, the oldest first, into a file and leave it at its beginning. `progress` hears the
    number of rows after each batch and at the end. A case that can't be written stands there by its number, and from
    `at` on among the rows that rest.
    """
    # Nothing that a cell says is ever a formula, a link or a number in disguise.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book, translation.override("zh-hans"):
        sheet = book.add_worksheet("台账")
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, 0, len(COLUMNS) - 1)
        for column, (name, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, heading)
        number = 0
        for number, row in enumerate(ledger_rows(cases, at=at), start=1):
            _write_row(sheet, number, row, days)
            if progress and number % BATCH == 0:
                progress(number)
        if progress:
            progress(number)
    file.seek(0)


def _write_row(sheet: Any, number: int, row: list[Any], days: Any) -> None:
    sheet.write_number(number, 0, number)
    for column, value in enumerate(row, start=1):
        if isinstance(value, date):
            sheet.write_datetime(number, column, datetime(value.year, value.month, value.day), days)
        elif isinstance(value, int):
            sheet.write_number(number, column, value)
        elif value:
            sheet.write_string(number, column, str(value)[:32_767])  # what a cell of the format can hold


def ledger_rows(cases: QuerySet[Case], *, at: datetime | None = None) -> Iterator[list[Any]]:
    """The cells of each case behind the running number: words, days, whole numbers."""
    cases = cases.select_related(
        "village", "town", "county", "item__aspect", "object", "responsible", "relapse_of", "reported_by"
    ).order_by("id")
    last = 0
    while batch := list(cases.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        beside = _beside(batch)
        for case in batch:
            yield _row_or_number(case, beside[case.pk], at)


def _beside(batch: list[Case]) -> dict[int, _Beside]:
    """Five queries for a batch, however long."""
    keys = [case.pk for case in batch]
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


def _row_or_number(case: Case, beside: _Beside, at: datetime | None) -> list[Any]:
    try:
        return _row(case, beside)
    except NOT_THE_ROW:
        raise
    except Exception as error:
        rest(ClockName.LEDGERS, case.pk, error, at=at or timezone.now(), case=case.pk)
        return [case.number, *[""] * (len(COLUMNS) - 3), UNREADABLE]


def _row(case: Case, beside: _Beside) -> list[Any]:
    review, look_back = beside.review, beside.look_back
    is_closed = case.stage == Stage.CLOSED
    return [
        case.number,
        case.county.name if case.county else "",
        case.town.name if case.town else "",
        case.village.name,
        case.found_on,
        case.source_words or case.get_source_display(),
        case.inspector_name or (reporter_name(case) if case.reported_by else ""),
        _category(case),
        case.object.name if case.object else "",
        case.description,
        case.clause,
        case.get_severity_display() if case.severity else case.severity_words,
        case.get_kind_display(),
        _measures(beside.measures, MeasureKind.CORRECTIVE),
        _measures(beside.measures, MeasureKind.PREVENTIVE),
        case.responsible.name if case.responsible else "",
        case.lead,
        "、".join(dict.fromkeys(measure.who for measure in beside.measures)),
        case.due_on,
        beside.extensions,
        case.get_stage_display(),
        "、".join(f"{kind}{count}份" for kind, count in beside.evidence.items()),
        str(review.by) if review else "",
        local_day(review.at) if review else None,
        f"{review.get_outcome_display()} {review.words}".strip() if review else "",
        "是" if is_closed else "否",
        case.closed_on,
        local_day(look_back.done_at) if look_back and look_back.done_at else None,
        str(look_back.get_outcome_display()) if look_back else "",
        "是" if case.relapse_of_id else "否",
        case.relapse_of.number if case.relapse_of else "",
        LIGHTS[Light(case.light)] if case.is_open else "",
        _remarks(case),
    ]


def _category(case: Case) -> str:
    return f"{case.item.aspect.name}/{case.item.name}" if case.item else case.category_words


def _remarks(case: Case) -> str:
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


def ask_export(*, filters: CaseFilters, by: Person, at: datetime) -> LedgerExport:
    """Have a long ledger written in the background."""
    export = LedgerExport.objects.create(filters=filters.as_query(), by=by, at=at)
    transaction.on_commit(lambda: wake("casework.tasks.write_ledger_export", export.pk))
    return export


def write_export(pk: int, *, now: Callable[[], datetime] = timezone.now) -> None:
    """Write one ledger in the scope of whoever asked for it, as it is on this day. Claimed by one worker at a time."""
    export = machine.claim(LedgerExport, pk, at=now())
    if export is None:
        return
    on = local_day(now())

    def work() -> None:
        cases = CaseFilters.from_query(export.filters).apply(visible(export.by, on), export.by, on)
        with tempfile.TemporaryFile(suffix=".xlsx") as file:
            write_ledger(cases, file, at=now(), progress=lambda rows: machine.beat(export, at=now(), rows_written=rows))
            export.file.save(f"{pk}.xlsx", File(file), save=False)
        machine.finish(export, at=now(), file=export.file.name)

    def trouble() -> str:
        with translation.override(export.by.language or "zh-hans"):
            return str(_("The ledger could not be written. Tell the administrator; then ask for it again."))

    machine.run(export, work, trouble=trouble, now=now)


def unfinished_exports(at: datetime) -> list[int]:
    """Ledgers that wait, or whose worker has fallen silent."""
    return machine.unfinished(LedgerExport, at=at)

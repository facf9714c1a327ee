"""Proof that nothing was altered behind the application's back: evidence files and records, and rows of history."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import Count

from casework.events import WITHOUT_VERSION
from casework.models import Case, CaseEvent, Comment, Evidence
from casework.models.history import is_sealed
from casework.proofs.chain import chain_of

PIECE = 1024 * 1024
PAGE = 500  # rows of history read at once
# What changes a case without anybody's doing.
WITHOUT_EVENT = ("turn_lights", "watch_closures", "recompute_deadlines", "")


@dataclass(frozen=True)
class Flaw:
    """What does not hold, and where."""

    where: str
    what: str


def _missing_rows() -> Iterator[Flaw]:
    told: Any = (
        CaseEvent.objects.exclude(kind__in=WITHOUT_VERSION).order_by().values("case").annotate(count=Count("id"))
    )
    events = {row["case"]: row["count"] for row in told.iterator(chunk_size=5000)}
    history: Any = Case.history.exclude(history_step__in=WITHOUT_EVENT).order_by()
    for row in history.values("id", "number").annotate(count=Count("history_id")).iterator(chunk_size=5000):
        expected = events.pop(row["id"], 0)
        if row["count"] != expected:
            yield Flaw(row["number"], f"{row['count']} rows of history for {expected} events: one of them was removed")
    for number in Case.objects.filter(pk__in=events).values_list("number", flat=True):
        yield Flaw(number, "all of its history was removed")


def verify_evidence(number: str = "") -> Iterator[Flaw | None]:
    """For each record None when it holds, or its flaws; and for each case a flaw if its chain has lost its end."""
    records = Evidence.everything.select_related("case").order_by("case_id", "number")
    cases = Case.objects.filter(evidence_count__gt=0)
    if number:
        records, cases = records.filter(case__number=number), cases.filter(number=number)
    seen: set[int] = set()
    for case_id, group in groupby(records.iterator(chunk_size=500), key=lambda record: record.case_id):
        seen.add(case_id)
        yield from _verify_case(list(group))
    for case in cases.only("number").iterator():
        if case.pk not in seen:
            yield Flaw(case.number, "all of its evidence was removed")
    yield from _verify_comments(number)


def _verify_comments(number: str) -> Iterator[Flaw | None]:
    """Files of comments are in no chain, but whole like the others; the database keeps their rows as they were written."""
    comments = Comment.objects.exclude(files=[]).select_related("case").order_by("pk")
    if number:
        comments = comments.filter(case__number=number)
    for comment in comments.iterator(chunk_size=500):
        for place, row in enumerate(comment.files, start=1):
            where = f"{comment.case.number} comment {comment.pk} file {place}"
            flaws: list[Flaw | None] = [Flaw(where, what) for what in _file_flaws(SimpleNamespace(**row))]
            yield from flaws or [None]


def _verify_case(records: list[Evidence]) -> Iterator[Flaw | None]:
    case, before, expected = records[0].case, "", 1
    for record in records:
        where = f"{case.number} evidence {record.number}"
        flaws: list[Flaw | None] = [Flaw(where, what) for what in _file_flaws(record)]
        if record.number != expected:
            flaws.append(Flaw(where, f"evidence {expected} before it was removed"))
        if record.chain_before != before:
            flaws.append(Flaw(where, "the record before it was altered, removed or swapped"))
        if chain_of(record) != record.chain:
            flaws.append(Flaw(where, "the record was altered"))
        yield from flaws or [None]
        before, expected = record.chain, record.number + 1
    if (case.evidence_count, case.evidence_chain) != (records[-1].number, records[-1].chain):
        yield Flaw(case.number, "the end of its evidence was removed or the case was altered")
    sealed = case.history.order_by("-history_id").first()
    if sealed is None or not is_sealed(sealed) or sealed.evidence_chain != case.evidence_chain:
        yield Flaw(case.number, "its sealed history tells of another evidence")


def _file_flaws(record: Any) -> Iterator[str]:
    try:
        sha256, size = hashlib.sha256(), 0
        with default_storage.open(record.stored_as, "rb") as file:
            while piece := file.read(PIECE):
                sha256.update(piece)
                size += len(piece)
    except OSError:
        yield f"the file {record.stored_as} is missing"
        return
    if sha256.hexdigest() != record.sha256 or size != record.size:
        yield f"the file {record.stored_as} was altered"


def verify_history() -> Iterator[Flaw | None]:
    """For each row of history None when its seal holds, or its flaw; and a flaw for each case that lacks a row.

    A row that was removed leaves no broken seal behind: but each event of a case goes with one row of its history.
    """
    yield from _missing_rows()
    for model in apps.get_models():
        if hasattr(model, "history_seal"):
            for key, row in _rows(model):
                what = "the row can't be read: it was altered" if row is None else _flaw_of(row)
                yield Flaw(f"{model._meta.db_table} {key}", what) if what else None


def _rows(model: Any) -> Iterator[tuple[int, Any]]:
    """Every row with its key, in order; None for one that says what its columns can't hold."""
    rows, last = model._default_manager.order_by("history_id"), 0
    while keys := list(rows.filter(history_id__gt=last).values_list("history_id", flat=True)[:PAGE]):
        last = keys[-1]
        page = rows.filter(history_id__in=keys)
        try:
            found = list(page)
        except Exception:  # whatever a database's driver raises on it, the other rows of the page are read
            found = [_readable(page.filter(history_id=key)) for key in keys]
        yield from zip(keys, found, strict=True)


def _readable(row: Any) -> Any:
    try:
        return row.first()
    except Exception:
        return None


def _flaw_of(row: Any) -> str:
    """What is wrong with a row of history; empty when its seal holds."""
    about = getattr(row, row.instance_type._meta.pk.attname)
    try:
        held = is_sealed(row)
    except Exception:  # a value of another kind than its column's: nothing of ours was sealed like this
        held = False
    if held is None:
        return f"its key {row.history_seal_key} is not known here: name it in SEAL_KEYS_OLD (it is about {about})"
    if held:
        return ""
    what = "the row was altered" if row.history_seal_key else "the row was altered, or its key is not in SEAL_KEYS_OLD"
    return f"{what} (it is about {about})"

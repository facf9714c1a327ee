"""What a row looked like, stamped with the step, the actor and the reason, and sealed.

A verb runs inside `stamped(...)`; every history row written there carries its name, so that "what changed at this
step" is one indexed question. The seal is a keyed hash over the row: `manage.py verify_history` names a row that was
altered behind the application's back. Each row says which key sealed it (`casework/seal_keys.py`).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.dispatch import receiver
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record
from simple_history.utils import get_history_model_for_model

from casework import seal_keys


@dataclass(frozen=True)
class Stamp:
    """What every history row of one verb carries."""

    step: str
    by: Any
    reason: str
    at: datetime


_stamp: ContextVar[Stamp | None] = ContextVar("history_stamp", default=None)


@contextmanager
def stamped(*, step: str, by: Any, at: datetime, reason: str = "") -> Iterator[None]:
    """Stamp every history row written inside with the step, its actor, its moment and its reason."""
    token = _stamp.set(Stamp(step=step, by=by, reason=reason, at=at))
    try:
        yield
    finally:
        _stamp.reset(token)


class HistoryStamp(models.Model):
    """Columns of every history table beside the row itself."""

    history_step = models.CharField(max_length=40, blank=True, default="")
    history_seal = models.CharField(max_length=64, blank=True, default="")
    # The number of the key; none in rows of the time before keys had numbers.
    history_seal_key = models.CharField(max_length=8, null=True, blank=True)

    class Meta:
        abstract = True


class StampedManager(HistoryManager):
    """The package asks for this class anew at every look at `.history`, each saved row among them, and Django would
    build it by going through every method of the queryset; it is always the same one.
    """

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: Any, class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


def tracked(**options: Any) -> HistoricalRecords:
    """The history of a model: stamped, sealed, and without a cascade that could take it away."""
    return HistoricalRecords(
        bases=[HistoryStamp],
        history_change_reason_field=models.TextField(blank=True, default=""),
        history_manager=StampedManager,
        **options,
    )


# Columns that a history table got after its first rows were sealed.
SEALED_LATER: dict[str, tuple[str, ...]] = {
    "historicalalias": ("city_id", "by_id", "at", "ended_by_id", "ended_at"),
    "historicalassignment": ("days", "counted_from"),
    "historicalcase": ("watch", "inspector_name", "is_item_guessed"),
    "historicalperson": ("first_password_until",),
}
NOT_SEALED = ("history_id", "history_seal", "history_seal_key")


def seal_of(row: Any, key: bytes | None = None) -> str:
    """The keyed hash over all that a history row says, but for its own number and the seal itself.

    With the present key unless another is given.
    """
    said = {
        field.attname: field.to_python(getattr(row, field.attname))
        if not field.is_relation
        else getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in NOT_SEALED
    }
    return seal_over(row._meta.model_name, said, key=key or seal_keys.present().secret)


def seal_over(history: str, said: Mapping[str, Any], *, key: bytes) -> str:
    """The seal of what a row of this history table says.

    A column of `SEALED_LATER` is left out while it is empty, so that the seals of before still hold; emptying a filled
    one breaks its seal all the same.
    """
    later = SEALED_LATER.get(history, ())
    kept = {name: value for name, value in said.items() if not (name in later and _is_empty(value))}
    return seal_keys.seal(ENCODER.encode(kept), key=key)


def _is_empty(value: Any) -> bool:
    """Nothing, or what every row says in which nobody has said anything; a number 0 is said."""
    return value is None or value == "" or value is False


def is_sealed(row: Any) -> bool | None:
    """Whether a row's seal holds; None when the key that sealed it is not known here."""
    keys = seal_keys.numbered(row.history_seal_key)
    if not keys:
        return None
    return any(seal_of(row, key.secret) == row.history_seal for key in keys)


class SealEncoder(DjangoJSONEncoder):
    """Moments to the microsecond and in UTC, so that a row read back says what it said when it was written."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):
            return f"{o.timestamp():.6f}"
        return super().default(o)


ENCODER = SealEncoder(sort_keys=True, ensure_ascii=False)


@receiver(pre_create_historical_record)
def _stamp_and_seal(sender: Any, history_instance: Any, **kwargs: Any) -> None:
    stamp = _stamp.get()
    if stamp is not None:
        history_instance.history_step = stamp.step
        history_instance.history_user = stamp.by
        history_instance.history_change_reason = stamp.reason
        history_instance.history_date = stamp.at
    if history_instance.history_change_reason is None:
        history_instance.history_change_reason = ""
    _seal(history_instance)


def _seal(row: Any) -> None:
    row.history_seal_key = seal_keys.present().number
    row.history_seal = seal_of(row)


def record_many(instances: Iterable[models.Model], *, change: str, batch_size: int = 1000) -> None:
    """Write history for rows that a bulk verb wrote; `change` is "+" for new rows and "~" for changed ones.

    Django's bulk writes send no signal, so the history of a bulk verb is written here, in the same transaction.
    """
    write_history(history_of(instances, change=change), batch_size=batch_size)


def write_history(rows: Sequence[models.Model], *, batch_size: int = 1000) -> None:
    """Write rows of history of one model, which `history_of` made."""
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=batch_size)


def history_of(instances: Iterable[models.Model], *, change: str) -> list[models.Model]:
    """The history of rows as they are now, sealed and not written yet: for whoever changes the same row several times
    and writes all of it at the end.
    """
    stamp = _stamp.get()
    if stamp is None:
        raise RuntimeError("history_of() belongs inside stamped()")
    instances = list(instances)
    if not instances:
        return []
    history = get_history_model_for_model(type(instances[0]))
    names = [field.attname for field in history.tracked_fields]
    rows = []
    for instance in instances:
        values = {name: getattr(instance, name) for name in names}
        row = history(
            history_date=stamp.at,
            history_type=change,
            history_user=stamp.by,
            history_change_reason=stamp.reason,
            history_step=stamp.step,
            **values,
        )
        _seal(row)
        rows.append(row)
    return rows


def record_changed(instances: Sequence[models.Model]) -> None:
    """Write the history of rows that were just changed, copied by the database from the rows themselves.

    Only the seals are made here, from what the instances say, so the instances must say what the rows say: a sixth of
    the time that `record_many` takes.
    """
    stamp = _stamp.get()
    if stamp is None:
        raise RuntimeError("record_changed() belongs inside stamped()")
    if not instances:
        return
    history = get_history_model_for_model(type(instances[0]))
    copied = {field.attname: field for field in history.tracked_fields}
    given = {
        "history_date": stamp.at,
        "history_type": "~",
        "history_user_id": stamp.by.pk if stamp.by else None,
        "history_change_reason": stamp.reason,
        "history_step": stamp.step,
    }
    name, key = str(history._meta.model_name), seal_keys.present()
    seals = [
        seal_over(name, {**{column: row.__dict__[column] for column in copied}, **given}, key=key.secret)
        for row in instances
    ]
    quote = connection.ops.quote_name
    columns = [field.column for field in copied.values()]
    table = quote(type(instances[0])._meta.db_table)
    sealed, parameters = _sealed_rows([instance.pk for instance in instances], seals)
    user = history._meta.get_field("history_user").column
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(history._meta.db_table)} ({', '.join(map(quote, columns))}, history_date, history_type, "
            f"{user}, history_change_reason, history_step, history_seal_key, history_seal) "
            f"SELECT {', '.join('source.' + quote(column) for column in columns)}, %s, '~', %s, %s, %s, %s, sealed.seal "
            f"FROM {table} AS source JOIN ({sealed}) AS sealed ON source.id = sealed.pk",
            [_moment(stamp.at), given["history_user_id"], stamp.reason, stamp.step, key.number, *parameters],
        )


def _sealed_rows(pks: list[Any], seals: list[str]) -> tuple[str, list[Any]]:
    if connection.vendor == "postgresql":
        return "SELECT * FROM unnest(%s::bigint[], %s::text[]) AS rows (pk, seal)", [pks, seals]
    pairs = json.dumps(list(zip(pks, seals, strict=True)))
    return "SELECT json_extract(value, '$[0]') AS pk, json_extract(value, '$[1]') AS seal FROM json_each(%s)", [pairs]


def _moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)

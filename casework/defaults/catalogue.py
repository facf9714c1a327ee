"""The problem catalogue that a new installation begins with: aspects, items, and the other names they go by.

The codes are stored data and stay; names, severities and days are defaults that an office confirms or edits.
"""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from casework.models.history import seal_of
from recognition.aspects import ASPECTS, SEVERITY_ALIASES, Item
from recognition.other_names import OTHER_NAMES

AT_ONCE_DAYS = 7  # practice.md, deadlines: what is due within 3 to 7 days is put right at once


def install(apps: Any, editor: Any = None) -> None:
    """Write what is not there yet, with history. `apps` is the registry of a migration, or Django's own."""
    now = timezone.now()
    for order, aspect in enumerate(ASPECTS, start=1):
        row = _keep(
            apps,
            "Aspect",
            now,
            code=aspect.code,
            defaults={"name": aspect.name, "name_en": aspect.name_en, "order": order},
        )
        for place, item in enumerate(aspect.items, start=1):
            made = _keep(
                apps,
                "CatalogueItem",
                now,
                code=item.code,
                defaults={
                    "aspect": row,
                    "name": item.name,
                    "name_en": item.name_en,
                    "standard": aspect.standard,
                    "severity": aspect.severity,
                    "kind": "at_once" if aspect.days <= AT_ONCE_DAYS else "time_limited",
                    "days": aspect.days,
                    "is_recurring_duty": item.is_recurring_duty,
                    "order": place,
                },
            )
            for words in _other_names(item):
                _keep(apps, "Alias", now, words=words, defaults={"item": made})
    for words, severity in SEVERITY_ALIASES.items():
        _keep(apps, "Alias", now, words=words, defaults={"severity": severity})


def _other_names(item: Item) -> Iterator[str]:
    further = OTHER_NAMES.get(item.code, "").split()
    return (words for words in (*item.aliases, *further) if words != item.name)


def _keep(apps: Any, name: str, now: Any, *, defaults: dict[str, Any], **key: str) -> Any:
    """The row of this key; made with its history where it is missing, and left alone where an office has it."""
    row, is_new = apps.get_model("casework", name).objects.get_or_create(**key, defaults=defaults)
    if is_new:
        # A migration's models carry no signals, so the history is written by hand, and sealed as the signal does.
        past = apps.get_model("casework", f"Historical{name}")
        fields = {field.attname for field in past._meta.concrete_fields}
        history = past(
            **{
                field.attname: getattr(row, field.attname)
                for field in row._meta.concrete_fields
                if field.attname in fields
            },
            history_date=now,
            history_type="+",
            history_step="default_catalogue",
            history_change_reason="",
        )
        history.history_seal = seal_of(history)
        history.save()
    return row

"""What a phone takes along into a village: villages, categories and open cases of its person, each up to a cap."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Max, OuterRef, Subquery
from django.utils.text import Truncator

from casework.models import Aspect, CaseEvent, CatalogueItem, Person
from casework.models.category import local_name
from casework.queries import visible
from casework.rights.territories import villages_reportable_by
from casework.stages import OPEN, Stage

MOST_VILLAGES = 2_000
WORDS_OF_A_CASE = 120


def area_of_phone(person: Person, on: date) -> dict[str, Any]:
    """Four queries, however much there is. Whoever may report for more villages than the cap gets the first ones by
    their place in the tree, and is told so. `path` is that of the first one.
    """
    villages = list(
        villages_reportable_by(person, on=on)
        .order_by("path")
        .values_list("code", "name", "parent__name", "parent__parent__name", "path")[: MOST_VILLAGES + 1]
    )
    return {
        "villages": [list(one[:4]) for one in villages[:MOST_VILLAGES]],
        "path": villages[0][4] if villages else "",
        "has_more_villages": len(villages) > MOST_VILLAGES,
        "categories": categories(),
        **open_cases(person, on),
    }


def categories() -> list[dict[str, Any]]:
    items: dict[int, list[list[str]]] = {}
    for item in CatalogueItem.objects.filter(is_active=True).order_by("order"):
        items.setdefault(item.aspect_id, []).append([item.code, local_name(item), item.standard[:WORDS_OF_A_CASE]])
    return [{"aspect": local_name(one), "items": items[one.pk]} for one in Aspect.objects.all() if one.pk in items]


def open_cases(person: Person, on: date) -> dict[str, Any]:
    """The latest open cases that this person sees: what is known in a village already."""
    most = settings.PHONE_MOST_CASES
    found = visible(person, on).filter(stage__in=OPEN).order_by("-id")
    lines = CaseEvent.objects.filter(case=OuterRef("pk")).order_by().values("case")
    found = found.annotate(last_event=Subquery(lines.annotate(last=Max("pk")).values("last")))
    columns = ("number", "village__code", "description", "stage", "due_on", "version", "last_event")
    rows = list(found.values_list(*columns)[: most + 1])
    return {
        "cases": [
            {
                "number": number,
                "village": village,
                "words": Truncator(description).chars(WORDS_OF_A_CASE),
                "stage": str(Stage(stage).label),
                "due": due.isoformat() if due else "",
                # How it stands: what is added on the phone is compared with it.
                "version": version,
                "event": last_event or 0,
            }
            for number, village, description, stage, due, version, last_event in rows[:most]
        ],
        "has_more_cases": len(rows) > most,
    }

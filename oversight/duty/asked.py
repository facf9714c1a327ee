"""How much was entered for villages in a month, and by whom: what the burden meter adds to messages, forms and photos."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from oversight.decisions.records import Decision, DecisionStep
from oversight.duty.records import Minutes, Roster
from oversight.eligibility.election_records import ElectionReport
from oversight.objects.records import WallUpdate


@dataclass(frozen=True)
class Entered:
    """Entries of one village in a month: those of its own committee, and those that the town made from its paper."""

    by_itself: int = 0
    by_town: int = 0

    @property
    def total(self) -> int:
        return self.by_itself + self.by_town


def entered_for(villages: Iterable[int], first: datetime, after: datetime) -> dict[int, Entered]:
    """Minutes, rosters, decisions and their steps, updates of clarity walls and daily reports of elections by village.
    Each counts once, in the month in which it was entered, however often it serves; a correction is work too. Six
    queries.
    """
    wanted = set(villages)
    own, town = Counter[int](), Counter[int]()
    for model, path in (
        (Minutes, "village"),
        (Roster, "village"),
        (Decision, "village"),
        (DecisionStep, "decision__village"),
        (WallUpdate, "wall__village"),
        (ElectionReport, "village"),
    ):
        made = model._default_manager.filter(at__gte=first, at__lt=after, **{f"{path}__in": wanted})
        rows = made.order_by().values_list(path, "from_paper").annotate(n=Count("pk"))
        for village, from_paper, count in rows:
            (town if from_paper else own)[village] += count
    return {pk: Entered(own[pk], town[pk]) for pk in own.keys() | town.keys()}

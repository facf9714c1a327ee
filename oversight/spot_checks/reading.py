"""A draw as its page and its sheet show it: the list in words, who was drawn, who was excused, who is next."""

from dataclasses import dataclass
from datetime import datetime

from casework.models import Person, Unit
from oversight.spot_checks.frozen_list import FrozenList, ListedVillage, Rule, read_list
from oversight.spot_checks.queries import people_of
from oversight.spot_checks.records import DrawnVillage, DrawSeed, PlannedDraw
from oversight.spot_checks.replay import Record
from oversight.spot_checks.tickets import Ticket, draw_from

MOST_RESERVE = 5


@dataclass(frozen=True)
class Listed:
    """A village of the frozen list with its unit; None where the unit has another code now."""

    listed: ListedVillage
    village: Unit | None


@dataclass(frozen=True)
class NextVillage:
    village: Unit | None
    code: str
    ticket: Ticket


@dataclass(frozen=True)
class DrawToRead:
    draw: PlannedDraw
    seed: DrawSeed | None
    listed: FrozenList
    villages: list[Listed]
    drawn: list[DrawnVillage]
    reserve: list[NextVillage]
    people: dict[int, Person]

    @property
    def inspectors(self) -> list[tuple[int, Person | None, tuple[str, ...]]]:
        return [(one.key, self.people.get(one.key), one.own_towns) for one in self.listed.inspectors]

    def listed_of(self, code: str) -> ListedVillage | None:
        return next((one.listed for one in self.villages if one.listed.code == code), None)

    @property
    def counts(self) -> dict[str, int]:
        rules = [one.listed.rule for one in self.villages]
        return {rule.value: rules.count(rule) for rule in Rule}


def draw_to_read(draw: PlannedDraw) -> DrawToRead:
    """Everything about a draw in a constant number of queries."""
    listed = read_list(draw.text)
    seed = DrawSeed.objects.filter(draw=draw).select_related("by").first()
    units = {
        one.code: one
        for one in Unit.objects.filter(code__in=[one.code for one in listed.villages]).select_related("parent")
    }
    drawn, reserve = [], []
    if seed is not None:
        rows = DrawnVillage.objects.filter(draw=draw).order_by("rank")
        drawn = list(rows.select_related("village__parent", "inspector", "excuse__by", "replaces__village"))
        taken = {one.village.code for one in drawn}
        reserve = [one for one in draw_from(listed, seed.value).reserve if one[0] not in taken][:MOST_RESERVE]
    return DrawToRead(
        draw=draw,
        seed=seed,
        listed=listed,
        villages=[Listed(one, units.get(one.code)) for one in listed.villages],
        drawn=drawn,
        reserve=[NextVillage(units.get(code), code, ticket) for code, ticket in reserve],
        people=people_of(one.key for one in listed.inspectors),
    )


def record_of(found: DrawToRead) -> Record:
    """What the sheet says, for whoever replays it; of the villages those of the draw itself, before anybody was excused."""
    first = [one for one in found.drawn if one.replaces_id is None]
    seeded_at: datetime | None = found.seed.at if found.seed else None
    return Record(
        text=found.draw.text,
        sha256=found.draw.sha256,
        frozen_at=found.draw.at,
        seed=found.seed.value if found.seed else "",
        seeded_at=seeded_at,
        drawn=tuple((one.village.code, one.inspector_id) for one in first),
    )

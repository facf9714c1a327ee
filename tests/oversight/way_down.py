"""An opinion on its way down, for the tests of the requirements."""

from datetime import date, timedelta
from typing import Any

from casework.models import Person, Unit
from oversight.models import Opinion, Requirement
from oversight.opinions.issuing import Issued, issue_opinion
from oversight.opinions.passing import pass_on, sign_requirement
from oversight.opinions.tree import Branch, Standing, tree_of
from tests.cast import Cast
from tests.oversight.desk import Desk
from tests.walk import NOW, TODAY

LATER = TODAY + timedelta(days=40)


def said(*addressees: Unit, **changed: Any) -> Issued:
    values = {"words": "明白墙闲置", "requirement": "逐村排查明白墙", "deadline": LATER, "reaches": "village"}
    return Issued(**{**values, "addressees": addressees, **changed})


def issue(desk: Desk, *addressees: Unit, at: Any = NOW, **changed: Any) -> Opinion:
    return issue_opinion(mechanism=desk.mechanism, issued=said(*addressees, **changed), by=desk.officer, at=at)


def row_of(opinion: Opinion, unit: Unit) -> Requirement:
    return Requirement.objects.get(opinion=opinion, unit=unit)


def sign(opinion: Opinion, unit: Unit, by: Person, at: Any = NOW) -> Requirement:
    row = row_of(opinion, unit)
    sign_requirement(requirement=row, name="某人", by=by, at=at)
    return row


def hand_down(cast: Cast, opinion: Opinion) -> None:
    """The county to its two towns, the first of them to its two villages, one of which signs."""
    pass_on(
        requirement=sign(opinion, cast.county, cast.county_supervisor),
        units=[cast.town, cast.elm.parent],
        by=cast.county_supervisor,
        at=NOW,
    )
    pass_on(
        requirement=sign(opinion, cast.town, cast.town_reviewer),
        units=[cast.willow, cast.poplar],
        by=cast.town_reviewer,
        at=NOW,
    )
    sign(opinion, cast.willow, cast.willow_head)


def standings(opinion: Opinion, on: date = TODAY, under: Unit | None = None) -> dict[str, tuple[Standing, int, int]]:
    found: dict[str, tuple[Standing, int, int]] = {}

    def look(branches: list[Branch]) -> None:
        for branch in branches:
            found[branch.row.unit_name] = (branch.standing, branch.days, branch.left)
            look(branch.below)

    look(tree_of(opinion, on=on, under=under))
    return found

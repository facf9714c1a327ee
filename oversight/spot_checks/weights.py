"""How likely a village is drawn, in whole numbers: what it had to fear of a rebound, times how long nobody looked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.utils.translation import gettext

from casework.models import SpotCheckDraw, Unit
from casework.models.unit import UnitLevel
from casework.working_time.deadlines import local_day, midnight
from oversight.analysis import Scope, villages_at_risk
from oversight.spot_checks.frozen_list import ListedVillage, Rule
from oversight.spot_checks.records import DrawnVillage
from oversight.visits.records import VillageVisit, VillageVisitKind, VisitState

# Looked at are the strike-offs of a year; a village without any counts as one of its county's.
DAYS = 365
# The risk in tenths of what is usual in the county: nobody is safe from being drawn, and nobody is drawn for sure.
USUAL, LEAST, MOST = 10, 2, 40
QUARTER, QUARTERS = 91, 4
NO_TOWN = "-"
# Visits by which a village was checked; a self-check is its own, and a petition looks at one thing.
CHECKING = (VillageVisitKind.SPOT_CHECK, VillageVisitKind.UNANNOUNCED, VillageVisitKind.CAMPAIGN)


def villages_below(area: Unit) -> list[Unit]:
    found = Unit.objects.filter(area.subtree(), level=UnitLevel.VILLAGE, is_active=True)
    return list(found.select_related("parent").order_by("code"))


def listed_villages(area: Unit, on: date) -> list[ListedVillage]:
    """Every active village of an area with its weight and the rule by which it is drawn. A constant number of queries."""
    villages = villages_below(area)
    risk = risk_in_tenths(area, on)
    last = last_checked([one.pk for one in villages], on)
    return [
        ListedVillage(
            code=one.code,
            town=town_code(one),
            risk=risk.get(one.pk, USUAL),
            quarters=quarters_since(last.get(one.pk), on),
            rule=rule_of(one, last.get(one.pk), on),
        )
        for one in villages
    ]


def town_code(village: Unit) -> str:
    parent = village.parent
    return parent.code if parent is not None and parent.level == UnitLevel.TOWN else NO_TOWN


def rule_of(village: Unit, checked: date | None, on: date) -> Rule:
    if village.is_key_village:
        return Rule.KEY
    return Rule.YEAR if checked is None or checked <= on - timedelta(DAYS) else Rule.LOT


def quarters_since(checked: date | None, on: date) -> int:
    """1 within the first three months after a check, 4 from three quarters of a year on and where there was none."""
    return QUARTERS if checked is None else min(max((on - checked).days, 0) // QUARTER + 1, QUARTERS)


def risk_in_tenths(area: Unit, on: date) -> dict[int, int]:
    """The share of its strike-offs that is likely to come back, by what is usual in its county; of the villages that
    had a strike-off.
    """
    counties = [area.pk]
    if area.level != UnitLevel.COUNTY:
        above = Unit.objects.filter(path__in=area.ancestor_paths(), level=UnitLevel.COUNTY)
        below = Unit.objects.filter(area.subtree(), level=UnitLevel.COUNTY)
        counties = [*above.values_list("pk", flat=True), *below.values_list("pk", flat=True)]
    found = villages_at_risk(Scope(tuple(counties), on - timedelta(DAYS), on))
    return {
        one.standing.village: min(max(round(USUAL * one.expected / one.usual), LEAST), MOST)
        for one in found
        if one.usual > 0
    }


def last_checked(villages: Iterable[int], on: date) -> dict[int, date]:
    """The day on which an inspector was in each village last, by the visits of two years: of the villages where one was.
    What was drawn and is still to be visited counts as well, so that nobody is drawn twice at once.
    """
    villages, since = set(villages), midnight(on - timedelta(2 * DAYS))
    made = VillageVisit.objects.filter(state=VisitState.DONE, done_at__gte=since, kind__in=CHECKING)
    last: dict[int, datetime] = dict(
        made.order_by().values("village").annotate(last=Max("done_at")).values_list("village", "last")
    )
    drawn = DrawnVillage.objects.filter(due_by__gte=on, excuse=None).order_by().values("village")
    for village, at in drawn.annotate(last=Max("at")).values_list("village", "last"):
        last[village] = max(at, last.get(village, at))
    for at, visits in SpotCheckDraw.objects.filter(at__gte=since).order_by("at").values_list("at", "visits"):
        last |= {village: max(at, last.get(village, at)) for village, _inspector in visits}
    return {village: local_day(at) for village, at in last.items() if village in villages}


@dataclass(frozen=True)
class Counts:
    """What a list consists of: how many are drawn by which rule, and how many remain."""

    keys: int
    unchecked: int
    others: int


def counts_of(villages: Iterable[ListedVillage]) -> Counts:
    rules = [one.rule for one in villages]
    return Counts(rules.count(Rule.KEY), rules.count(Rule.YEAR), rules.count(Rule.LOT))


def reasons_of(village: ListedVillage) -> str:
    """Why a village has this weight, in words, from the frozen list alone."""
    if village.risk == USUAL:
        risk = gettext("as much as usual in its county is likely to come back")
    else:
        risk = gettext("%(times)s times as much as usual in its county is likely to come back") % {
            "times": f"{village.risk // USUAL}.{village.risk % USUAL}"
        }
    since = (
        {
            1: gettext("checked within the last three months"),
            2: gettext("checked three to six months ago"),
            3: gettext("checked six to nine months ago"),
            4: gettext("not checked for nine months or longer"),
        }[village.quarters]
        if 1 <= village.quarters <= QUARTERS
        else ""
    )
    return gettext("%(risk)s (%(tenths)d), %(since)s (× %(quarters)d): weight %(weight)d") % {
        "risk": risk,
        "tenths": village.risk,
        "since": since,
        "quarters": village.quarters,
        "weight": village.weight,
    }

"""The units one level below, each by itself: for the small drawings and the table behind them."""

from dataclasses import dataclass

from casework.models import Unit
from oversight.figures.counting import BELOW, Flow, Months, Standing, flows_below, standings_below
from oversight.figures.standings import MONTHS_SHOWN, months_until
from oversight.rates import Rate, rate


@dataclass(frozen=True)
class UnitRow:
    """A unit one level below: how it stands, and its last months for the small drawing."""

    unit: Unit
    standing: Standing
    overdue: Rate
    flow: Flow
    back: Rate
    months: tuple[Standing, ...]


def rows_below(unit: Unit, months: Months, *, knows_unassigned: bool) -> tuple[UnitRow, ...]:
    """In the order of the tree, never of a figure. Four queries."""
    if unit.level not in BELOW:
        return ()
    asked = months_until(months.last, MONTHS_SHOWN)
    stood, moved = standings_below(unit, asked), flows_below(unit, months)
    year = flows_below(unit, months.year)
    children = Unit.objects.filter(unit.subtree(), level=BELOW[unit.level]).order_by("path")
    rows = []
    for child in children:
        by_month = stood.get(child.pk, {})
        if not child.is_active and not by_month and child.pk not in year:
            continue
        shown = [by_month.get(month, Standing()) for month in asked]
        if not knows_unassigned:
            shown = [one.without_unassigned for one in shown]
        flow, of_year = moved.get(child.pk, Flow()), year.get(child.pk, Flow())
        rows.append(
            UnitRow(
                unit=child,
                standing=shown[-1],
                overdue=rate(shown[-1].overdue, shown[-1].assigned),
                flow=flow,
                back=rate(of_year.back, of_year.closed),
                months=tuple(shown),
            )
        )
    return tuple(rows)

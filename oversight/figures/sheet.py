"""One sheet for those who lead: a sentence, the figures of a span, the months before it, the units below."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.stages import Light, Stage
from casework.working_time.deadlines import local_day
from oversight.figures.below import UnitRow, rows_below
from oversight.figures.counting import (
    Flow,
    Months,
    Standing,
    closing_times,
    flow_of,
    flows,
    letters_in,
    reports_due,
    spread_in,
    standings,
)
from oversight.figures.figure import Counted, Figure, Spread, count, days, share, spread_of
from oversight.figures.providers import PROVIDERS
from oversight.figures.standings import MONTHS_SHOWN, months_back, months_until
from oversight.rates import rate


@dataclass(frozen=True)
class MonthRow:
    """One month in the table behind the charts."""

    month: date
    standing: Standing
    flow: Flow
    took: Spread


@dataclass(frozen=True)
class Sheet:
    """All that a page, a workbook and a document say. `knows_unassigned` is false for a reader who learns of a case only
    when it is assigned: those are left out of every number, and with them what was found.
    """

    unit: Unit
    months: Months
    at: datetime
    knows_unassigned: bool
    figures: tuple[Figure, ...]
    rows: tuple[MonthRow, ...]
    below: tuple[UnitRow, ...]

    @property
    def is_running(self) -> bool:
        return local_day(self.at) in self.months

    def figure(self, key: str) -> Figure | None:
        return next((one for one in self.figures if one.key == key), None)

    @property
    def sentence(self) -> str:
        """What a leader should know, in words."""
        is_open, overdue, closed, took = (self.figure(key) for key in ("open", "overdue", "closed", "days"))
        if is_open is None or overdue is None or closed is None or took is None:
            return ""
        parts = [
            ngettext(
                "%(count)s problem is open, %(overdue)s of them overdue",
                "%(count)s problems are open, %(overdue)s of them overdue",
                int(is_open.value or 0),
            )
            % {"count": is_open.shown, "overdue": f"{overdue.part or 0:,}"},
            ngettext(
                "%(count)s was struck off in the period",
                "%(count)s were struck off in the period",
                int(closed.value or 0),
            )
            % {"count": closed.shown},
        ]
        if took.value is not None:
            parts.append(gettext("half of them within %(days)s") % {"days": took.shown})
        told = gettext(", ").join(parts)
        return gettext("%(unit)s: %(told)s.") % {"unit": self.unit.name, "told": told}

    @property
    def change_sentence(self) -> str:
        """What moved since the period before, or nothing where it can't be said."""
        overdue = self.figure("overdue")
        before = self.rows[-1 - self.months.length].standing if len(self.rows) > self.months.length else None
        if overdue is None or before is None:
            return ""
        difference = (overdue.part or 0) - before.overdue
        if difference > 0:
            return ngettext(
                "%(count)d more is overdue than at the end of the period before.",
                "%(count)d more are overdue than at the end of the period before.",
                difference,
            ) % {"count": difference}
        if difference < 0:
            return ngettext(
                "%(count)d fewer is overdue than at the end of the period before.",
                "%(count)d fewer are overdue than at the end of the period before.",
                -difference,
            ) % {"count": -difference}
        return gettext("As many are overdue as at the end of the period before.")


def sheet_of(unit: Unit, months: Months, *, at: datetime, knows_unassigned: bool = True) -> Sheet:
    """Count all of it: some ten queries over kept aggregates."""
    asked = months_until(months.last, MONTHS_SHOWN + 11)
    stood, moved = standings(unit, asked[11:]), flows(unit, asked)
    took = closing_times(unit, asked[11:])
    if not knows_unassigned:
        stood = {month: one.without_unassigned for month, one in stood.items()}
    rows = tuple(
        MonthRow(month, stood.get(month, Standing()), moved[month], spread_of(took[month]))
        for month in months_until(months.last, MONTHS_SHOWN)
    )
    figures = [
        *_standing_figures(unit, months, stood, is_now=local_day(at) in months),
        *_flow_figures(unit, months, moved, at=at, knows_unassigned=knows_unassigned),
        days(
            "days",
            _("Days from the finding to the strike-off (the middle one)"),
            spread_in(took, months),
            spread_in(took, months.before),
            query=_closed_in(unit, months),
        ),
        *_letter_figures(unit, months),
        *_report_figures(unit, months, at=at),
    ]
    for provider in PROVIDERS:
        figures += provider(unit, months, at)
    order = ("open", "overdue", "red", "yellow", "found", "closed", "days")
    figures.sort(key=lambda one: order.index(one.key) if one.key in order else len(order))
    return Sheet(
        unit,
        months,
        at,
        knows_unassigned,
        tuple(figures),
        rows,
        rows_below(unit, months, knows_unassigned=knows_unassigned),
    )


def of_unit(unit: Unit) -> dict[str, str]:
    """The filter of the list of cases that means this unit; a city has all of them."""
    return {} if unit.level == UnitLevel.CITY else {unit.level: unit.code}


def _standing_figures(unit: Unit, months: Months, stood: dict[date, Standing], *, is_now: bool) -> list[Figure]:
    """How it stood when the months ended. Only how it stands now can be looked up as a list of cases."""
    now, before = stood.get(months.last, Standing()), stood.get(months.before.last)
    query = of_unit(unit)
    assigned = rate(now.overdue, now.assigned)
    return [
        count("open", _("Open"), now.open, before.open if before else None, query=query, has_records=is_now),
        share(
            "overdue",
            _("Overdue, of those assigned"),
            assigned,
            rate(before.overdue, before.assigned) if before else None,
            query={**query, "overdue": "1"},
            has_records=is_now,
        ),
        count(
            "red",
            _("Red light"),
            now.red,
            before.red if before else None,
            query={**query, "light": Light.RED},
            has_records=is_now,
        ),
        count(
            "yellow",
            _("Yellow light"),
            now.yellow,
            before.yellow if before else None,
            query={**query, "light": Light.YELLOW},
            has_records=is_now,
        ),
    ]


def _closed_in(unit: Unit, months: Months) -> dict[str, str]:
    return {
        **of_unit(unit),
        "stage": Stage.CLOSED,
        "closed_from": months.first.isoformat(),
        "closed_until": months.last_day.isoformat(),
    }


def _flow_figures(
    unit: Unit, months: Months, moved: dict[date, Flow], *, at: datetime, knows_unassigned: bool
) -> list[Figure]:
    now, before = flow_of(moved, months), flow_of(moved, months.before)
    year, year_before = flow_of(moved, months.year), flow_of(moved, Months(*_year_before(months)))
    # A month that still runs is not compared with a whole one.
    is_whole = local_day(at) not in months
    found_in = {
        **of_unit(unit),
        "state": "all",
        "found_from": months.first.isoformat(),
        "found_until": months.last_day.isoformat(),
    }
    figures = [
        count(
            "closed", _("Struck off"), now.closed, before.closed if is_whole else None, query=_closed_in(unit, months)
        ),
        share(
            "again",
            _("Returned before the strike-off"),
            rate(now.again, now.closed),
            rate(before.again, before.closed),
            query={**_closed_in(unit, months), "came_back": "1"},
        ),
        share(
            "back",
            _("Came back after the strike-off (of a year's)"),
            rate(year.back, year.closed),
            rate(year_before.back, year_before.closed),
            query={**_closed_in(unit, months.year), "relapsed": "1"},
        ),
    ]
    if knows_unassigned:
        figures.append(count("found", _("Found"), now.found, before.found if is_whole else None, query=found_in))
    return figures


def _year_before(months: Months) -> tuple[date, date]:
    """The twelve months that end with the period before."""
    last = months.before.last
    return months_back(last, 11), last


def _letter_figures(unit: Unit, months: Months) -> list[Figure]:
    now, before = letters_in(unit, months), letters_in(unit, months.before)
    return [
        share(
            "signed",
            _("Notices and letters signed for"),
            rate(now.signed, now.issued),
            rate(before.signed, before.issued),
            counted=Counted.LETTERS,
            page="letters",
        ),
        share(
            "answered",
            _("Supervision letters answered"),
            rate(now.answered, now.letters),
            rate(before.answered, before.letters),
            counted=Counted.LETTERS,
            page="letters",
        ),
    ]


def _report_figures(unit: Unit, months: Months, *, at: datetime) -> list[Figure]:
    now = reports_due(unit, months, at=at)
    if now is None:
        return []
    before = reports_due(unit, months.before, at=at)
    return [
        share(
            "reports",
            _("Member units' reports on time"),
            rate(*now),
            rate(*before) if before else None,
            counted=Counted.REPORTS,
            page="periods",
        )
    ]

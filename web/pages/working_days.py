"""The working-day calendar: the years that are known, one year as a grid to tick, and a year from a file."""

import calendar as months
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed, Refusal
from casework.models import CalendarDay, CalendarYear
from casework.offices.working_calendar import Day, set_year
from casework.rights.roles import rules_city
from casework.tables.days import as_day
from casework.tables.parsing import Table
from casework.tables.reading import read_small
from casework.working_time import calendar
from casework.working_time.workdays import FIRST, LAST
from web.pages.form_words import WordedForm
from web.requests import Request

DAY_COLUMNS = ("day", "日期")
WORKING_COLUMNS = ("working", "是否上班", "工作日")
NAME_COLUMNS = ("name", "说明", "名称")
YES = {"1", "是", "班", "上班", "true", "yes", "y", "工作日"}
# Whoever looks a deadline up looks at this year, the last and the next; the earlier ones stand folded up.
YEARS_SHOWN = 1
NO = {"0", "否", "休", "休息", "false", "no", "n", "假", "放假", "节假日"}


class YearFileForm(WordedForm):
    file = forms.FileField(
        label=_("A year from a file"),
        help_text=_("CSV or XLSX with the columns day, working (1 or 0) and name, a row for each day of the year."),
    )
    source = forms.CharField(
        label=_("Announced by"),
        max_length=200,
        help_text=_("The notice by which these days were announced, with its number."),
    )


def may_set(request: Request) -> bool:
    return rules_city(request.user, request.on) is not None


def years(request: Request) -> HttpResponse:
    """Which years are known, and which one is missing next."""
    form = YearFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not may_set(request):
            raise NotAllowed("not_your_rules", _("Only the city office sets the working-day calendar."))
        if form.is_valid():
            try:
                days = days_of(read_small(form.cleaned_data["file"]))
                year = days[0].day.year
                source = form.cleaned_data["source"]
                changed = set_year(year=year, days=days, source=source, by=request.user, at=request.at)
            except Refusal as error:
                form.add_error(error.field if error.field in form.fields else "file", str(error.sentence))
            else:
                messages.success(request, kept(year, changed))
                return redirect("calendar_year", year=year)
    known = list(CalendarYear.objects.order_by("-year"))
    this_year = request.on.year
    announced = {row.year for row in known}
    return render(
        request,
        "calendar/years.html",
        {
            "years": [row for row in known if row.year >= this_year - YEARS_SHOWN],
            "earlier_years": [row for row in known if row.year < this_year - YEARS_SHOWN],
            "missing": [year for year in (this_year, this_year + 1) if year not in announced],
            "may_set": may_set(request),
            "form": form,
        },
        status=422 if form.errors else 200,
    )


def kept(year: int, changed: int) -> Any:
    return _("%(year)d: %(changed)d days were entered or changed. Deadlines follow within a minute.") % {
        "year": year,
        "changed": changed,
    }


def days_of(table: Table) -> list[Day]:
    """The days that a file names; refuses a row that can't be read."""
    day_column = _column(table, DAY_COLUMNS)
    working_column = _column(table, WORKING_COLUMNS)
    name_column = next((name for name in table.columns if name in NAME_COLUMNS), None)
    days = []
    for row in table.rows:
        day = as_day(row.cells[day_column])
        said = str(row.cells[working_column]).strip().lower().removesuffix(".0")
        if day is None or said not in YES | NO:
            raise Invalid(
                "calendar_row",
                _("Row %(number)d: give a day and whether it is worked (1 or 0).") % {"number": row.number},
                field="file",
            )
        days.append(Day(day, said in YES, str(row.cells[name_column]).strip()[:40] if name_column else ""))
    if not days:
        raise Invalid("calendar_empty", _("The file names no day."), field="file")
    return days


def _column(table: Table, names: tuple[str, ...]) -> str:
    for name in table.columns:
        if name in names:
            return name
    raise Invalid("calendar_columns", _("The column “%(name)s” is missing.") % {"name": names[0]}, field="file")


def year(request: Request, year: int) -> HttpResponse:
    """One year, a box for each day. A year that nobody has announced begins with the weekend rule."""
    if not FIRST.year <= year <= LAST.year:
        raise Http404
    refusal, worked = None, None
    if request.method == "POST":
        worked = set(request.POST.getlist("worked"))
        try:
            names = dict(CalendarDay.objects.filter(year=year).values_list("day", "name"))
            days = [Day(day, day.isoformat() in worked, names.get(day, "")) for day in all_days(year)]
            source = request.POST.get("source", "")[:200]
            changed = set_year(year=year, days=days, source=source, by=request.user, at=request.at)
        except NotAllowed:
            raise
        except Refusal as error:
            refusal = error
        else:
            messages.success(request, kept(year, changed))
            return redirect("calendar_year", year=year)
    row = CalendarYear.objects.filter(year=year).first()
    return render(
        request,
        "calendar/year.html",
        {
            "year": year,
            "row": row,
            "months": grid(year, worked),
            "may_set": may_set(request),
            "refusal": refusal,
            "source": request.POST.get("source", row.source if row else ""),
        },
        status=refusal.status if refusal else 200,
    )


def all_days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range(366 if months.isleap(year) else 365)]


def grid(year: int, worked: set[str] | None = None) -> list[dict[str, Any]]:
    """Twelve months of weeks; each day with whether it is worked, and why if that isn't what the weekday says. `worked`
    are the days that were ticked just now and refused: they stay ticked.
    """
    workdays = calendar.current()
    names = dict(CalendarDay.objects.filter(year=year).exclude(name="").values_list("day", "name"))

    def is_worked(day: date) -> bool:
        return workdays.is_working(day) if worked is None else day.isoformat() in worked

    found = []
    for month in range(1, 13):
        weeks = [
            [
                {
                    "day": day,
                    "is_working": is_worked(day),
                    "is_odd": is_worked(day) != (day.weekday() < 5),
                    "name": names.get(day, ""),
                }
                if day.month == month
                else None
                for day in week
            ]
            for week in months.Calendar().monthdatescalendar(year, month)
        ]
        named = [day for week in weeks for day in week if day and day["name"]]
        found.append({"first": date(year, month, 1), "weeks": weeks, "named": runs_of(named)})
    return found


def runs_of(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Days of a month that follow one another under one name, worked or not, as the first and the last of them."""
    runs: list[dict[str, Any]] = []
    for one in days:
        alike, day = {"name": one["name"], "is_working": one["is_working"]}, one["day"].day
        if runs and runs[-1].items() >= alike.items() and runs[-1]["last"] == day - 1:
            runs[-1]["last"] = day
        else:
            runs.append({**alike, "first": day, "last": day})
    return runs


urlpatterns = [
    path("calendar", years, name="calendar"),
    path("calendar/<int:year>", year, name="calendar_year"),
]

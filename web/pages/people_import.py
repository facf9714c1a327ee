"""People with their posts come in as a table: a preview first, then the good rows, and a slip for each new account.

Nothing of the file is kept: its rows travel through the preview page, signed, and the one-time passwords are shown once.
"""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core import signing
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import Conflict, Invalid, Refusal
from casework.offices.accounts import first_password_end
from casework.offices.people import ROLES, import_people, try_people
from casework.stages import Role
from casework.tables.columns import PEOPLE, PEOPLE_COLUMNS, name_of
from casework.tables.outcome import refused_csv
from casework.tables.parsing import Row, Table
from casework.tables.reading import read_small
from web.pages.accounts import require_area
from web.pages.form_words import WordedForm
from web.requests import Request

SALT = "people-import"
HOURS = 2
COLUMNS = ("name", "phone", "county", "town", "village", "unit_code", "role", "from", "until")
LONGEST = 1_500_000  # characters that come back with the confirmation
MOST_ROWS = 3000  # an election of a whole city
LOOKED_AT = 300  # rows of the preview


class TableForm(WordedForm):
    file = forms.FileField(
        label=_("Table of people"),
        help_text=_("CSV or XLSX, at most 3,000 rows. Nothing is written before you have seen the preview."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )
    is_election = forms.BooleanField(
        label=_("An election: whoever heads a committee on the first day of a row ends the day before"), required=False
    )


def people_import(request: Request) -> HttpResponse:
    """Choose a table; then what would become of its rows."""
    require_area(request)
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if request.method == "POST" and form.is_valid():
        try:
            table = read_small(form.cleaned_data["file"], PEOPLE_COLUMNS, most_rows=MOST_ROWS)
            is_election = form.cleaned_data["is_election"]
            rows = packed(table, request, is_election=is_election)
            appointed = try_people(table, by=request.user, at=request.at, is_election=is_election)
        except Refusal as error:
            form.add_error("file", str(error.sentence))
        else:
            context = {
                "file_name": form.cleaned_data["file"].name,
                "outcome": appointed.outcome,
                "taken": appointed.taken[:LOOKED_AT],
                "is_longer": len(appointed.taken) > LOOKED_AT,
                "to_write": appointed.outcome.added + appointed.outcome.changed,
                "new_accounts": len(appointed.passwords),
                "rows": rows,
            }
            return render(request, "people/import_preview.html", context)
    context = {"form": form, "names": [name_of(ours, PEOPLE) for ours in COLUMNS], "roles": names_of_roles()}
    return render(request, "people/import.html", context, status=422 if form.errors else 200)


def names_of_roles() -> list[str]:
    """As a table may write them, in the language of the page."""
    return list(ROLES) if (get_language() or "").startswith("zh") else list(Role.values)


def packed(table: Table, request: Request, *, is_election: bool) -> str:
    rows = [
        [row.number, [plain(row.cells.get(name)) for name in table.columns], [plain(cell) for cell in row.surplus]]
        for row in table.rows
    ]
    signed = signing.dumps([request.user.pk, table.columns, rows, is_election], salt=SALT, compress=True)
    if len(signed) > LONGEST:
        raise Invalid("table_too_long", _("The cells of this table hold too much text for people and posts. Split it."))
    return signed


def plain(cell: Any) -> Any:
    if isinstance(cell, date | datetime):
        return cell.isoformat()[:10]
    return cell if isinstance(cell, str | int | float) else str(cell or "")


def unpacked(request: Request) -> tuple[Table, bool]:
    """The rows of a preview of one's own, and whether they are an election's."""
    try:
        by, columns, rows, *more = signing.loads(request.POST.get("rows", ""), salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        by, columns, rows, more = None, [], [], []
    if by != request.user.pk:
        raise Conflict("preview_over", _("This preview has run out. Choose the file again; nothing was written."))
    found = [Row(number, dict(zip(columns, cells, strict=True)), tuple(more)) for number, cells, more in rows]
    return Table(columns, found), more == [True]


@require_POST
def confirmation(request: Request) -> HttpResponse:
    """Write the good rows, and show each new account's slip: once, and nowhere else."""
    require_area(request)
    table, is_election = unpacked(request)
    try:
        appointed = import_people(table, by=request.user, at=request.at, is_election=is_election)
    except IntegrityError as error:
        sentence = _("Somebody gave one of these posts or numbers at the same moment. Look at the preview once more.")
        raise Conflict("preview_over", sentence) from error
    posts = {one.phone: f"{one.unit} · {one.role.label}" for _number, one, _result in appointed.taken}
    context = {
        "outcome": appointed.outcome,
        "slips": [(*slip, posts.get(slip[1], "")) for slip in appointed.passwords],
        "until": first_password_end(request.at),
        "rows": request.POST["rows"],
    }
    return render(request, "people/slips.html", context)


@require_POST
def refused(request: Request) -> HttpResponse:
    """The refused rows as they came, each with its reason: to be mended and chosen again."""
    require_area(request)
    table, is_election = unpacked(request)
    outcome = try_people(table, by=request.user, at=request.at, is_election=is_election).outcome
    response = HttpResponse(refused_csv(table, outcome.refused), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="people.refused.csv"'
    return response


def template(request: Request) -> HttpResponse:
    """An empty table with the names of its columns, which Excel opens."""
    require_area(request)
    names = ",".join(name_of(ours, PEOPLE) for ours in COLUMNS)
    response = HttpResponse(f"\ufeff{names}\r\n", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="people.csv"'
    return response


urlpatterns = [
    path("people/import", people_import, name="people_import"),
    path("people/import/template.csv", template, name="people_template"),
    path("people/import/confirmation", confirmation, name="people_import_confirmation"),
    path("people/import/refused", refused, name="people_import_refused"),
]

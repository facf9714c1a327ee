"""The columns of the list of cases: what stands in each, by which a list can be sorted, and which a person chose."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.lists.reporters import reporter_name
from casework.models import Case, ListSettings, Person
from web.requests import Request
from web.templatetags.words import colon, day, local_name, time_left, title

Words = str | SafeString


@dataclass(frozen=True)
class Column:
    """`sorts` are the words of an address (casework/list_orders.SORTS and SORTED_WHEN_FEW) for the smallest and for the
    largest first. `needs` are the tables that are joined for it.
    """

    code: str
    label: Any
    cell: Callable[[Case], Words]
    needs: tuple[str, ...] = ()
    sorts: tuple[str, str] | None = None


def _title(case: Case) -> Words:
    tags = []
    if case.round > 1 and case.is_open:
        tags.append(("", gettext("round %(round)s") % {"round": case.round}))
    if case.relapse_of_id:
        tags.append((" relapse", gettext("relapse")))
    return format_html(
        '<a class="row-link" href="{}">{}</a>{}',
        reverse("case", args=[case.number]),
        title(case),
        format_html_join("", ' <em class="tag{}">{}</em>', tags),
    )


def _item(case: Case) -> Words:
    if case.is_unclassified:
        return format_html('<em class="tag">{}</em>', gettext("to be classified"))
    return local_name(case.item)


def _severity(case: Case) -> Words:
    if case.severity is None:
        return ""
    return format_html('<span class="severity-{}">{}</span>', case.severity, case.get_severity_display())


def _left(case: Case) -> Words:
    """The light as colour, shape and word; of an ended case how it ended."""
    if not case.is_open:
        return format_html('<span class="light ended {}">{}</span>', case.stage, case.get_stage_display())
    if case.paused_on or case.light == "none":
        kind = "paused" if case.paused_on else "none"
        return format_html('<span class="light {}">{}</span>', kind, time_left(case))
    return format_html(
        '<span class="light {0}"><svg class="lamp" aria-hidden="true"><use href="{1}#light-{0}"></use></svg>'
        '<span class="sr">{2}</span>{3}</span>',
        case.light,
        static("icons.svg"),
        colon(case.get_light_display()),
        time_left(case),
    )


COLUMNS = {
    column.code: column
    for column in (
        Column("number", _("Number"), lambda case: case.number, sorts=("old", "new")),
        Column("title", _("Problem"), _title),
        Column("village", _("Village"), lambda case: case.village.name, ("village",), sorts=("village", "-village")),
        Column("town", _("Town"), lambda case: case.town.name if case.town else "", ("town",), sorts=("town", "-town")),
        Column(
            "county",
            _("County"),
            lambda case: case.county.name if case.county else "",
            ("county",),
            sorts=("county", "-county"),
        ),
        Column("item", _("Category"), _item, ("item",), sorts=("item", "-item")),
        Column("aspect", _("Aspect"), lambda case: local_name(case.item and case.item.aspect), ("item__aspect",)),
        Column("object", _("Object"), lambda case: str(case.object or ""), ("object",)),
        Column("severity", _("Severity"), _severity, sorts=("severity", "-severity")),
        Column("source", _("Source"), lambda case: case.get_source_display()),
        Column("stage", _("Stage"), lambda case: case.get_stage_display(), sorts=("stage", "-stage")),
        Column(
            "desk",
            _("Now at"),
            lambda case: case.waits_at.name if case.waits_at else "",
            ("waits_at",),
            sorts=("desk", "-desk"),
        ),
        Column(
            "responsible",
            _("Responsible"),
            lambda case: case.responsible.name if case.responsible else "",
            ("responsible",),
            sorts=("responsible", "-responsible"),
        ),
        Column("lead", _("Responsible leader"), lambda case: case.lead),
        Column(
            "reporter",
            _("Reported by"),
            reporter_name,
            ("reported_by",),
        ),
        Column("found", _("Found on"), lambda case: day(case.found_on), sorts=("found", "-found")),
        Column("due", _("Deadline"), lambda case: day(case.due_on) if case.due_on else "", sorts=("due", "-due")),
        Column("left", pgettext_lazy("a column", "Time left"), _left, sorts=("due", "-due")),
        Column(
            "closed",
            _("Struck off on"),
            lambda case: day(case.closed_on) if case.closed_on else "",
            sorts=("closed", "-closed"),
        ),
    )
}
DEFAULT = ("number", "title", "village", "town", "item", "severity", "stage", "due", "left")
# A row is a card where it is narrow: these stand on it whatever was chosen for the table.
ON_A_CARD = ("number", "title", "village", "town", "stage", "left")


def known(codes: Any) -> list[str]:
    """Columns that exist, each once; a list without the problem itself would have nothing to open."""
    found = list(dict.fromkeys(code for code in codes if code in COLUMNS)) if isinstance(codes, list) else []
    if not found:
        return list(DEFAULT)
    return found if "title" in found else ["title", *found]


def columns_of(person: Person) -> list[str]:
    """The columns that this person chose, in their order."""
    chosen = ListSettings.objects.filter(person=person).values_list("columns", flat=True).first()
    return known(chosen)


def joined(codes: Iterable[str]) -> list[str]:
    """The tables that these columns and the cards need."""
    return sorted({table for code in (*codes, *ON_A_CARD) for table in COLUMNS[code].needs})


def heads(codes: Sequence[str], sort: str) -> list[dict[str, Any]]:
    """The heads of a table that is sorted in this way: what each says, and how a click on it sorts."""
    found: list[dict[str, Any]] = []
    for code in codes:
        column = COLUMNS[code]
        first, last = column.sorts or ("", "")
        # Two columns of one order: the arrow stands on the first of them.
        is_sorted = sort in (first, last) and not any(one["sorted"] for one in found)
        found.append(
            {
                "code": code,
                "label": column.label,
                "sort": last if sort == first else first,
                "sorted": ("ascending" if sort == first else "descending") if is_sorted else "",
            }
        )
    return found


def table_rows(cases: Iterable[Case], codes: Sequence[str], *, ticks: bool = False) -> list[list[dict[str, Any]]]:
    """The cells of each case in the order of the columns, and behind them what only a card shows; before them a box to
    tick the row.
    """
    order = [(COLUMNS[code], code) for code in codes]
    order += [(COLUMNS[code], f"{code} card-only") for code in ON_A_CARD if code not in codes]
    return [
        [
            *([{"code": "tick", "html": _tick(case), "head": False}] if ticks else ()),
            *(
                {"code": words, "html": conditional_escape(column.cell(case)), "head": column.code == "title"}
                for column, words in order
            ),
        ]
        for case in cases
    ]


def _tick(case: Case) -> SafeString:
    """The form of the box stands below the table."""
    return format_html(
        '<input type="checkbox" form="ticked" name="case" value="{0}" aria-label="{1}">',
        case.number,
        gettext("Tick %(number)s") % {"number": case.number},
    )


def column_choices(codes: Sequence[str]) -> list[dict[str, Any]]:
    """Every column for the form in which they are chosen: the chosen ones first, in their order."""
    order = [*codes, *(code for code in COLUMNS if code not in codes)]
    return [{"code": code, "label": COLUMNS[code].label, "is_chosen": code in codes} for code in order]


@require_POST
def choose(request: Request) -> HttpResponse:
    """Keep the columns that are ticked, in the order in which they were sent; `up` takes one of them a place up."""
    codes = known(request.POST.getlist("column"))
    if "default" in request.POST:
        codes = list(DEFAULT)
    up = request.POST.get("up", "")
    if up in codes[1:]:
        place = codes.index(up)
        codes[place - 1 : place + 1] = [up, codes[place - 1]]
    ListSettings.objects.update_or_create(person=request.user, defaults={"columns": codes})
    query = request.POST.get("query", "")[:2000]
    answer = redirect(f"{reverse('cases')}{'?' if query else ''}{query}")
    if up:  # without a script: back to where the next column is moved
        answer["Location"] += f"{'&' if query else '?'}columns=1#columns"
    return answer


urlpatterns = [path("lists/columns", choose, name="list_columns")]

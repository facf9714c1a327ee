"""Visits to the field: the list of a period with the members that went nowhere, and a new one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do, posts_for
from oversight.mechanisms.queries import mechanism_above, spans_of, visits_between, without_visit
from oversight.mechanisms.visits import Visited, enter_visit, places_meant
from oversight.models import FieldVisit, Mechanism, VisitKind
from web.pages.fields import SAVED, DayField, NamesField, show_refusals
from web.pages.kept_files import FormWithFiles
from web.pages.spans import chosen_span
from web.requests import Request

MOST_SHOWN = 200
TEXTAREA = forms.Textarea(attrs={"rows": 4})


class VisitForm(FormWithFiles):
    """Places are typed as names; what several have is said with the codes that tell them apart."""

    unit = forms.ChoiceField(label=_("Unit that went"))
    kind = forms.ChoiceField(label=_("What was it?"), choices=VisitKind.choices)
    day = DayField(label=_("Date"))
    places = NamesField(
        label=_("Where"),
        help_text=_(
            "Villages, towns or counties, with “、” between them. Where two have one name, write the town as well."
        ),
        max_length=1000,
    )
    people = forms.CharField(label=_("Who went"), max_length=1000)
    seen = forms.CharField(label=_("What was seen"), widget=TEXTAREA)
    good_practice = forms.CharField(
        label=_("Good practice"),
        help_text=_("What others can learn from."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order: tuple[str, ...] = ("unit", "kind", "day", "places", "people", "seen", "good_practice", "uploads")

    def __init__(self, *args: Any, units: list[Unit], city: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units, self.city = {str(one.pk): one for one in units}, city
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)
        unit.choices = [(key, one.name) for key, one in self.units.items()]
        if len(units) == 1:
            unit.initial, unit.widget = str(units[0].pk), forms.HiddenInput()

    def clean_places(self) -> tuple[Unit, ...]:
        meant = places_meant(self.city, self.cleaned_data["places"])
        for name in meant.unknown:
            self.add_error("places", _("There is no “%(name)s” in this city. Look at the name.") % {"name": name})
        for name, units in meant.several:
            said = "、".join(f"{one.parent.name if one.parent else ''}{one.name} ({one.code})" for one in units[:5])
            sentence = _("Several are called %(name)s: %(units)s. Write one of these names, or the code.")
            self.add_error("places", sentence % {"name": name, "units": said})
        return meant.units

    def chosen_unit(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]

    def visited(self) -> Visited:
        said = self.cleaned_data
        return Visited(
            kind=VisitKind(said["kind"]),
            day=said["day"],
            places=said["places"],
            people=said["people"],
            seen=said["seen"],
            good_practice=said["good_practice"],
            files=self.kept,
        )


def mechanism_of(request: Request) -> Mechanism:
    """The mechanism above the reader's post. Whoever enters and reads no visits is told who does."""
    posts = posts_for(request.user, OfficeAction.LOG_FIELD_VISIT, request.on)
    if not posts:
        raise NotAllowed("no_visits", _("Visits are entered and read by the lead office and the member units."))
    mechanism = mechanism_above(posts[0].unit_path)
    if mechanism is None:
        raise NotAllowed(
            "no_mechanism_yet", _("There is no coordination mechanism yet: its members are entered first.")
        )
    return mechanism


def leads(request: Request) -> bool:
    return may_do(request.user, OfficeAction.RUN_MECHANISM, request.on)


def entering_units(request: Request) -> list[Unit]:
    """The units whose visits this reader enters."""
    posts = posts_for(request.user, OfficeAction.LOG_FIELD_VISIT, request.on)
    return list(Unit.objects.filter(pk__in={held.unit_id for held in posts}).order_by("path"))


def readable_visits(request: Request) -> QuerySet[FieldVisit]:
    """All of them for the lead office, the own unit's for a member."""
    visits = FieldVisit.objects.select_related("unit", "by", "replaces")
    if leads(request):
        return visits.filter(unit__path__startswith=mechanism_of(request).lead.path)
    return visits.filter(unit__in=[one.pk for one in entering_units(request)])


def field_visits(request: Request) -> HttpResponse:
    mechanism = mechanism_of(request)
    spans = spans_of(mechanism, request.on)
    span, form = chosen_span(request, spans)
    units = entering_units(request)
    visits = visits_between(mechanism, span.first, span.last)
    idle = without_visit(mechanism, span.first, span.last)
    if not leads(request):
        visits = visits.filter(unit__in=units)
        idle = [one for one in idle if one.unit in units]
    found = list(visits[: MOST_SHOWN + 1])
    return render(
        request,
        "field_visits/list.html",
        {
            "visits": found[:MOST_SHOWN],
            "has_more": len(found) > MOST_SHOWN,
            "idle": idle,
            "spans": spans,
            "span": span,
            "form": form,
            "is_running": request.on in span,
        },
    )


def salt(request: Request) -> str:
    return f"field visit {request.user.pk}"


def new_visit(request: Request) -> HttpResponse:
    mechanism, units = mechanism_of(request), entering_units(request)
    if request.method != "POST":
        form = VisitForm(units=units, city=mechanism.lead, salt=salt(request), initial={"day": request.on})
        return render(request, "field_visits/new.html", {"form": form})
    form = VisitForm(request.POST, request.FILES, units=units, city=mechanism.lead, salt=salt(request))
    is_valid = form.is_valid()
    form.keep_files()
    if not is_valid or form.errors:
        return render(request, "field_visits/new.html", {"form": form}, status=422)
    try:
        made = enter_visit(
            mechanism=mechanism, unit=form.chosen_unit(), visited=form.visited(), by=request.user, at=request.at
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return render(request, "field_visits/new.html", {"form": form}, status=error.status)
    messages.success(request, gettext("The visit is entered."), extra_tags=SAVED)
    return redirect("field_visit", pk=made.pk)


urlpatterns = [
    path("field-visits", field_visits, name="field_visits"),
    path("field-visits/new", new_visit, name="new_field_visit"),
]

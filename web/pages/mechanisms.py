"""County mechanisms: every county by the four that it must show, and one county's log."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do, posts_for
from oversight.mechanisms.meetings import Held, log_meeting, may_log
from oversight.mechanisms.queries import (
    Span,
    draws_between,
    mechanism_above,
    meetings_between,
    of_county,
    spans_of,
    standings,
)
from oversight.models import Mechanism, Meeting, MeetingKind
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.kept_files import FormWithFiles
from web.pages.spans import chosen_span
from web.requests import Request

MOST_SHOWN = 100


class MeetingForm(FormWithFiles):
    kind = forms.ChoiceField(label=_("What was it?"), choices=MeetingKind.choices)
    held_on = DayField(label=_("Date"))
    document_number = forms.CharField(
        label=_("Document number"), help_text=_("If a document was issued."), required=False, max_length=60
    )
    minutes = forms.CharField(
        label=_("Minutes"),
        help_text=_("What was dealt with and decided; or add the minutes as a file."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    present = forms.CharField(
        label=_("Who was there"), help_text=_("Units or people."), required=False, max_length=1000
    )
    field_order: tuple[str, ...] = ("kind", "held_on", "document_number", "minutes", "uploads", "present")

    def held(self) -> Held:
        said = self.cleaned_data
        return Held(
            kind=MeetingKind(said["kind"]),
            held_on=said["held_on"],
            document_number=said["document_number"],
            minutes=said["minutes"],
            present=said["present"],
            files=self.kept,
        )


def mechanisms(request: Request) -> HttpResponse:
    """The lead office sees its counties, a county its own log."""
    on = request.on
    leading = posts_for(request.user, OfficeAction.RUN_MECHANISM, on)
    if not leading:
        own = own_county(request)
        if own is None:
            raise NotAllowed(
                "no_mechanism", _("The mechanisms of the counties are read by the lead office and by each county.")
            )
        return redirect("mechanism", code=own)
    mechanism = mechanism_above(leading[0].unit_path)
    if mechanism is None:
        return render(request, "mechanisms/none.html")
    spans = spans_of(mechanism, on)
    span, form = chosen_span(request, spans)
    return render(
        request,
        "mechanisms/counties.html",
        {
            "mechanism": mechanism,
            "kinds": MeetingKind,
            "rows": standings(mechanism, span.first, span.last),
            "spans": spans,
            "span": span,
            "form": form,
            "is_running": on in span,
        },
    )


def own_county(request: Request) -> str | None:
    """The code of the county whose log this reader keeps or oversees."""
    posts = [
        held
        for action in (OfficeAction.LOG_MEETING, OfficeAction.SEE_MECHANISM)
        for held in posts_for(request.user, action, request.on)
        if held.unit_level == UnitLevel.COUNTY
    ]
    return Unit.objects.values_list("code", flat=True).get(pk=posts[0].unit_id) if posts else None


def readable_county(request: Request, code: str) -> tuple[Unit, Mechanism]:
    """The county and its mechanism; it isn't said to others whether there is one."""
    unit = Unit.objects.filter(code=code, level=UnitLevel.COUNTY).first()
    if unit is None or not may_read(request, unit):
        raise Http404
    mechanism = mechanism_above(unit.path)
    if mechanism is None:
        raise Http404
    return unit, mechanism


def may_read(request: Request, unit: Unit) -> bool:
    overseen = posts_for(request.user, OfficeAction.SEE_MECHANISM, request.on)
    return may_log(request.user, unit, request.on) or any(unit.path.startswith(held.unit_path) for held in overseen)


def salt(request: Request, unit: Unit) -> str:
    return f"meeting {unit.pk} {request.user.pk}"


def mechanism(request: Request, code: str) -> HttpResponse:
    """A county's log; whoever keeps it enters here."""
    unit, its_mechanism = readable_county(request, code)
    if request.method != "POST":
        return show_county(request, unit, its_mechanism)
    form = MeetingForm(request.POST, request.FILES, salt=salt(request, unit))
    is_valid = form.is_valid()
    form.keep_files()
    if not is_valid or form.errors:
        return show_county(request, unit, its_mechanism, form=form, status=422)
    try:
        made = log_meeting(unit=unit, held=form.held(), by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show_county(request, unit, its_mechanism, form=form, status=error.status)
    messages.success(request, gettext("It stands in the log."), extra_tags=SAVED)
    return redirect(f"{reverse('mechanism', args=[code])}{query_around(made, request)}")


def query_around(meeting: Meeting, request: Request) -> str:
    """The period that holds an entry, so that whoever entered it sees it stand there."""
    mechanism = mechanism_above(meeting.unit.path)
    spans = spans_of(mechanism, request.on) if mechanism else []
    span = next((one for one in spans if meeting.held_on in one), Span(meeting.held_on, meeting.held_on))
    return f"?first={span.first}&last={span.last}#{meeting.kind}"


def show_county(
    request: Request, unit: Unit, mechanism: Mechanism, *, form: MeetingForm | None = None, status: int = 200
) -> HttpResponse:
    spans = spans_of(mechanism, request.on)
    span, span_form = chosen_span(request, spans)
    entries = list(meetings_between([unit.pk], span).select_related("by", "replaces")[: MOST_SHOWN + 1])
    draws = draws_between([unit.pk], span)[:MOST_SHOWN]
    may_enter = may_log(request.user, unit, request.on)
    return render(
        request,
        "mechanisms/county.html",
        {
            "county": unit,
            "kinds": MeetingKind,
            "spans": of_county(mechanism, unit, spans),
            "span": span,
            "span_form": span_form,
            "standing": of_county(mechanism, unit, [span])[0][1],
            "on": request.on,
            "groups": [(kind, [one for one in entries[:MOST_SHOWN] if one.kind == kind]) for kind in MeetingKind],
            "has_more": len(entries) > MOST_SHOWN,
            "replaced": list(replaced_entries(unit, span)[:MOST_SHOWN]),
            "draws": draws,
            "sees_draws": may_do(request.user, OfficeAction.SEE_SPOT_CHECKS, request.on),
            "is_lead": bool(posts_for(request.user, OfficeAction.RUN_MECHANISM, request.on)),
            "form": (form or MeetingForm(salt=salt(request, unit), initial={"held_on": request.on}))
            if may_enter
            else None,
        },
        status=status,
    )


def replaced_entries(unit: Unit, span: Span) -> Any:
    """What was corrected or taken back: it stays to be read."""
    days = (span.first, span.last)
    return Meeting.objects.filter(unit=unit, held_on__range=days, replaced_by__isnull=False).select_related(
        "replaced_by__by"
    )


urlpatterns = [
    path("mechanisms", mechanisms, name="mechanisms"),
    path("mechanisms/<str:code>", mechanism, name="mechanism"),
]

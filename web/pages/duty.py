"""Duty: the villages of an area with their last entries, and one village's log, where it enters what it did."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Person, Unit
from casework.rights.territories import lines_above
from casework.values.numbers import whole_number
from oversight.duty.gaps import duty_gaps, with_verdicts
from oversight.duty.minutes import Held, enter_minutes
from oversight.duty.queries import last_days, members_on, minutes_of
from oversight.duty.records import MinutesKind
from oversight.duty.rules import Rules, counties_ruled_by
from oversight.rights import enters_from_paper, may_enter_for
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.kept_files import FormWithFiles
from web.pages.numbered_pages import numbered_page
from web.pages.training_session import is_whole
from web.pages.units import found_villages
from web.pages.village_pages import chosen_area, own_village, readable_village, recent_spans, require_reader
from web.requests import Request

VILLAGES, ENTRIES = 50, 12


class MinutesForm(FormWithFiles):
    """A village's entry, on a phone: what, when, who was there, a sentence or the sheet."""

    kind = forms.ChoiceField(label=_("What was it?"), choices=MinutesKind.choices)
    held_on = DayField(label=_("Date"))
    subject = forms.CharField(
        label=_("Subject"), help_text=_("Of a major matter: which one."), required=False, max_length=120
    )
    present = forms.MultipleChoiceField(label=_("Who was there"), required=False, widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(
        label=_("What was done"),
        help_text=_("In a sentence; or take a photo of the signed sheet."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order: tuple[str, ...] = ("kind", "held_on", "subject", "present", "words", "uploads")
    needed = ("present",)

    def __init__(self, *args: Any, village: Unit, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = self._members(village, today)
        present = self.fields["present"]
        assert isinstance(present, forms.MultipleChoiceField)
        present.choices = [(str(one.pk), str(one)) for one in self.members]
        present.error_messages["invalid_choice"] = _(
            "Somebody who is ticked was no member of the committee on that day. Tick those who were."
        )

    def _members(self, village: Unit, today: Any) -> list[Person]:
        """Those in office on the day that was chosen: a form about last year names last year's committee."""
        said = self.data.get("held_on") if self.is_bound else self.initial.get("held_on")
        try:
            day = DayField().clean(said) if said else today
        except forms.ValidationError:
            day = today
        return members_on(village, day)

    def held(self) -> Held:
        said = self.cleaned_data
        return Held(
            kind=MinutesKind(said["kind"]),
            held_on=said["held_on"],
            present=[whole_number(key) or 0 for key in said["present"]],
            subject=said["subject"],
            words=said["words"],
            files=self.kept,
        )


def salt(request: Request, village: Unit) -> str:
    return f"minutes {village.pk} {request.user.pk}"


def duty(request: Request) -> HttpResponse:
    """The villages of the area; a committee goes straight to its own."""
    require_reader(request)
    if (own := own_village(request)) is not None:
        return redirect("duty_village", code=own.code)
    unit, villages = chosen_area(request)
    words = request.GET.get("words", "").strip()[:40]
    page = numbered_page(request, found_villages(villages.filter(has_committee=True), words), size=VILLAGES)
    last = last_days([one.pk for one in page.rows])
    return render(
        request,
        "duty/villages.html",
        {
            "page": page,
            "rows": [(one, [last.get((one.pk, kind)) for kind in MinutesKind]) for one in page.rows],
            "unit": unit,
            "words": words,
            "may_set": counties_ruled_by(request.user, request.on).exists(),
        },
    )


def village_duty(request: Request, code: str) -> HttpResponse:
    """A village's log; its committee, or its town from paper, enters here."""
    village = readable_village(request, code)
    if request.method != "POST":
        return show_village(request, village)
    form = MinutesForm(request.POST, request.FILES, village=village, today=request.on, salt=salt(request, village))
    if not is_whole(form):
        return show_village(request, village, form=form, status=422)
    try:
        enter_minutes(village=village, held=form.held(), by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show_village(request, village, form=form, status=error.status)
    messages.success(request, gettext("It is entered, and counts wherever it is asked for."), extra_tags=SAVED)
    return redirect("duty_village", code=code)


def show_village(
    request: Request, village: Unit, *, form: MinutesForm | None = None, status: int = 200
) -> HttpResponse:
    may_enter = may_enter_for(request.user, village, request.on)
    if form is None and may_enter:
        kind = request.GET.get("kind", "")
        initial = {"held_on": request.on, "kind": kind if kind in MinutesKind.values else MinutesKind.DUTY}
        form = MinutesForm(village=village, today=request.on, salt=salt(request, village), initial=initial)
    line = lines_above([village], on=request.on)[village.pk]
    spans = recent_spans(request)
    itself = Unit.objects.filter(pk=village.pk)
    gaps = [one for span in spans[:2] for one in duty_gaps(itself, span, on=request.on)]
    return render(
        request,
        "duty/village.html",
        {
            "village": village,
            "rule": Rules([line.county.pk]).on(line.county.pk, request.on) if line.county else None,
            "gaps": [one for one in with_verdicts(gaps) if one.verdict is None],
            "page": numbered_page(request, minutes_of(village), size=ENTRIES),
            "form": form if may_enter else None,
            "from_paper": may_enter and enters_from_paper(request.user, village, request.on),
            "month": request.on.replace(day=1),
        },
        status=status,
    )


urlpatterns = [
    path("duty", duty, name="duty"),
    path("duty/villages/<str:code>", village_duty, name="duty_village"),
]

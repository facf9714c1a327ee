"""Paired assistance: which unit helps whom, its visits, and the cases that it reads."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Case, Pairing, Unit
from casework.models.unit import UnitLevel
from casework.offices.pairings import end_pairing, pair_unit, require_pairer
from casework.queries import visible
from casework.rights.office_table import OfficeAction
from casework.rights.roles import any_of, may_do, posts_for
from casework.rights.territories import villages_of
from casework.stages import OPEN
from oversight.pairings.helping import enter_help, helps_by, pairings_seen_by
from oversight.pairings.records import HelperVisit
from oversight.registers.correcting import earlier_words
from oversight.registers.kinds import REGISTERS
from web.pages.attached_file import send_attached
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.pages.kept_files import FormWithFiles
from web.pages.numbered_pages import numbered_page
from web.pages.training_session import is_whole
from web.pages.units import found_villages
from web.requests import Request

LISTED, VISITS, CASES, OFFERED = 40, 20, 20, 10


class PairingForm(WordedForm):
    """Of a village, or of one case where its number is given."""

    helper = forms.ModelChoiceField(label=_("Helper unit"), queryset=Unit.objects.none())
    village = forms.CharField(
        label=_("Village"),
        max_length=60,
        required=False,
        help_text=_("Its name, with the town where two are called so, or its code."),
    )
    case = forms.CharField(
        label=_("Or one case"),
        max_length=40,
        required=False,
        help_text=_("Its number, where the unit helps with this case alone."),
    )
    day = DayField(label=_("Helps from"))

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        held = posts_for(request.user, OfficeAction.PAIR_UNITS, request.on)
        # Those of the city above a county, and of the own area.
        above = any_of(Unit(path=one.unit_path[: 2 * Unit.PATH_STEP]).subtree() for one in held)
        departments = Unit.objects.filter(
            above, level=UnitLevel.DEPARTMENT, is_active=True, is_discipline_office=False
        ).order_by("path")
        helper = self.fields["helper"]
        assert isinstance(helper, forms.ModelChoiceField)
        helper.queryset = departments

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        request, words, number = self.request, said.get("village", "").strip(), said.get("case", "").strip()
        said["village"] = said["case"] = None
        if number:
            said["case"] = visible(request.user, request.on).filter(number=number).select_related("village").first()
            if said["case"] is None:
                self.add_error("case", _("You see no case of this number."))
        elif words:
            own = villages_of(request.user, OfficeAction.PAIR_UNITS, on=request.on)
            found = list(found_villages(own, words)[:OFFERED])
            exact = [one for one in found if words in (one.name, one.code)]
            if len(exact) == 1 or len(found) == 1:
                said["village"] = (exact or found)[0]
            elif found:
                self.add_error("village", _("Several villages match. Give the town as well, or the code."))
            else:
                self.add_error("village", _("No village of yours has this name or code."))
        else:
            self.add_error("village", _("Choose the village, or name the case."))
        return said


class EndForm(WordedForm):
    day = DayField(label=_("Last day"))


class VisitForm(FormWithFiles):
    day = DayField(label=_("Day of the visit"))
    people = forms.CharField(label=_("Who was there"), max_length=200)
    words = forms.CharField(label=_("What was done"), widget=forms.Textarea(attrs={"rows": 4}))
    field_order = ("day", "people", "words", "uploads")


def pairings(request: Request) -> HttpResponse:
    """The pairings that one reads; the office names a new one here."""
    if not may_do(request.user, OfficeAction.SEE_PAIRINGS, request.on):
        raise NotAllowed("no_pairing_post", _("Pairings are read by the helper units, villages, towns and offices."))
    may_pair = may_do(request.user, OfficeAction.PAIR_UNITS, request.on)
    form, status = None, 200
    if request.method == "POST":
        if not may_pair:
            raise NotAllowed("no_pairing_right", _("Helper units are named by the offices of the county and the city."))
        form, status = PairingForm(request.POST, request=request), 422
        if form.is_valid():
            try:
                made = pair_unit(by=request.user, at=request.at, **form.cleaned_data)
            except NotAllowed:
                raise
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, gettext("The unit helps from that day on."), extra_tags=SAVED)
                return redirect("pairing", pk=made.pk)
    elif may_pair:
        form = PairingForm(request=request, initial={"day": request.on})
    page = numbered_page(request, pairings_seen_by(request.user, request.on), size=LISTED)
    return render(request, "pairings/list.html", {"page": page, "form": form, "on": request.on}, status=status)


def readable_pairing(request: Request, pk: int) -> Any:
    found = pairings_seen_by(request.user, request.on).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def salt(request: Request, pairing: Pairing) -> str:
    return f"pairing visit {pairing.pk} {request.user.pk}"


def pairing(request: Request, pk: int) -> HttpResponse:
    """One pairing; the helper unit enters a visit here, the office its last day."""
    found = readable_pairing(request, pk)
    if request.method != "POST":
        return show(request, found)
    if request.POST.get("act") == "end":
        require_pairer(request.user, found.village or found.case.village, request.at)
        return _end(request, found)
    if not helps_by(request.user, found, request.on):
        raise NotAllowed(
            "not_the_helper", _("A visit is entered by the helper unit: %(unit)s.") % {"unit": found.helper}
        )
    form = VisitForm(request.POST, request.FILES, salt=salt(request, found))
    if not is_whole(form):
        return show(request, found, form=form, status=422)
    said = {name: form.cleaned_data[name] for name in ("day", "people", "words")}
    try:
        enter_help(pairing=found, files=form.kept, by=request.user, at=request.at, **said)
    except Refusal as error:
        show_refusals(form, error)
        return show(request, found, form=form, status=error.status)
    messages.success(request, gettext("The visit is entered."), extra_tags=SAVED)
    return redirect("pairing", pk=pk)


def _end(request: Request, found: Pairing) -> HttpResponse:
    form = EndForm(request.POST)
    if not form.is_valid():
        return show(request, found, ending=form, status=422)
    try:
        end_pairing(pairing=found, by=request.user, at=request.at, **form.cleaned_data)
    except Refusal as error:
        show_refusals(form, error)
        return show(request, found, ending=form, status=error.status)
    messages.success(request, gettext("The pairing ends with that day."), extra_tags=SAVED)
    return redirect("pairing", pk=found.pk)


def show(
    request: Request,
    found: Any,
    *,
    form: VisitForm | None = None,
    ending: EndForm | None = None,
    status: int = 200,
) -> HttpResponse:
    village = found.village or found.case.village
    own = villages_of(request.user, OfficeAction.PAIR_UNITS, on=request.on)
    may_end = found.valid_until is None and own.filter(pk=village.pk).exists()
    if form is None and helps_by(request.user, found, request.on):
        form = VisitForm(salt=salt(request, found), initial={"day": request.on})
    if ending is None and may_end:
        ending = EndForm(initial={"day": request.on})
    page = numbered_page(request, found.visits.select_related("by"), size=VISITS)
    was = earlier_words(HelperVisit, REGISTERS["help"].columns, [one.pk for one in page.rows])
    return render(
        request,
        "pairings/pairing.html",
        {
            "pairing": found,
            "village": village,
            "page": page,
            "visits": [(one, was.get(one.pk)) for one in page.rows],
            "cases": _open_cases(request, found),
            "form": form,
            "ending": ending,
        },
        status=status,
    )


def _open_cases(request: Request, found: Pairing) -> list[Case]:
    """The open cases that the unit helps with, of those that this reader sees."""
    of_it = {"pk": found.case_id} if found.case_id else {"village": found.village_id}
    cases = visible(request.user, request.on).filter(stage__in=OPEN, **of_it)
    return list(cases.select_related("item").order_by("due_on", "id")[:CASES])


def pairing_visit_file(request: Request, pk: int, number: int) -> HttpResponseBase:
    visit = get_object_or_404(HelperVisit, pk=pk, pairing__in=pairings_seen_by(request.user, request.on).values("pk"))
    return send_attached(request, visit.files, number)


urlpatterns = [
    path("pairings", pairings, name="pairings"),
    path("pairings/<int:pk>", pairing, name="pairing"),
    path("pairings/visits/<int:pk>/files/<int:number>", pairing_visit_file, name="pairing_visit_file"),
]

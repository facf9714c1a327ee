"""Good practices: the matrix of counties and practices, one practice, and who took it over."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do, posts_for
from casework.talk.attachments import files_of
from oversight.practices.queries import counties_of, matrix, practices_seen_by, used_by
from oversight.practices.records import Practice, PracticeAdoption
from oversight.practices.spreading import LONGEST_TITLE, adopt_practice, describe_practice, may_at
from oversight.registers.correcting import earlier_words
from oversight.registers.kinds import REGISTERS
from web.pages.attached_file import send_attached
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.kept_files import FormWithFiles
from web.pages.numbered_pages import numbered_page
from web.pages.training_session import is_whole
from web.requests import Request

COLUMNS = 8


class FormOfUnit(FormWithFiles):
    """Of a unit of one's own, which is asked for only where there are several."""

    unit = forms.ChoiceField(label=_("Unit"))

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(one.pk): one for one in units}
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)
        unit.choices = [(key, one.name) for key, one in self.units.items()]
        if len(units) == 1:
            unit.initial, unit.widget = str(units[0].pk), forms.HiddenInput()


class PracticeForm(FormOfUnit):
    title = forms.CharField(label=_("Name of the practice"), max_length=LONGEST_TITLE)
    day = DayField(label=_("Since"))
    words = forms.CharField(
        label=_("Description"),
        help_text=_("What is done, by whom, what came of it, and how others can take it over."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    field_order = ("unit", "title", "day", "words", "uploads")


class AdoptionForm(FormOfUnit):
    day = DayField(label=_("Taken over on"))
    words = forms.CharField(label=_("Where and how it is used"), widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ("unit", "day", "words", "uploads")


def own_units(request: Request, action: OfficeAction) -> list[Unit]:
    keys = {held.unit_id for held in posts_for(request.user, action, request.on)}
    return list(Unit.objects.filter(pk__in=keys).order_by("path")) if keys else []


def require_reader(request: Request) -> None:
    if not may_do(request.user, OfficeAction.SEE_PRACTICES, request.on):
        raise NotAllowed("no_practices", _("Good practices are read by committees, towns, inspectors and offices."))


def practices(request: Request) -> HttpResponse:
    """The matrix; an office describes a practice here."""
    require_reader(request)
    if request.method != "POST":
        return show_matrix(request)
    units = own_units(request, OfficeAction.DESCRIBE_PRACTICE)
    if not units:
        raise NotAllowed("not_your_unit", _("Practices are described by the offices of counties and of the city."))
    form = PracticeForm(request.POST, request.FILES, units=units, salt=f"practice {request.user.pk}")
    if not is_whole(form):
        return show_matrix(request, form=form, status=422)
    said = {name: form.cleaned_data[name] for name in ("title", "words", "day")}
    unit = form.units[form.cleaned_data["unit"]]
    try:
        made = describe_practice(unit=unit, files=form.kept, by=request.user, at=request.at, **said)
    except Refusal as error:
        show_refusals(form, error)
        return show_matrix(request, form=form, status=error.status)
    messages.success(request, gettext("The practice is described."), extra_tags=SAVED)
    return redirect("practice", pk=made.pk)


def show_matrix(request: Request, *, form: PracticeForm | None = None, status: int = 200) -> HttpResponse:
    if form is None and (units := own_units(request, OfficeAction.DESCRIBE_PRACTICE)):
        form = PracticeForm(units=units, salt=f"practice {request.user.pk}", initial={"day": request.on})
    page = numbered_page(request, practices_seen_by(request.user, request.on), size=COLUMNS)
    counties = counties_of(request.user, request.on)
    rows = matrix(counties, page.rows)
    columns = list(zip(page.rows, used_by(rows, page.rows), strict=True))
    found = {"page": page, "rows": rows, "columns": columns, "counties": len(counties), "form": form}
    return render(request, "practices/matrix.html", found, status=status)


def practice(request: Request, pk: int) -> HttpResponse:
    """One practice with who took it over; a county enters here that it did."""
    require_reader(request)
    found = get_object_or_404(practices_seen_by(request.user, request.on), pk=pk)
    if request.method != "POST":
        return show(request, found)
    units = own_counties(request)
    if not units:
        sentence = _("That a county took a practice over is entered by its own supervision office.")
        raise NotAllowed("not_your_county", sentence)
    form = AdoptionForm(request.POST, request.FILES, units=units, salt=f"adoption {pk} {request.user.pk}")
    if not is_whole(form):
        return show(request, found, form=form, status=422)
    said = {name: form.cleaned_data[name] for name in ("day", "words")}
    county = form.units[form.cleaned_data["unit"]]
    try:
        adopt_practice(practice=found, county=county, files=form.kept, by=request.user, at=request.at, **said)
    except Refusal as error:
        show_refusals(form, error)
        return show(request, found, form=form, status=error.status)
    messages.success(request, gettext("It is entered with its evidence."), extra_tags=SAVED)
    return redirect("practice", pk=pk)


def own_counties(request: Request) -> list[Unit]:
    return [one for one in own_units(request, OfficeAction.ADOPT_PRACTICE) if one.level == UnitLevel.COUNTY]


def show(request: Request, found: Practice, *, form: AdoptionForm | None = None, status: int = 200) -> HttpResponse:
    adoptions = list(found.adoptions.select_related("county", "by"))
    was = earlier_words(PracticeAdoption, REGISTERS["adoption"].columns, [one.pk for one in adoptions])
    own = {one.pk for one in own_counties(request)}
    done = {found.unit_id, *(one.county_id for one in adoptions)}
    units = [one for one in own_counties(request) if one.pk not in done]
    if form is None and units:
        form = AdoptionForm(units=units, salt=f"adoption {found.pk} {request.user.pk}", initial={"day": request.on})
    return render(
        request,
        "practices/practice.html",
        {
            "practice": found,
            "files": list(enumerate(files_of(found.files), start=1)),
            "earlier": earlier_words(Practice, REGISTERS["practice"].columns, [found.pk]).get(found.pk),
            "may_correct": may_at(request.user, found.unit, OfficeAction.DESCRIBE_PRACTICE, request.on),
            "adoptions": [(one, was.get(one.pk), one.county_id in own) for one in adoptions],
            "form": form,
        },
        status=status,
    )


def practice_file(request: Request, pk: int, number: int) -> HttpResponseBase:
    require_reader(request)
    return send_attached(request, get_object_or_404(practices_seen_by(request.user, request.on), pk=pk).files, number)


def adoption_file(request: Request, pk: int, number: int) -> HttpResponseBase:
    require_reader(request)
    seen = PracticeAdoption.objects.filter(practice__in=practices_seen_by(request.user, request.on))
    return send_attached(request, get_object_or_404(seen, pk=pk).files, number)


urlpatterns = [
    path("practices", practices, name="practices"),
    path("practices/<int:pk>", practice, name="practice"),
    path("practices/<int:pk>/files/<int:number>", practice_file, name="practice_file"),
    path("practices/adoptions/<int:pk>/files/<int:number>", adoption_file, name="practice_adoption_file"),
]

"""Publicity materials: what was handed out or shown to everybody. Kept, and no training."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do, posts_for
from oversight.training.holding import keep_material
from oversight.training.records import PublicityMaterial
from web.pages.attached_file import send_attached
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.kept_files import FormWithFiles
from web.pages.numbered_pages import numbered_page
from web.pages.training_session import holding_units, is_whole, salt
from web.pages.trainings import require_reader
from web.requests import Request

LISTED = 30
MOST_COPIES = 10_000_000


class MaterialForm(FormWithFiles):
    unit = forms.ChoiceField(label=_("Unit"))
    title = forms.CharField(label=_("Title"), max_length=120)
    day = DayField(label=_("Date"))
    words = forms.CharField(label=_("What and for whom"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    copies = forms.IntegerField(label=_("Copies"), required=False, min_value=1, max_value=MOST_COPIES)
    field_order = ("unit", "title", "day", "words", "copies", "uploads")

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(one.pk): one for one in units}
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)
        unit.choices = [(key, one.name) for key, one in self.units.items()]
        if len(units) == 1:
            unit.initial, unit.widget = str(units[0].pk), forms.HiddenInput()


def seen(request: Request) -> Any:
    condition = Q(pk__in=())
    for held in posts_for(request.user, OfficeAction.SEE_TRAINING, request.on):
        condition |= Q(unit__path__in=Unit.paths_down_to(held.unit_path)) | Q(unit__path__startswith=held.unit_path)
    return PublicityMaterial.objects.filter(condition).select_related("unit", "by")


def materials(request: Request) -> HttpResponse:
    require_reader(request)
    if request.method != "POST":
        return show(request)
    units = holding_units(request)
    form = MaterialForm(request.POST, request.FILES, units=units, salt=salt(request))
    if not is_whole(form):
        return show(request, form=form, status=422)
    said = form.cleaned_data
    try:
        keep_material(
            unit=form.units[said["unit"]],
            title=said["title"],
            day=said["day"],
            words=said["words"],
            copies=said["copies"],
            files=form.kept,
            by=request.user,
            at=request.at,
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show(request, form=form, status=error.status)
    messages.success(request, gettext("It is kept. It counts as nobody's training."), extra_tags=SAVED)
    return redirect("publicity")


def show(request: Request, *, form: MaterialForm | None = None, status: int = 200) -> HttpResponse:
    if form is None and may_do(request.user, OfficeAction.HOLD_TRAINING, request.on):
        form = MaterialForm(units=holding_units(request), salt=salt(request), initial={"day": request.on})
    page = numbered_page(request, seen(request), size=LISTED)
    return render(request, "training/materials.html", {"page": page, "form": form}, status=status)


def material_file(request: Request, pk: int, number: int) -> HttpResponseBase:
    return send_attached(request, get_object_or_404(seen(request), pk=pk).files, number)


urlpatterns = [
    path("trainings/publicity", materials, name="publicity"),
    path("trainings/publicity/<int:pk>/files/<int:number>", material_file, name="publicity_file"),
]

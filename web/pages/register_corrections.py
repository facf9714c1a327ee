"""An entry of a register is put right, with the reason; the page it stands on shows what it said before."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import DateField, TextField
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from oversight.registers.correcting import correct_entry
from oversight.registers.kinds import REGISTERS, Register
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

# Where an entry stands, by its register.
PAGES: dict[str, Callable[[Any], str]] = {
    "wall-update": lambda one: reverse("wall", args=[one.wall_id]),
    "practice": lambda one: reverse("practice", args=[one.pk]),
    "adoption": lambda one: reverse("practice", args=[one.practice_id]),
    "help": lambda one: reverse("pairing", args=[one.pairing_id]),
    "station": lambda one: reverse("station", args=[one.pk]),
}


class CorrectionForm(WordedForm):
    """The columns of the register, and why."""

    def __init__(self, *args: Any, register: Register, entry: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(entry, name) for name in register.columns})
        super().__init__(*args, **kwargs)
        for name in register.columns:
            self.fields[name] = field_for(register.model._meta.get_field(name))
        self.fields["reason"] = forms.CharField(
            label=_("Why is it corrected?"),
            max_length=300,
            help_text=_("It stands beside the old words."),
            widget=forms.Textarea(attrs={"rows": 2}),
        )


def field_for(column: Any) -> forms.Field:
    label = str(column.verbose_name)
    label = label[:1].upper() + label[1:]
    if isinstance(column, DateField):
        return DayField(label=label)
    if isinstance(column, TextField):
        return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 6}))
    return forms.CharField(label=label, max_length=column.max_length, required=not column.blank)


def entry_correction(request: Request, register: str, pk: int) -> HttpResponse:
    kind = REGISTERS.get(register)
    if kind is None:
        raise Http404
    entry = get_object_or_404(kind.seen_by(request.user, request.on), pk=pk)
    if not kind.may_correct(request.user, entry, request.on):
        raise NotAllowed("not_your_entry", _("This is put right by whoever enters it."))
    back = PAGES[register](entry)
    given = {"register": kind, "entry": entry}
    form = CorrectionForm(request.POST if request.method == "POST" else None, **given)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = dict(form.cleaned_data)
            reason = said.pop("reason")
            try:
                correct_entry(kind, entry, said=said, reason=reason, by=request.user, at=request.at)
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, gettext("Corrected. What it said before stays below it."), extra_tags=SAVED)
                return redirect(back)
    found = {"register": kind, "entry": entry, "form": form, "back": back}
    return render(request, "registers/correction.html", found, status=status)


urlpatterns = [path("registers/<slug:register>/<int:pk>/correction", entry_correction, name="entry_correction")]

"""Member units come in as a table: the good rows are taken, the others come back with their reasons."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.models import Unit
from casework.tables.columns import RESPONSIBILITIES, RESPONSIBILITY_COLUMNS, name_of
from casework.tables.reading import read_small
from flows import steps
from oversight.members.importing import GROUPS, import_members
from oversight.members.rights import mechanism_run_by
from web.pages.fields import DayField
from web.pages.form_words import WordedForm
from web.pages.members import require_lead_post
from web.requests import Request


class MembersTableForm(WordedForm):
    file = forms.FileField(
        label=_("Table of member units"),
        help_text=_("CSV or XLSX. Repeatable: who is a member already stays one."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )
    valid_from = DayField(label=_("New members belong to it from"))


def members_import(request: Request) -> HttpResponse:
    held = require_lead_post(request)
    mechanism = mechanism_run_by(request.user, request.on)
    form = MembersTableForm(request.POST or None, request.FILES or None, initial={"valid_from": request.on})
    outcome = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            table = read_small(said["file"], RESPONSIBILITY_COLUMNS)
            city = mechanism.lead if mechanism else Unit.objects.get(pk=held[0].unit_id)
            with steps.door():
                outcome = import_members(
                    table, by=request.user, at=request.at, valid_from=said["valid_from"], city=city
                )
        except Refusal as refusal:
            form.add_error("file", str(refusal.sentence))
    context = {
        "form": form,
        "outcome": outcome,
        "names": [name_of(ours, RESPONSIBILITIES) for ours in RESPONSIBILITIES],
        "groups": list(GROUPS),
    }
    return render(request, "members/import.html", context, status=422 if form.errors else 200)


urlpatterns = [path("members/import", members_import, name="members_import")]

"""A draw is replayed from its sheet, by anybody who is signed in; and the hashes that were published."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.models import Person, Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from oversight.models import PlannedDraw
from oversight.spot_checks.frozen_list import MOST_CHARACTERS
from oversight.spot_checks.queries import people_of
from oversight.spot_checks.replay import Replay, findings_of, read_record, replay
from oversight.spot_checks.weights import reasons_of
from web.pages.fields import MomentField, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

MOST_HASHES, MOST_RESERVE = 50, 5


class ReplayForm(WordedForm):
    text = forms.CharField(
        label=_("Text of the sheet"),
        help_text=_("From “format” on, or the whole record. What stands in it need not be written below again."),
        max_length=MOST_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or the record as a file"), required=False, widget=forms.FileInput(attrs={"accept": ".txt,text/plain"})
    )
    sha256 = forms.CharField(label=_("Hash (SHA-256)"), max_length=200, required=False)
    frozen_at = MomentField(label=_("Hash published at"), required=False)
    seed = forms.CharField(label=_("Seed"), max_length=2000, required=False)
    seeded_at = MomentField(label=_("Seed typed in at"), required=False)

    def clean_file(self) -> str:
        upload = self.cleaned_data["file"]
        if not upload:
            return ""
        if upload.size > MOST_CHARACTERS:
            raise forms.ValidationError(_("This is too long for the list of a draw."))
        try:
            return str(upload.read().decode())
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This file is no text. Choose the record that ends with .txt.")) from None


def draw_replay(request: Request) -> HttpResponse:
    if request.method != "POST":
        return show(request, ReplayForm())
    form = ReplayForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, form, status=422)
    said = form.cleaned_data
    try:
        record = read_record(
            said["file"] or said["text"],
            sha256=said["sha256"],
            seed=said["seed"],
            frozen_at=said["frozen_at"],
            seeded_at=said["seeded_at"],
        )
        found = replay(record)
    except Refusal as error:
        show_refusals(form, error)
        return show(request, form, status=error.status)
    return show(request, form, found=found, given=record.sha256)


def show(
    request: Request, form: ReplayForm, *, found: Replay | None = None, given: str = "", status: int = 200
) -> HttpResponse:
    shown: dict[str, Any] = {}
    if found is not None:
        published = PlannedDraw.objects.filter(sha256=given or found.sha256).defer("text").first()
        shown = {
            "found": found,
            "findings": list(findings_of(found)),
            "published": published,
            **rows_of(request, found),
        }
    hashes = PlannedDraw.objects.select_related("seed").defer("text").order_by("-id")[:MOST_HASHES]
    return render(request, "spot_checks/replay.html", {"form": form, "hashes": list(hashes), **shown}, status=status)


def rows_of(request: Request, found: Replay) -> dict[str, Any]:
    """Codes in words, as far as they are known here; the inspectors' names for who reads spot checks."""
    reserve = found.result.reserve[:MOST_RESERVE]
    codes = [*(one.code for one in found.result.drawn), *(code for code, _ticket in reserve)]
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    people: dict[int, Person] = {}
    if may_do(request.user, OfficeAction.SEE_SPOT_CHECKS, request.on):
        people = people_of(one.inspector for one in found.result.drawn if one.inspector)
    listed = {one.code: one for one in found.listed.villages}
    return {
        "rows": [
            {
                "drawn": one,
                "name": names.get(one.code, ""),
                "why": reasons_of(listed[one.code]),
                "inspector": people.get(one.inspector or 0) or one.inspector or "–",
            }
            for one in found.result.drawn
        ],
        "reserve": [(code, names.get(code, ""), ticket) for code, ticket in reserve],
    }


urlpatterns = [path("spot-checks/replay", draw_replay, name="draw_replay")]

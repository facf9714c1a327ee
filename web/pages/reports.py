"""A problem is reported: the village by typing, the words, the photos."""

from functools import partial
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.lifecycle.reporting import Finding
from casework.models import Case, CaseObject, CatalogueItem, Source, Unit
from casework.models.category import Severity
from casework.queries import visible
from casework.rights.held_posts import holds
from casework.rights.office_table import OfficeAction
from casework.rights.roles import Role, may_do
from casework.stages import Stage
from casework.working_time.deadlines import local_day
from flows import steps
from flows.submitted import Form
from oversight.documents.queries import cited_in, documents_seen_by
from oversight.rules.citing import citation_refusals
from web.pages.evidence import keep_photos
from web.pages.fields import (
    PHOTOS,
    SAVED,
    DayField,
    FilesField,
    ItemField,
    PositionField,
    field_of,
    grouped_items,
    show_refusals,
)
from web.pages.form_words import WordedForm
from web.pages.report_origins import Origin, origin_of, values_of_wall, wall_of
from web.pages.units import found_villages, reportable
from web.requests import Request

# The fields that say where a problem comes from, as `origin_of` takes them.
ORIGINS = ("visit", "opinion", "answer")
MOST_OBJECTS = 100


class ReportForm(WordedForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    relapse_of = forms.CharField(widget=forms.HiddenInput, required=False)
    visit = forms.CharField(widget=forms.HiddenInput, required=False)
    opinion = forms.CharField(widget=forms.HiddenInput, required=False)
    answer = forms.CharField(widget=forms.HiddenInput, required=False)
    wall = forms.CharField(widget=forms.HiddenInput, required=False)
    village = forms.CharField(
        label=_("Village"),
        help_text=_("Type a part of the name or the code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-picker": "units"}),
    )
    village_code = forms.CharField(widget=forms.HiddenInput(attrs={"data-picked": ""}), required=False)
    photos = FilesField(
        label=_("Photos of the problem"), accept=PHOTOS, can_turn=True, help_text=_("Up to 20, each up to 20 MB.")
    )
    description = forms.CharField(
        label=_("What did you find?"),
        help_text=_("What, where, since when: one or two sentences that the village understands."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    item = ItemField(label=_("Catalogue item"), required=False)
    object_name = forms.CharField(
        label=_("Object"),
        help_text=_("The board, contract, ledger, asset or duty it is about."),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "village-objects"}),
    )
    found_on = DayField(label=_("Found on"))
    fact_on = DayField(
        label=_("Date of the fact"), help_text=_("If it happened earlier than it was found."), required=False
    )
    severity = forms.TypedChoiceField(
        label=_("Severity"),
        choices=[("", _("as the catalogue says")), *Severity.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    source = forms.ChoiceField(label=_("Source"), choices=Source.choices)
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    latitude = PositionField(label=_("Latitude"), most=90)
    longitude = PositionField(label=_("Longitude"), most=180)
    clause = forms.CharField(label=_("Clause"), required=False, max_length=200)
    required_action = forms.CharField(
        label=_("Required action"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    FIRST = ("village", "photos", "description", "item", "object_name")
    MORE = ("found_on", "fact_on", "severity", "source", "place", "latitude", "longitude", "clause", "required_action")

    BY_OFFICE = ("severity", "source", "clause", "required_action")

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        self.request, self.on = request, request.on
        self.is_own = not may_do(request.user, OfficeAction.FIND, self.on)
        is_volunteer = holds(request.user, [Role.VOLUNTEER], self.on)
        source = Source.SELF_CHECK if self.is_own else Source.STATION if is_volunteer else Source.SPOT_CHECK
        kwargs["initial"] = {"key": uuid4(), "found_on": self.on, "source": source, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        field_of(self, "item", ItemField).choices = partial(grouped_items, _("I am not sure"))
        self.candidates: list[Unit] = []
        if self.is_own:
            self.fields["source"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Find the village by its code, or by a name that only one village has."""
        said = super().clean() or {}
        words = said.get("village_code") or said.get("village", "")
        villages = reportable(self.request)
        village = villages.filter(code=words).first()
        if village is None and words:
            found = list(found_villages(villages, said.get("village", ""))[:20])
            exact = [one for one in found if one.name == said.get("village", "").strip()]
            if len(exact) == 1 or len(found) == 1:
                village = (exact if len(exact) == 1 else found)[0]
            elif found:
                self.candidates = found
                self.add_error("village", _("Several villages match. Choose one of them."))
            else:
                self.add_error("village", _("No village of yours has this name or code."))
        said["village_unit"] = village
        clause, found_on = said.get("clause", ""), said.get("found_on")
        if clause and found_on:
            documents = cited_in(clause, documents_seen_by(self.request.user, self.on))
            for refusal in citation_refusals(clause, documents, on=found_on, field="clause"):
                self.add_error("clause", str(refusal))
        wall = wall_of(self.request, said.get("wall", ""))
        is_about_it = wall is not None and said.get("object_name", "") == wall.object.name
        if wall is not None and is_about_it and village is not None and village.pk != wall.village_id:
            sentence = _("“%(wall)s” is a wall of %(village)s. Choose that village, or name the object of this one.")
            self.add_error("village", sentence % {"wall": wall, "village": wall.village.name})
        return said

    def origin(self) -> Origin | None:
        """The visit, opinion or item of a visit that the problem comes from."""
        return origin_of(self.request, *(str(self[name].value() or "") for name in ORIGINS))

    def village_objects(self) -> list[str]:
        """The names of the village's registered objects, offered where the village is known."""
        villages = reportable(self.request).filter(code=str(self["village_code"].value() or "")[:20])
        named = CaseObject.objects.filter(village__in=villages).order_by("name")
        return list(named.values_list("name", flat=True)[:MOST_OBJECTS]) if self["village_code"].value() else []

    def first(self) -> list[Any]:
        return [self[name] for name in self.FIRST]

    def more(self) -> list[Any]:
        """What a village reports of itself is judged and measured by the office."""
        return [self[name] for name in self.MORE if not self.is_own or name not in self.BY_OFFICE]

    def has_errors_below(self) -> bool:
        return any(name in self.errors for name in self.MORE)

    def finding(self) -> Finding:
        said = self.cleaned_data
        return Finding(
            village=said["village_unit"],
            description=said["description"],
            found_on=said["found_on"],
            fact_on=said["fact_on"],
            item=said["item"],
            severity=said["severity"],
            object_name=said["object_name"],
            source=said["source"],
            place=said["place"],
            latitude=said["latitude"],
            longitude=said["longitude"],
            clause=said["clause"],
            required_action=said["required_action"],
            relapse_of=earlier_case(self.request, said["relapse_of"]),
        )


def earlier_case(request: Request, number: str) -> Case | None:
    """The struck-off case of which this is a relapse, if the reader may see it."""
    return visible(request.user, request.on).filter(number=number, stage=Stage.CLOSED).first()


def report(request: Request) -> HttpResponse:
    at = request.at
    if not may_do(request.user, OfficeAction.REPORT, local_day(at)):
        raise NotAllowed("no_reporting_post", _("Problems are reported by inspectors, offices, towns and volunteers."))
    if request.method != "POST":
        return render(
            request, "cases/report.html", {"form": ReportForm(request=request, initial=first_values(request))}
        )
    form = ReportForm(request.POST, request.FILES, request=request)
    if not form.is_valid():
        return render(request, "cases/report.html", {"form": form}, status=422)
    try:
        case = steps.report(finding=form.finding(), by=request.user, at=at, form=Form(key=form.cleaned_data["key"]))
    except Refusal as error:
        show_refusals(form, error)
        return render(request, "cases/report.html", {"form": form}, status=error.status)
    for sentence in keep_photos(form.cleaned_data["photos"], case, by=request.user, at=request.at):
        messages.error(request, sentence)
    origin = form.origin()
    if origin is not None and (refused := origin.keep(case, request)) is not None:
        messages.error(request, str(refused))
    messages.success(request, gettext("%(number)s is reported.") % {"number": case.number}, extra_tags=SAVED)
    if origin is not None and origin.answer is not None:
        line = origin.answer.line_id  # said twice: what sends a form by script gets the address without its "#"
        return redirect(f"{reverse('visit', args=[origin.answer.visit_id])}?line={line}#line-{line}")
    return redirect("case", number=case.number)


def first_values(request: Request) -> dict[str, Any]:
    """A village's page, a struck-off case, a visit and an opinion lead here with some words filled in."""
    earlier = earlier_case(request, request.GET.get("relapse_of", ""))
    origin = origin_of(request, *(request.GET.get(name, "") for name in ORIGINS))
    answer = origin.answer if origin else None
    code = earlier.village.code if earlier else request.GET.get("village", "")
    code = answer.visit.village.code if answer else code
    wall = wall_of(request, request.GET.get("wall", ""))
    code = wall.village.code if wall else code
    villages = reportable(request)
    few = list(villages[:2])
    village = villages.filter(code=code).first() if code else few[0] if len(few) == 1 else None
    values: dict[str, Any] = {"village": village.name, "village_code": village.code} if village else {}
    item = CatalogueItem.objects.filter(code=request.GET.get("item", "")).first()
    if item:
        values["item"] = item.pk
    if wall and village:
        values |= values_of_wall(wall, item)
    if origin:
        values |= {"source": origin.source, **{name: request.GET.get(name) for name in ORIGINS}}
    if answer:
        values["item"] = answer.line.item_id
    if earlier:
        values |= {"relapse_of": earlier.number, "item": earlier.item_id, "object_name": str(earlier.object or "")}
    return values


urlpatterns = [path("cases/new", report, name="report")]

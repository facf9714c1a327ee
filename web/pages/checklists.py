"""The checklist that goes along with visits: its versions to read, and a new one by the office of the city."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import CatalogueItem, Unit
from casework.models.unit import UnitLevel
from casework.rights.held_posts import posts_held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from casework.talk.attachments import AttachedFile, attach, files_of
from oversight.models import Checklist, ChecklistItem
from oversight.visits.checklists import (
    LONGEST_REASON,
    Line,
    cities_checklist,
    may_publish,
    publish_checklist,
    shipped_lines,
)
from web.pages.fields import PHOTOS, SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.pages.kept_files import KEPT_SECONDS
from web.requests import Request
from web.templatetags.words import local_name

VERSIONS = 20


def city_of(request: Request) -> Unit:
    """The city of the reader's posts."""
    if not may_do(request.user, OfficeAction.SEE_VISITS, request.on):
        raise NotAllowed("no_checklists", _("Checklists are read by inspectors and by the offices."))
    paths = {path for held in posts_held(request.user, request.on) for path in Unit.paths_down_to(held.unit_path)}
    city = Unit.objects.filter(path__in=paths, level=UnitLevel.CITY).order_by("path").first()
    if city is None:
        raise Http404
    return city


def checklists(request: Request) -> HttpResponse:
    city = city_of(request)
    return show(request, city, cities_checklist(city))


def checklist(request: Request, version: int) -> HttpResponse:
    city = city_of(request)
    found = Checklist.objects.filter(city=city, number=min(version, 32767)).first()
    if found is None:
        raise Http404
    return show(request, city, found)


def show(request: Request, city: Unit, shown: Checklist | None) -> HttpResponse:
    versions = Checklist.objects.filter(city=city).select_related("by").annotate(visit_count=Count("visits"))
    lines = lines_of(shown) if shown else shipped_lines()
    return render(
        request,
        "visits/checklists.html",
        {
            "city": city,
            "shown": shown,
            "lines": [shown_line(line) for line in lines],
            "versions": list(versions[:VERSIONS]),
            "may_publish": may_publish(request.user, city, request.at),
        },
    )


def lines_of(shown: Checklist) -> list[ChecklistItem]:
    return list(shown.items.select_related("item__aspect"))


def shown_line(line: ChecklistItem | Line) -> dict[str, Any]:
    picture = files_of([line.picture])[0] if isinstance(line, ChecklistItem) and line.picture else None
    return {"line": line, "picture": picture}


@dataclass(frozen=True)
class Choice:
    """An item of the catalogue in the form: whether it is on the list, its standard, its picture."""

    item: CatalogueItem
    on: Any
    standard: Any
    upload: Any
    picture: AttachedFile | None
    token: str


class ChecklistForm(WordedForm):
    """An item of the catalogue after the other. A picture that arrived well stays when something else is refused."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32767)
    reason = forms.CharField(
        label=_("Why is there a new version?"), help_text=_("Inspectors read it."), max_length=LONGEST_REASON
    )

    def __init__(self, *args: Any, city: Unit, earlier: Iterable[ChecklistItem | Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.salt = f"checklist {city.pk}"
        known = {line.item_id if isinstance(line, ChecklistItem) else line.item.pk: line for line in earlier}
        items = CatalogueItem.objects.filter(is_active=True).select_related("aspect")
        self.items = {item.pk: item for item in items.order_by("aspect__order", "order", "pk")}
        self.pictures: dict[int, AttachedFile] = {}
        for pk, item in self.items.items():
            line = known.get(pk)
            name = local_name(item)
            self.fields[f"on-{pk}"] = forms.BooleanField(label=name, required=False, initial=line is not None)
            self.fields[f"standard-{pk}"] = forms.CharField(
                label=_("What is it compared with?"),
                required=False,
                initial=line.standard if line else item.standard,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"picture-{pk}"] = forms.FileField(
                label=_("Sample picture"),
                required=False,
                allow_empty_file=True,
                widget=forms.FileInput(attrs={"accept": PHOTOS}),
            )
            self.fields[f"without-{pk}"] = forms.BooleanField(label=_("Without a picture"), required=False)
            if self.is_bound:
                if (kept := self._kept(str(self.data.get(f"kept-{pk}", "")))) is not None:
                    self.pictures[pk] = kept
            elif isinstance(line, ChecklistItem) and line.picture:
                self.pictures[pk] = files_of([line.picture])[0]

    def _kept(self, token: str) -> AttachedFile | None:
        try:
            return AttachedFile(**json.loads(signing.loads(token, salt=self.salt, max_age=KEPT_SECONDS)))
        except signing.BadSignature:
            return None

    def take_pictures(self) -> None:
        """Look at each picture that came; what is refused is named, what is taken stays with the form."""
        for pk in self.items:
            upload = self.cleaned_data.get(f"picture-{pk}")
            if self.cleaned_data.get(f"without-{pk}"):
                self.pictures.pop(pk, None)
            if not upload:
                continue
            try:
                picture = attach(upload)
            except Refusal as refusal:
                self.add_error(f"picture-{pk}", str(refusal))
                continue
            if picture.is_image:
                self.pictures[pk] = picture
            else:
                self.add_error(f"picture-{pk}", _("This is no picture. Choose a photo."))

    def lines(self) -> list[Line]:
        said = self.cleaned_data
        return [
            Line(item, said.get(f"standard-{pk}", ""), self.pictures.get(pk))
            for pk, item in self.items.items()
            if said.get(f"on-{pk}")
        ]

    def aspects(self) -> list[tuple[str, list[Choice]]]:
        """The choices by aspect, for the page."""
        groups: dict[str, list[Choice]] = {}
        for pk, item in self.items.items():
            picture = self.pictures.get(pk)
            token = signing.dumps(json.dumps(picture.as_row()), salt=self.salt) if picture else ""
            choice = Choice(
                item,
                self[f"on-{pk}"],
                self[f"standard-{pk}"],
                (self[f"picture-{pk}"], self[f"without-{pk}"]),
                picture,
                token,
            )
            groups.setdefault(local_name(item.aspect), []).append(choice)
        return list(groups.items())


def new_checklist(request: Request) -> HttpResponse:
    city = city_of(request)
    if not may_publish(request.user, city, request.at):
        raise NotAllowed("not_your_city", _("The checklist is published by the office of the city."))
    current = cities_checklist(city)
    earlier: Iterable[ChecklistItem | Line] = lines_of(current) if current else shipped_lines()
    if request.method != "POST":
        initial = {"seen": current.number if current else 0}
        return render(
            request, "visits/new_checklist.html", {"form": ChecklistForm(city=city, earlier=earlier, initial=initial)}
        )
    form = ChecklistForm(request.POST, request.FILES, city=city, earlier=earlier)
    is_valid = form.is_valid()
    form.take_pictures()
    if not is_valid or form.errors:
        return render(request, "visits/new_checklist.html", {"form": form}, status=422)
    said = form.cleaned_data
    try:
        made = publish_checklist(
            city=city, lines=form.lines(), reason=said["reason"], seen=said["seen"], by=request.user, at=request.at
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return render(request, "visits/new_checklist.html", {"form": form}, status=error.status)
    words = gettext("Version %(number)d goes along with the visits that are planned from now on.")
    messages.success(request, words % {"number": made.number}, SAVED)
    return redirect("checklists")


urlpatterns = [
    path("checklists", checklists, name="checklists"),
    path("checklists/new", new_checklist, name="new_checklist"),
    path("checklists/<int:version>", checklist, name="checklist"),
]

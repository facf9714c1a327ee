"""What phones hold that was not sent yet, for the office; and the emergency file of a phone, taken in here."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import Invalid, NotAllowed, Refusal
from casework.models import Person, Term
from casework.models.unit import on_day
from casework.offices.posts import area_of
from casework.phones.queues import is_long, unsent_below
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do
from flows.emergency_files import TakenIn, take_in
from web.json_answers import object_in
from web.pages.fields import SAVED
from web.pages.form_words import WordedForm
from web.pages.phone_entries import entered_of
from web.pages.phone_visits import link_to_visit, take_in_visit
from web.requests import Request

SHOWN = 100
FORMAT = "rectification-phone-1"
# A phone writes parts of 15 MB of photos (scripts/phone/emergency.js); one photo may be larger than that.
LARGEST = 32 * 1024 * 1024
MOST_ENTRIES = 500


class EmergencyForm(WordedForm):
    file = forms.FileField(
        label=_("Emergency file"),
        help_text=_("The phone writes it under “Save an emergency file”: one or several parts, one after the other."),
        widget=forms.FileInput(attrs={"accept": "application/json,.json"}),
    )


def require_office(request: Request) -> None:
    if not may_do(request.user, OfficeAction.SEE_PHONES, request.on):
        raise NotAllowed("no_phones", _("What phones hold unsent is seen by the county and the city."))


def phones(request: Request) -> HttpResponse:
    require_office(request)
    return show(request)


def show(
    request: Request, *, form: EmergencyForm | None = None, taken: list[TakenIn] | None = None, status: int = 200
) -> HttpResponse:
    rows = list(unsent_below(request.user, request.on)[: SHOWN + 1])
    return render(
        request,
        "phone/phones.html",
        {
            "rows": [(row, is_long(row, at=request.at)) for row in rows[:SHOWN]],
            "has_more": len(rows) > SHOWN,
            "form": form or EmergencyForm(),
            "taken": taken,
        },
        status=status,
    )


@require_POST
def emergency(request: Request) -> HttpResponse:
    require_office(request)
    form = EmergencyForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, form=form, status=422)
    try:
        taken = read_file(request, form.cleaned_data["file"])
    except Refusal as error:
        form.add_error("file", str(error))
        return show(request, form=form, status=422)
    entries = [one for one in taken if one.entry is not None or one.visit is not None]
    if len(entries) == len(taken) and not any(one.refusals for one in taken):
        said = ngettext("One entry was taken in.", "%(count)d entries were taken in.", len(taken)) % {
            "count": len(taken)
        }
        messages.success(request, said, extra_tags=SAVED)
        return redirect("phones")
    return show(request, taken=taken, status=422 if not entries else 200)


def read_file(request: Request, upload: Any) -> list[TakenIn]:
    """Each entry of the file. Refuses with Invalid a file that is none, and one of somebody elsewhere."""
    if upload.size > LARGEST:
        raise Invalid("file_too_large", _("This file is larger than any part that a phone writes."))
    said = object_in(upload.read())
    entries = said.get("entries")
    if said.get("format") != FORMAT or not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise Invalid(
            "no_emergency_file", _("This is no emergency file of a phone. Choose the file as the phone wrote it.")
        )
    person = person_below(request, said.get("person"))
    # A visit is done with its findings, wherever in the file they stand.
    return [read_entry(request, one, person) for one in sorted(entries, key=is_visit)]


def person_below(request: Request, pk: Any) -> Person:
    """Whose phone it was: somebody who holds a post at or below the reader's office."""
    area = area_of(request.user, OfficeAction.SEE_PHONES, on=request.on)
    terms = Term.objects.filter(on_day(request.on), area.within("post__unit__"))
    known = isinstance(pk, int) and not isinstance(pk, bool) and 0 < pk < 2**63
    found = Person.objects.filter(pk=pk, pk__in=terms.values("person")).first() if known else None
    if found is None:
        raise Invalid("person_elsewhere", _("This file is of somebody who holds no post in your area."))
    return found


def read_entry(request: Request, said: Any, person: Person) -> TakenIn:
    if not isinstance(said, dict):
        return TakenIn("", None, [gettext("What was sent can't be read. Load the page again; nothing on it is lost.")])
    photos = photos_of(said.pop("photos", None))
    values = said.get("values")
    words = str(values.get("description", "")) if isinstance(values, dict) else ""
    try:
        if is_visit(said):
            visit = take_in_visit(request, said, person)
            return TakenIn(f"{visit.village.name} {words}", None, [], visit.pk)
        entered = entered_of(request, said)
    except Refusal as error:
        return TakenIn(words, None, [str(one.sentence) for one in error.each()])
    taken = take_in(entered=entered, photos=photos, person=person, by=request.user, at=request.at)
    if taken.entry is not None:
        link_to_visit(request, taken.entry)
    return taken


def is_visit(said: Any) -> bool:
    values = said.get("values") if isinstance(said, dict) else None
    return isinstance(values, dict) and "visit" in values


def photos_of(said: Any) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for one in said if isinstance(said, list) else ():
        if isinstance(one, dict) and isinstance(one.get("base64"), str) and isinstance(one.get("key"), str):
            try:
                found[UUID(one["key"])] = one["base64"]
            except ValueError:
                continue
    return found


urlpatterns = [
    path("phones", phones, name="phones"),
    path("phones/emergency", emergency, name="phones_emergency"),
]

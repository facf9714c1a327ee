"""Clues (线索) of other platforms, by their programs: one address, JSON, a key in the header, each clue taken once.

What may be sent, and what is answered, stands in docs/installation.md.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from casework.errors import Invalid, NotAllowed, SeveralRefusals
from casework.lifecycle.reporting import Finding
from casework.models import Case, CatalogueItem, CluePlatform, Source, Unit
from casework.models.category import Severity
from casework.offices.clue_platforms import platform_of
from casework.rights.territories import line_above
from flows.clues import Sent, known_clue, take_clue
from oversight.public_page.limits import TooOften, count_clue, count_wrong_key
from oversight.stations.reporting import STATES, state_of
from oversight.visits.positions import is_odd
from web.bad_requests import MOST_BEFORE_SIGN_IN
from web.client_address import address_of
from web.json_answers import Unreadable, in_json, object_in, said
from web.pages.fields import DayField, PositionField
from web.pages.form_words import WordedForm
from web.requests import Request

LONGEST_ID, LONGEST_WORDS = 100, 5000
BEGIN = "Bearer "
SOURCES = (Source.PETITION, Source.OTHER)


class NoKey(NotAllowed):
    """There is no key with it, or one that opens nothing."""

    status = 401


class Clear(Invalid):
    """A value that a clue can't have, under the name of its field."""


class ClueForm(WordedForm):
    village = forms.CharField(label=gettext_lazy("Village"), max_length=20)
    description = forms.CharField(label=gettext_lazy("What did you find?"), max_length=LONGEST_WORDS)
    found_on = DayField(label=gettext_lazy("Found on"))
    fact_on = DayField(label=gettext_lazy("Date of the fact"), required=False)
    item = forms.CharField(label=gettext_lazy("Catalogue item"), max_length=50, required=False)
    severity = forms.TypedChoiceField(
        label=gettext_lazy("Severity"), choices=Severity.choices, coerce=int, empty_value=None, required=False
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Source"), choices=[(one.value, one.label) for one in SOURCES], required=False
    )
    object_name = forms.CharField(label=gettext_lazy("Object"), max_length=100, required=False)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    latitude = PositionField(label=gettext_lazy("Latitude"), most=90)
    longitude = PositionField(label=gettext_lazy("Longitude"), most=180)
    required_action = forms.CharField(label=gettext_lazy("Required action"), max_length=LONGEST_WORDS, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["unit"] = Unit.objects.filter(code=said.get("village", "")).first()
        if said["unit"] is None and "village" in said:
            self.add_error("village", _("No village has this code. Send its code from the list of divisions."))
        said["row"] = CatalogueItem.objects.filter(code=said.get("item", ""), is_active=True).first()
        if said["row"] is None and said.get("item"):
            self.add_error("item", _("The catalogue has no item of this code. Leave it out; the office classifies it."))
        return said

    def finding(self, request: Request) -> Finding:
        said = self.cleaned_data
        unit, place = said["unit"], (said["latitude"], said["longitude"])
        city = line_above(unit, on=request.on).city
        # What lies outside the city is kept as it was sent, and never measured from.
        if None in place or (city is not None and is_odd(city, *place)):
            place = (None, None)
        return Finding(
            village=unit,
            description=said["description"],
            found_on=said["found_on"],
            fact_on=said["fact_on"],
            item=said["row"],
            severity=said["severity"],
            source=said["source"] or Source.OTHER,
            object_name=said["object_name"],
            place=said["place"],
            latitude=place[0],
            longitude=place[1],
            required_action=said["required_action"],
        )


@csrf_exempt
def clues(request: Request) -> HttpResponse:
    """Take a clue: 201 where it is new, 200 where it was there. Without cookies, so there is nothing to forge."""
    if request.method != "POST":
        refused = said(405, "post_only", _("Clues are sent by POST, one JSON object each."))
        refused.headers["Allow"] = "POST"
        return refused
    answer: HttpResponse = take(request)
    if answer.status_code == NoKey.status:
        answer.headers["WWW-Authenticate"] = BEGIN.strip()
    if answer.status_code == TooOften.status:
        answer.headers["Retry-After"] = str(3600 - request.at.minute * 60 - request.at.second)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@in_json
def take(request: Request) -> HttpResponse:
    platform = platform_of_request(request)
    count_clue(platform.pk, at=request.at)
    words = words_of(request)
    sender_id = id_of(words)
    known = known_clue(platform=platform, sender_id=sender_id, said=words)
    if known is not None:
        return answered(200, sender_id, known.case)
    sent = Sent(sender_id=sender_id, finding=form_of(words).finding(request), said=words)
    clue, is_new = take_clue(platform=platform, sent=sent, at=request.at)
    return answered(201 if is_new else 200, sender_id, clue.case)


def platform_of_request(request: Request) -> CluePlatform:
    key = request.headers.get("Authorization", "")
    platform = platform_of(key.removeprefix(BEGIN).strip()) if key.startswith(BEGIN) else None
    if platform is None:
        count_wrong_key(address_of(request), at=request.at)
        raise NoKey("no_key", _("This key opens nothing. The office of the county or the city gives one."))
    return platform


def words_of(request: Request) -> dict[str, Any]:
    """The object that was sent. Refuses with 400 what is none, and with 413 what is longer than any clue."""
    if len(request.body) > MOST_BEFORE_SIGN_IN:
        raise TooLong("too_long", _("A clue has at most 64 kB. Send the words alone; photos are not taken here."))
    try:
        return object_in(request.body)
    except Unreadable as error:
        raise Unreadable("unreadable", _("This is no JSON object in UTF-8. Send one clue as one object.")) from error


class TooLong(Unreadable):
    status = 413


def id_of(words: dict[str, Any]) -> str:
    """The sender's own number. Refuses with 400 a clue without one: it could come twice."""
    said = words.get("id")
    number = str(said).strip() if isinstance(said, str | int) and not isinstance(said, bool) else ""
    if not number or len(number) > LONGEST_ID:
        raise Unreadable(
            "id_missing",
            _("Send an id of your own with each clue, of at most 100 characters, so that it is not taken twice."),
            field="id",
        )
    return number


def form_of(words: dict[str, Any]) -> ClueForm:
    """The values, each with the form's own sentence where it can't be taken, and none that nobody would read."""
    values = {name: value for name, value in words.items() if name != "id"}
    refusals = [
        Clear(
            "field_unknown", _("“%(name)s” is no field of a clue. Leave it out.") % {"name": name[:60]}, field=name[:60]
        )
        for name in values
        if name not in ClueForm.base_fields
    ]
    refusals += [
        Clear("no_value", _("“%(name)s” must be text or a number.") % {"name": name}, field=name)
        for name, value in values.items()
        if name in ClueForm.base_fields and (isinstance(value, bool | list | dict))
    ]
    form = ClueForm({name: "" if value is None else str(value) for name, value in values.items()})
    if not refusals and not form.is_valid():
        refusals += [
            Clear("not_as_it_is", sentence, field="" if name == "__all__" else name)
            for name, sentences in form.errors.items()
            for sentence in sentences
        ]
    if refusals:
        raise SeveralRefusals(list(refusals))
    return form


def answered(status: int, sender_id: str, case: Case) -> HttpResponse:
    """The receipt: under which number the clue is dealt with, and how far it is."""
    state = state_of(case)
    return JsonResponse(
        {
            "id": sender_id,
            "number": case.number,
            "state": state,
            "state_words": str(STATES[state]),
            "address": settings.SITE_URL + reverse("case", args=[case.number]),
        },
        status=status,
    )


urlpatterns = [path("clues", clues, name="clues")]

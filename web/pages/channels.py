"""By which channels an office reaches its people: set up here by its administrator, and tried with a message to oneself."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.offices.posts import Area, area_of
from casework.rights.office_table import OfficeAction
from casework.rights.roles import administers
from notifications.channels import CHANNELS
from notifications.channels.base import Channel
from notifications.models import Address, BlockedChannel, OfficeChannel
from notifications.office_channels import code_of, in_force
from notifications.setting_up import KINDS, OFFICE_LEVELS, end_channel, keep_channel, try_channel
from web.pages.fields import SAVED, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request

MOST_OFFICES = 60
SHOWN = 20


class SetupForm(WordedForm):
    """A channel's settings. A secret is never written back: an empty field keeps it."""

    def __init__(self, *args: Any, road: Channel, has_secret: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for setting in road.setup:
            field: forms.Field
            if setting.choices:
                field = forms.ChoiceField(choices=setting.choices)
            elif setting.is_secret:
                field = forms.CharField(
                    required=not has_secret,
                    max_length=200,
                    strip=True,
                    widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
                )
            else:
                field = forms.CharField(max_length=200)
            field.label, field.help_text = setting.label, setting.help_text
            if setting.is_secret:
                field.help_text = _("Kept locked, and never shown again.")
                if has_secret:
                    field.help_text = _("Kept locked, and never shown again. Leave it empty to keep the present one.")
            self.fields[setting.name] = field


class TrialForm(WordedForm):
    address = forms.CharField(label=_("Send me a test to"), max_length=300)


def require_area(request: Request) -> Area:
    area = area_of(request.user, OfficeAction.ADMINISTER, on=request.on)
    if not area.paths:
        raise NotAllowed("no_channels", _("Channels are set up by the administrator of the county or the city."))
    return area


def channels(request: Request) -> HttpResponse:
    """The offices of the reader's own area, each with its channels."""
    area = require_area(request)
    offices = list(
        Unit.objects.filter(area.within(), level__in=OFFICE_LEVELS, is_active=True).order_by("path")[:MOST_OFFICES]
    )
    rows = OfficeChannel.objects.filter(unit__in=offices, ended_at=None).select_related("by")
    own = {(row.unit_id, row.channel): row for row in rows}
    blocked = set(BlockedChannel.objects.filter(endpoint=None).values_list("channel", flat=True))
    return render(
        request,
        "channels/list.html",
        {
            "roads": [CHANNELS[kind] for kind in KINDS],
            "offices": [
                (
                    office,
                    [
                        (CHANNELS[kind], own.get((office.pk, kind)), code_of(kind, office.pk) in blocked)
                        for kind in KINDS
                    ],
                )
                for office in offices
            ],
        },
    )


def office_or_404(request: Request, code: str, kind: str) -> Unit:
    unit = Unit.objects.filter(code=code, level__in=OFFICE_LEVELS, is_active=True).first()
    require_area(request)
    if unit is None or kind not in KINDS or not administers(request.user, unit, request.on):
        raise Http404
    return unit


@sensitive_post_parameters()
def channel(request: Request, code: str, kind: str) -> HttpResponse:
    """One channel of an office: its settings, the last try, and who set it up before."""
    unit = office_or_404(request, code, kind)
    row, road = in_force(unit.pk, kind), CHANNELS[kind]
    form = SetupForm(
        request.POST if request.method == "POST" else None,
        road=road,
        has_secret=row is not None,
        initial=row.values if row is not None else {},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        (secret,) = (setting.name for setting in road.setup if setting.is_secret)
        try:
            keep_channel(unit=unit, kind=kind, values=said, secret=said[secret], by=request.user, at=request.at)
        except Refusal as error:
            show_refusals(form, error)
        else:
            messages.success(request, _("Kept. Now send yourself a test."), extra_tags=SAVED)
            return redirect("channel", code=code, kind=kind)
    return show(request, unit, kind, form=form, status=422 if form.errors else 200)


def show(request: Request, unit: Unit, kind: str, *, form: SetupForm, status: int = 200, **more: Any) -> HttpResponse:
    row = in_force(unit.pk, kind)
    mine = Address.objects.filter(person=request.user, channel=kind).values_list("address", flat=True).first()
    address = mine or (request.user.phone if kind == "sms" else "") or ""
    former = OfficeChannel.objects.filter(unit=unit, channel=kind, ended_at__isnull=False)
    return render(
        request,
        "channels/channel.html",
        {
            "unit": unit,
            "road": CHANNELS[kind],
            "row": row,
            "form": form,
            "trial": TrialForm(initial={"address": address}),
            "former": former.select_related("by", "ended_by").order_by("-ended_at", "-id")[:SHOWN],
            "blocked": BlockedChannel.objects.filter(channel=code_of(kind, unit.pk), endpoint=None).first(),
            **more,
        },
        status=status,
    )


@require_POST
def channel_trial(request: Request, code: str, kind: str) -> HttpResponse:
    """A test is sent now; what the provider answers is shown in its own words, and kept nowhere."""
    unit = office_or_404(request, code, kind)
    trial = TrialForm(request.POST)
    done, status = None, 422
    if trial.is_valid():
        try:
            done = try_channel(
                unit=unit,
                kind=kind,
                address=trial.cleaned_data["address"],
                subject=gettext("A test of the problem rectification system"),
                text=gettext("%(office)s reaches you by this channel.") % {"office": unit.name},
                by=request.user,
                at=request.at,
            )
        except Refusal as error:
            show_refusals(trial, error)
        else:
            status = 200
    if done is not None and not done.error:
        messages.success(request, _("The provider took the test. Look whether it has arrived."))
        return redirect("channel", code=code, kind=kind)
    row = in_force(unit.pk, kind)
    form = SetupForm(None, road=CHANNELS[kind], has_secret=row is not None, initial=row.values if row else {})
    return show(request, unit, kind, form=form, status=status, trial=trial, done=done)


@require_POST
def channel_ending(request: Request, code: str, kind: str) -> HttpResponse:
    unit = office_or_404(request, code, kind)
    try:
        end_channel(unit=unit, kind=kind, by=request.user, at=request.at)
    except Refusal as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Taken away. From now on the settings of the installation count."))
    return redirect("channel", code=code, kind=kind)


urlpatterns = [
    path("channels", channels, name="channels"),
    path("channels/<str:code>/<slug:kind>", channel, name="channel"),
    path("channels/<str:code>/<slug:kind>/trial", channel_trial, name="channel_trial"),
    path("channels/<str:code>/<slug:kind>/ending", channel_ending, name="channel_ending"),
]

"""One training session: entered, changed, called off; its page with who was there."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.stages import Role
from casework.talk.attachments import files_of
from oversight.training.attending import code_refusal, present
from oversight.training.holding import TRAINED_ROLES, Planned, call_off, change_session, hold_session, may_hold
from oversight.training.queries import sessions_seen_by
from oversight.training.records import TrainingSession
from web.pages.attached_file import send_attached
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.form_words import WordedForm
from web.pages.kept_files import FormWithFiles
from web.pages.numbered_pages import numbered_page
from web.requests import Request

THERE = 100


class SessionForm(FormWithFiles):
    unit = forms.ChoiceField(label=_("Held by"))
    topic = forms.CharField(label=_("Topic"), max_length=120)
    roles = forms.MultipleChoiceField(
        label=_("For whom"),
        help_text=_("It counts as a training for these posts, and for no others."),
        choices=[(role.value, role.label) for role in TRAINED_ROLES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    day = DayField(label=_("Date"))
    begins = forms.TimeField(label=_("Begins"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Ends"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    hours = forms.FloatField(label=_("Hours"), help_text=_("Hours of lessons, such as 3 or 1.5."), min_value=0.5)
    place = forms.CharField(label=_("Place"), max_length=120)
    programme = forms.CharField(label=_("Programme"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ("unit", "topic", "roles", "day", "begins", "ends", "hours", "place", "programme", "uploads")
    needed = ("roles",)

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(one.pk): one for one in units}
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)
        unit.choices = [(key, one.name) for key, one in self.units.items()]
        if len(units) == 1:
            unit.initial, unit.widget = str(units[0].pk), forms.HiddenInput()

    def planned(self) -> Planned:
        said = self.cleaned_data
        zone = localtime().tzinfo
        return Planned(
            topic=said["topic"],
            roles=said["roles"],
            hours=said["hours"],
            place=said["place"],
            programme=said["programme"],
            begins_at=datetime.combine(said["day"], said["begins"], zone),
            ends_at=datetime.combine(said["day"], said["ends"], zone),
            files=self.kept,
        )


class ReasonForm(WordedForm):
    reason = forms.CharField(label=_("Why?"), max_length=500)


def salt(request: Request) -> str:
    return f"training {request.user.pk}"


def holding_units(request: Request) -> list[Unit]:
    """The units whose trainings this reader holds."""
    posts = posts_for(request.user, OfficeAction.HOLD_TRAINING, request.on)
    if not posts:
        raise NotAllowed("no_training_office", _("Trainings are held by towns, counties and the city."))
    return list(Unit.objects.filter(pk__in={held.unit_id for held in posts}).order_by("path"))


def new_session(request: Request) -> HttpResponse:
    units = holding_units(request)
    if request.method != "POST":
        roles = [role.value for role in (Role.COMMITTEE_HEAD, Role.COMMITTEE_MEMBER)]
        form = SessionForm(units=units, salt=salt(request), initial={"day": request.on, "roles": roles})
        return render(request, "training/new.html", {"form": form})
    form = SessionForm(request.POST, request.FILES, units=units, salt=salt(request))
    if not is_whole(form):
        return render(request, "training/new.html", {"form": form}, status=422)
    try:
        made = hold_session(
            unit=form.units[form.cleaned_data["unit"]], planned=form.planned(), by=request.user, at=request.at
        )
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return render(request, "training/new.html", {"form": form}, status=error.status)
    messages.success(request, gettext("The training is entered."), extra_tags=SAVED)
    return redirect("training_session", pk=made.pk)


def is_whole(form: FormWithFiles) -> bool:
    """Whether nothing of a form is refused; what arrived of its files stays with it."""
    is_valid = form.is_valid()
    form.keep_files()
    return is_valid and not form.errors


def readable_session(request: Request, pk: int) -> TrainingSession:
    session = sessions_seen_by(request.user, on=request.on).filter(pk=pk).first()
    if session is None:
        raise Http404
    return session


def session(request: Request, pk: int) -> HttpResponse:
    """A session's page; whoever holds it changes it here."""
    found = readable_session(request, pk)
    if request.method != "POST":
        return show_session(request, found)
    form = SessionForm(request.POST, request.FILES, units=[found.unit], salt=salt(request))
    if not is_whole(form):
        return show_session(request, found, form=form, status=422)
    try:
        change_session(session=found, planned=form.planned(), by=request.user, at=request.at)
    except Refusal as error:
        if isinstance(error, NotAllowed):
            raise
        show_refusals(form, error)
        return show_session(request, found, form=form, status=error.status)
    messages.success(request, gettext("It is changed."), extra_tags=SAVED)
    return redirect("training_session", pk=pk)


@require_POST
def calling_off(request: Request, pk: int) -> HttpResponse:
    found = readable_session(request, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            call_off(session=found, reason=form.cleaned_data["reason"], by=request.user, at=request.at)
        except Refusal as error:
            if isinstance(error, NotAllowed):
                raise
            show_refusals(form, error)
            return show_session(request, found, calling=form, status=error.status)
        messages.success(request, gettext("It is called off and counts no more."), extra_tags=SAVED)
        return redirect("training_session", pk=pk)
    return show_session(request, found, calling=form, status=422)


def show_session(
    request: Request,
    found: TrainingSession,
    *,
    form: SessionForm | None = None,
    calling: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    holds = may_hold(request.user, found.unit, request.on)
    may_change = holds and found.called_off_at is None
    if form is None and may_change:
        names = ("topic", "roles", "day", "hours", "place", "programme")
        initial = {name: getattr(found, name) for name in names} | {
            "begins": localtime(found.begins_at).time(),
            "ends": localtime(found.ends_at).time(),
        }
        form = SessionForm(units=[found.unit], salt=salt(request), initial=initial)
        form.kept = files_of(found.files)
    there = present(found).select_related("person", "unit__parent")
    if not holds:  # a village reads who of its own was there
        there = there.filter(person=request.user)
    return render(
        request,
        "training/session.html",
        {
            "session": found,
            "roles": "、".join(str(Role(one).label) for one in found.roles),
            "files": list(enumerate(files_of(found.files), start=1)),
            "holds": holds,
            "is_to_come": found.day > request.on,
            "code_holds": code_refusal(found, request.at) is None and found.called_off_at is None,
            "count": present(found).count(),
            "was_there": not holds and there.exists(),
            "page": numbered_page(request, there.order_by("unit__path", "id"), size=THERE) if holds else None,
            "form": form if may_change else None,
            "calling": calling or (ReasonForm() if may_change else None),
        },
        status=status,
    )


def session_file(request: Request, pk: int, number: int) -> HttpResponseBase:
    return send_attached(request, readable_session(request, pk).files, number)


urlpatterns = [
    path("trainings/new", new_session, name="new_training"),
    path("trainings/<int:pk>", session, name="training_session"),
    path("trainings/<int:pk>/calling-off", calling_off, name="training_calling_off"),
    path("trainings/<int:pk>/files/<int:number>", session_file, name="training_file"),
]

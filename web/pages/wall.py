"""One clarity wall: what is said of it, its updates, what was found with it, and its three defects."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.models import CaseObject
from casework.queries import visible
from casework.rights.territories import may_report_for, villages_seen_by
from casework.talk.attachments import files_of
from oversight.objects.defects import DEFECTS, defect_items
from oversight.objects.queries import is_out_of_date, walls_in
from oversight.objects.records import Wall, WallState, WallUpdate
from oversight.objects.walls import change_wall, renew_wall
from oversight.registers.correcting import Earlier, earlier_words
from oversight.registers.kinds import REGISTERS
from oversight.rights import may_enter_for, require_enterer
from web.pages.attached_file import send_attached
from web.pages.fields import SAVED, DayField, show_refusals
from web.pages.kept_files import FormWithFiles
from web.pages.numbered_pages import numbered_page
from web.pages.training_session import is_whole
from web.pages.walls import WallForm
from web.requests import Request

UPDATES, CASES = 20, 20


class UpdateForm(FormWithFiles):
    day = DayField(label=_("Updated on"))
    words = forms.CharField(label=_("What was put up"), max_length=200, required=False)
    field_order = ("day", "words", "uploads")


class ChangeForm(WallForm):
    updated_on: Any = None
    reason = forms.CharField(
        label=_("Why is it changed?"),
        max_length=300,
        help_text=_("It stands beside the old words."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("name", "group", "place", "has_roof", "state", "uploads", "reason")


def readable_wall(request: Request, pk: int) -> Any:
    wall = walls_in(villages_seen_by(request.user, on=request.on)).filter(pk=pk).first()
    if wall is None:
        raise Http404
    return wall


def salt(request: Request, wall: Any) -> str:
    return f"wall update {wall.pk} {request.user.pk}"


def wall(request: Request, pk: int) -> HttpResponse:
    """A wall; an update is entered here."""
    found = readable_wall(request, pk)
    if request.method != "POST":
        return show(request, found)
    require_enterer(request.user, found.village, request.at)
    form = UpdateForm(request.POST, request.FILES, salt=salt(request, found))
    if not is_whole(form):
        return show(request, found, form=form, status=422)
    said = form.cleaned_data
    try:
        renew_wall(wall=found, day=said["day"], words=said["words"], files=form.kept, by=request.user, at=request.at)
    except Refusal as error:
        show_refusals(form, error)
        return show(request, found, form=form, status=error.status)
    messages.success(request, gettext("The update is entered."), extra_tags=SAVED)
    return redirect("wall", pk=pk)


def show(request: Request, found: Any, *, form: UpdateForm | None = None, status: int = 200) -> HttpResponse:
    may_enter = may_enter_for(request.user, found.village, request.on)
    if form is None and may_enter and found.state != WallState.REMOVED:
        form = UpdateForm(salt=salt(request, found), initial={"day": request.on})
    page = numbered_page(request, found.updates.select_related("by"), size=UPDATES)
    was = earlier_words(WallUpdate, REGISTERS["wall-update"].columns, [one.pk for one in page.rows])
    may_report = may_report_for(request.user, found.village, on=request.on)
    return render(
        request,
        "walls/wall.html",
        {
            "wall": found,
            "is_late": is_out_of_date(found, found.updated_on, on=request.on),
            "files": list(enumerate(files_of(found.files), start=1)),
            "earlier": earlier_of(found),
            "page": page,
            "updates": [(one, was.get(one.pk)) for one in page.rows],
            "cases": list(
                visible(request.user, request.on)
                .filter(object=found.object_id)
                .select_related("item")
                .order_by("-found_on", "-id")[:CASES]
            ),
            "defects": defects() if may_report else [],
            "may_enter": may_enter,
            "form": form,
        },
        status=status,
    )


def earlier_of(found: Any) -> list[Earlier]:
    """What was said of the wall before, its name among it, the latest first."""
    names = earlier_words(CaseObject, ("name",), [found.object_id], steps=("change_wall",))
    said = earlier_words(Wall, ("group", "place", "has_roof", "state"), [found.pk], steps=("change_wall",))
    both = [*names.get(found.object_id, ()), *said.get(found.pk, ())]
    return sorted(both, key=lambda one: one.at, reverse=True)


def defects() -> list[Any]:
    """The defects whose items are in the catalogue today, in their order."""
    in_use = set(defect_items().filter(is_active=True).values_list("code", flat=True))
    return [one for one in DEFECTS.values() if one.code in in_use]


def wall_entry(request: Request, pk: int) -> HttpResponse:
    """What is said of a wall is put right, or that it is damaged, idle or taken down."""
    found = readable_wall(request, pk)
    require_enterer(request.user, found.village, request.at)
    given = {"salt": f"{salt(request, found)} entry"}
    if request.method != "POST":
        names = ("group", "place", "has_roof", "state")
        form = ChangeForm(initial={"name": str(found), **{name: getattr(found, name) for name in names}}, **given)
        form.kept = files_of(found.files)
        return render(request, "walls/entry.html", {"wall": found, "form": form})
    form, status = ChangeForm(request.POST, request.FILES, **given), 422
    if is_whole(form):
        try:
            change_wall(
                wall=found,
                described=form.described(),
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=request.at,
            )
        except Refusal as error:
            show_refusals(form, error)
            status = error.status
        else:
            messages.success(request, gettext("Saved."), extra_tags=SAVED)
            return redirect("wall", pk=pk)
    return render(request, "walls/entry.html", {"wall": found, "form": form}, status=status)


def wall_file(request: Request, pk: int, number: int) -> HttpResponseBase:
    return send_attached(request, readable_wall(request, pk).files, number)


def wall_update_file(request: Request, pk: int, number: int) -> HttpResponseBase:
    villages = villages_seen_by(request.user, on=request.on)
    update = get_object_or_404(WallUpdate, pk=pk, wall__village__in=villages)
    return send_attached(request, update.files, number)


urlpatterns = [
    path("walls/<int:pk>", wall, name="wall"),
    path("walls/<int:pk>/entry", wall_entry, name="wall_entry"),
    path("walls/<int:pk>/files/<int:number>", wall_file, name="wall_file"),
    path("walls/updates/<int:pk>/files/<int:number>", wall_update_file, name="wall_update_file"),
]

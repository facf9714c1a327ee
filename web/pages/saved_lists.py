"""Lists of cases that people keep: saved, renamed, shared with an office, opened first, deleted."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.errors import Refusal
from casework.lists.filters import CaseFilters
from casework.models import ListSettings, SavedList
from casework.offices.lists import change_list, choose_start, delete_list, lists_of, offices_of, save_list
from casework.values.numbers import whole_number
from web.requests import Request


def lists(request: Request, refusal: Refusal | None = None, wrong: int | None = None) -> HttpResponse:
    """The lists that the reader opens; by POST the filters of a page are kept under a name."""
    if request.method == "POST" and refusal is None:
        filters = CaseFilters.from_query(request.POST)
        try:
            saved = save_list(filters=filters, name=request.POST.get("name", ""), by=request.user)
        except Refusal as error:
            refusal = error
        else:
            messages.success(request, _("The list is kept; it stands in the menu."))
            return redirect(f"{reverse('cases')}{saved.query_string}")
    rows = list(lists_of(request.user, request.on).select_related("person", "office"))
    offices = offices_of(request.user, request.on)
    for row in rows:
        row.is_elsewhere = row.office_id is not None and row.office_id not in offices
        if row.pk == wrong:  # what was typed stays
            row.name = request.POST.get("name", row.name)
    return render(
        request,
        "cases/lists.html",
        {
            "lists": rows,
            "offices": list(offices.items()),
            "start": ListSettings.objects.filter(person=request.user).values_list("start", flat=True).first(),
            "refusal": refusal,
            "wrong": wrong,
        },
        status=refusal.status if refusal else 200,
    )


@require_POST
def change(request: Request, pk: int) -> HttpResponse:
    saved = readable_list(request, pk)
    values: dict[str, Any] = {"name": request.POST.get("name", "")}
    values["office"] = whole_number(request.POST.get("office", ""), most=2**63 - 1)
    try:
        change_list(saved=saved, by=request.user, on=request.on, **values)
    except Refusal as refusal:
        return lists(request, refusal, pk)
    messages.success(request, _("The list is changed."))
    return redirect("lists")


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    delete_list(saved=readable_list(request, pk), by=request.user, on=request.on)
    messages.success(request, _("The list is deleted."))
    return redirect("lists")


@require_POST
def start(request: Request, pk: int) -> HttpResponse:
    """Open this list after the sign-in; with `home` the page of what waits, as at first."""
    saved = readable_list(request, pk)
    choose_start(saved=None if "home" in request.POST else saved, by=request.user)
    messages.success(request, _("Kept for your next sign-in."))
    return redirect("lists")


def readable_list(request: Request, pk: int) -> SavedList:
    saved = lists_of(request.user, request.on).filter(pk=pk).first()
    if saved is None:
        raise Http404
    return saved


urlpatterns = [
    path("lists", lists, name="lists"),
    path("lists/<int:pk>", change, name="list"),
    path("lists/<int:pk>/removal", remove, name="list_removal"),
    path("lists/<int:pk>/start", start, name="list_start"),
]

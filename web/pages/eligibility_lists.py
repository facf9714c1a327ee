"""Eligibility lists: what bars somebody from standing and what only warns, by versions; the city publishes the next."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.models import Unit
from casework.rights.held_posts import posts_held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do, posts_for
from casework.values.numbers import whole_number
from oversight.eligibility.lists import ItemDraft, departments_of, list_on, publish_list
from oversight.models import EligibilityKind, EligibilityList
from web.pages.fields import SAVED, DayField, field_of, show_refusals
from web.pages.form_words import WordedForm
from web.pages.numbered_pages import numbered_page
from web.requests import Request

LISTED, BLANK_ITEMS = 10, 4


class ListForm(WordedForm):
    valid_from = DayField(
        label=_("Holds from"), help_text=_("Who was nominated before keeps the list of then."), required=False
    )
    basis = forms.CharField(label=_("Basis"), help_text=_("The document that says so."), required=False, max_length=120)
    needed = ("valid_from",)


class ItemForm(WordedForm):
    kind = forms.ChoiceField(label=_("What it does"), choices=EligibilityKind.choices)
    words = forms.CharField(label=pgettext_lazy("of a list", "Item"), max_length=200, required=False)
    department = forms.ChoiceField(label=_("Answered by"), required=False)

    def __init__(self, *args: Any, departments: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "department", forms.ChoiceField).choices = [("", "–"), *departments]

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data.get("words") or self.cleaned_data.get("department"))

    def draft(self) -> ItemDraft:
        said = self.cleaned_data
        return ItemDraft(kind=said["kind"], words=said["words"], department=whole_number(said["department"]))


ItemForms = forms.formset_factory(ItemForm, extra=BLANK_ITEMS, max_num=60, absolute_max=70)


def lists(request: Request) -> HttpResponse:
    """The versions of the reader's city, the newest first, each with its items."""
    on = request.on
    actions = (OfficeAction.RUN_ELECTION, OfficeAction.NOMINATE, OfficeAction.SIGN_ELIGIBILITY)
    if not any(may_do(request.user, action, on) for action in actions):
        raise NotAllowed("no_list_post", _("Eligibility lists are read by towns, offices, and departments."))
    above = {path for held in posts_held(request.user, on) for path in Unit.paths_down_to(held.unit_path)}
    found = EligibilityList.objects.filter(city__path__in=above).select_related("city", "by").prefetch_related("items")
    own = {held.unit_path for held in posts_held(request.user, on)}
    now = {one.pk for one in (list_on(path, on) for path in own) if one is not None}
    return render(
        request,
        "elections/lists.html",
        {
            "page": numbered_page(request, found, size=LISTED),
            "now": now,
            "on": on,
            "publishes": may_do(request.user, OfficeAction.PUBLISH_ELIGIBILITY_LIST, on),
        },
    )


def new_list(request: Request) -> HttpResponse:
    """The next version, begun with the items of the newest."""
    posts = posts_for(request.user, OfficeAction.PUBLISH_ELIGIBILITY_LIST, request.on)
    if not posts:
        raise NotAllowed("not_your_list", _("Eligibility lists are published by the office of the city."))
    city = Unit.objects.get(pk=posts[0].unit_id)
    departments = [(str(one.pk), one.name) for one in departments_of(city).order_by("path")]
    newest = EligibilityList.objects.filter(city=city).first()
    initial = [
        {"kind": item.kind, "words": item.words, "department": str(item.department_id)}
        for item in (newest.items.all() if newest else ())
    ]
    form = ListForm(request.POST or None, initial={"basis": newest.basis if newest else ""})
    given: dict[str, Any] = {"prefix": "items", "initial": initial, "form_kwargs": {"departments": departments}}
    items = ItemForms(request.POST or None, **given)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and items.is_valid():
            said = form.cleaned_data
            drafts = [one.draft() for one in items if one.is_filled]
            try:
                publish_list(
                    city=city,
                    valid_from=said["valid_from"],
                    items=drafts,
                    basis=said["basis"],
                    by=request.user,
                    at=request.at,
                )
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, gettext("The list is published."), extra_tags=SAVED)
                return redirect("eligibility_lists")
    context = {"form": form, "items": items, "has_departments": bool(departments)}
    return render(request, "elections/list_form.html", context, status=status)


urlpatterns = [
    path("elections/lists", lists, name="eligibility_lists"),
    path("elections/lists/new", new_list, name="new_eligibility_list"),
]

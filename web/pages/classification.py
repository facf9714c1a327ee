"""The desk at which an office says what its own words mean: one decision for each group of findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed, Refusal
from casework.lifecycle.aliases import remember_alias
from casework.lifecycle.category_words import Matcher
from casework.lifecycle.classification import MOST_AT_ONCE, Classified
from casework.lifecycle.classification_desk import (
    Group,
    add_guessed,
    add_proposals,
    cases_of,
    groups_of,
    guessed_groups,
    key_of,
)
from casework.models import Case, CatalogueItem, Unit
from casework.models.category import Severity, local_name
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_do, posts_for
from casework.values.numbers import whole_number
from flows.classification import classify_together
from web.pages.fields import SAVED, ItemField, field_of, grouped_items
from web.pages.form_words import WordedForm
from web.requests import Request

PAGE = 20
ROWS = 100  # findings of a group that are shown; the decision is about all of them
SHOWN = 3  # of them on the desk


class GroupForm(WordedForm):
    """One decision for the findings of a group, without those that are left out."""

    item = ItemField(label=_("Catalogue item"))
    severity = forms.TypedChoiceField(
        label=_("Severity"),
        choices=[("", _("as reported, else as the catalogue says")), *Severity.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    remember = forms.BooleanField(
        label=_("Remember these words"),
        help_text=_("The next import files them by itself, and the report form knows them. A name can be ended again."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "item", ItemField).choices = partial(grouped_items, _("Choose an item"))


@dataclass
class Decided:
    """What became of a decision: the cases, and what was remembered or why not."""

    outcome: Classified
    remembered: list[str] = field(default_factory=list)
    not_remembered: list[Refusal] = field(default_factory=list)


def desk(request: Request) -> HttpResponse:
    """The groups, the largest first, each with what it is likely about; below them what was filed by its words alone."""
    require_office(request)
    groups = groups_of(request.user, request.on)
    shown = groups[:PAGE]
    add_proposals(shown, request.user, request.on, matcher=Matcher(), place=place_of(request))
    taken = guessed_groups(request.user, request.on)
    add_guessed(taken[:PAGE], request.user, request.on)
    context = {
        "guessed": taken[:PAGE],
        "guessed_count": sum(group.count for group in taken),
        "more_guessed": len(taken) - PAGE,
        "groups": shown,
        "count": sum(group.count for group in groups),
        "more": len(groups) - len(shown),
        "shown": SHOWN,
    }
    return render(request, "classification/desk.html", context)


def group(request: Request) -> HttpResponse:
    """GET shows the findings of a group, POST decides on them; each may be left out."""
    require_office(request)
    said = request.POST if request.method == "POST" else request.GET
    found = group_asked(request, said)
    if found is None:
        messages.info(request, _("Nothing of this group waits any more: it is decided already."))
        return redirect("classification_desk")
    if request.method != "POST":
        if found.key.guessed is None:
            add_proposals([found], request.user, request.on, matcher=Matcher(), place=place_of(request))
        first = {"item": found.proposals[0].pk if found.is_sure else None, "remember": True}
        return shown_group(request, found, GroupForm(initial=first))
    form = GroupForm(request.POST)
    if not form.is_valid():
        return shown_group(request, found, form, status=422)
    try:
        decided = decide(request, found, form.cleaned_data)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return shown_group(request, found, form, status=refusal.status)
    tell(request, decided, form.cleaned_data["item"])
    if decided.outcome.refused:
        return render(request, "classification/refused.html", {"refused": decided.outcome.refused}, status=422)
    return redirect("classification_desk")


def decide(request: Request, found: Group, said: dict[str, Any]) -> Decided:
    """Classify the findings, then remember the words: where these are refused, the findings have their category."""
    left_out = {pk for pk in map(whole_number, request.POST.getlist("left_out")) if pk is not None}
    keys = cases_of(found, request.user, request.on).exclude(pk__in=left_out).values_list("pk", flat=True)
    decided = Decided(
        classify_together(
            cases=list(keys[:MOST_AT_ONCE]),
            item=said["item"],
            severity=said["severity"],
            by=request.user,
            at=request.at,
        )
    )
    if said["remember"] and found.key.words and decided.outcome.done:
        for city in cities_of(decided.outcome.done):
            try:
                alias = remember_alias(words=found.words, item=said["item"], city=city, by=request.user, at=request.at)
            except Refusal as refusal:
                decided.not_remembered.append(refusal)
            else:
                decided.remembered += [alias.words] if alias is not None else []
    return decided


def tell(request: Request, decided: Decided, item: CatalogueItem) -> None:
    count = len(decided.outcome.done)
    if count:
        words = ngettext(
            "One finding is filed under “%(item)s”.", "%(count)d findings are filed under “%(item)s”.", count
        ) % {"count": count, "item": local_name(item)}
        messages.success(request, words, extra_tags=SAVED)
    for alias in decided.remembered:
        messages.success(request, gettext("From now on “%(words)s” is filed there by itself.") % {"words": alias})
    for refusal in decided.not_remembered:
        messages.error(request, str(refusal))


def shown_group(request: Request, found: Group, form: GroupForm, *, status: int = 200) -> HttpResponse:
    cases = list(cases_of(found, request.user, request.on).select_related("village", "town", "object")[:ROWS])
    context = {
        "group": found,
        "form": form,
        "cases": cases,
        "more": found.count - len(cases),
        "at_once": MOST_AT_ONCE,
        "left_out": {whole_number(pk) for pk in request.POST.getlist("left_out")},
    }
    return render(request, "classification/group.html", context, status=status)


def group_asked(request: Request, said: Mapping[str, str]) -> Group | None:
    """The group of these words, of findings without words that read like this item, or of those that it was taken for;
    None where nothing waits.
    """
    item = whole_number(said.get("guessed", ""))
    if item is not None:
        groups = [one for one in guessed_groups(request.user, request.on) if one.key.guessed == item]
        add_guessed(groups, request.user, request.on)
        return next(iter(groups), None)
    key = key_of(said.get("words", ""), whole_number(said.get("meant", "")))
    return next((one for one in groups_of(request.user, request.on) if one.key == key), None)


def cities_of(cases: Sequence[Case]) -> list[Unit]:
    return list({case.city.pk: case.city for case in cases if case.city is not None}.values())


def place_of(request: Request) -> str:
    """Below which city this office lies: its own path says it."""
    return next((held.unit_path for held in posts_for(request.user, OfficeAction.CLASSIFY, request.on)), "")


def require_office(request: Request) -> None:
    if not may_do(request.user, OfficeAction.CLASSIFY, request.on):
        raise NotAllowed("not_an_office", _("What words mean is decided by the offices of the city and its counties."))


urlpatterns = [
    path("classification", desk, name="classification_desk"),
    path("classification/group", group, name="classification_group"),
]

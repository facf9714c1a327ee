"""A bulletin's words: a section, what stands above and below the text, and the number under which it goes out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, NotAllowed, Refusal
from casework.models import Aspect
from casework.models.category import local_name
from casework.rights.office_table import OfficeAction
from oversight.bulletins.drafting import change_head, edit_section
from oversight.bulletins.figures import DEFINITIONS, frozen, name_of
from oversight.bulletins.publishing import publish_bulletin
from oversight.bulletins.queries import span_of, units_of
from oversight.bulletins.records import Bulletin, BulletinSection, BulletinState, Figure
from oversight.bulletins.tokens import for_form
from oversight.documents.numbers import offer
from oversight.documents.records import BaseDocument
from oversight.rights import require_lead
from web.pages.bulletin import readable_bulletin
from web.pages.fields import SAVED, DayField, RowsField, field_of, show_refusals
from web.pages.form_words import WordedForm
from web.requests import Request


class SectionForm(WordedForm):
    text = forms.CharField(
        label=_("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 18, "data-figures": ""}),
        help_text=_("A figure stands in double brackets and can't be typed over. It may be moved, or left out."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class HeadForm(WordedForm):
    title = forms.CharField(label=_("Title"), max_length=120)
    addressed_to = forms.CharField(label=_("Addressed to"), max_length=300)
    copied_to = forms.CharField(label=_("Copied to"), max_length=300, required=False)
    cites = RowsField(
        label=_("Basis documents that it names"),
        queryset=BaseDocument.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class PublicationForm(WordedForm):
    number = forms.CharField(
        label=_("Document number"),
        max_length=60,
        help_text=_("The office's code, the year in 〔〕, and the number without leading zeros."),
    )
    issue = forms.IntegerField(label=_("Issue of the year"), min_value=1, max_value=999)
    total = forms.IntegerField(label=_("Issue in all"), min_value=1, max_value=9999)
    issued_on = DayField(label=_("Issued on"))
    reason = forms.CharField(
        label=_("Reason, where another number is taken than the next one"), max_length=300, required=False
    )


def written_bulletin(request: Request, pk: int, *states: BulletinState) -> Bulletin:
    """A bulletin that this person's office writes, in one of these states."""
    bulletin = readable_bulletin(request, pk)
    require_lead(request.user, bulletin.mechanism, OfficeAction.WRITE_BULLETIN, request.at)
    if bulletin.state not in states:
        raise Conflict(
            "wrong_state",
            _("This step is no longer open: the bulletin now stands at “%(state)s”.")
            % {"state": bulletin.get_state_display()},
        )
    return bulletin


def section(request: Request, pk: int, order: int) -> HttpResponse:
    """One section in a form, with all figures beside it. What was typed is shown again whatever is refused."""
    # What was typed over a text that is no draft any more is shown as well, beside the sentence that says why.
    states = tuple(BulletinState) if request.method == "POST" else (BulletinState.DRAFT,)
    bulletin = written_bulletin(request, pk, *states)
    found = get_object_or_404(BulletinSection.objects.select_related("edited_by"), bulletin=bulletin, order=order)
    figures, status = frozen(bulletin), 200
    form = SectionForm(
        request.POST if request.method == "POST" else None,
        initial={"text": for_form(found.text, figures), "version": found.version},
    )
    now = ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                edit_section(section=found, by=request.user, at=request.at, **form.cleaned_data)
            except Refusal as error:
                if isinstance(error, NotAllowed):
                    raise
                show_refusals(form, error)
                status = error.status
                if error.code == "section_changed":
                    now = for_form(found.text, figures)
                    # The same words over the present text: saved again, they go in its place.
                    data = request.POST.copy()
                    data["version"] = str(found.version)
                    form.data = data
            else:
                messages.success(request, _("Saved."), extra_tags=SAVED)
                return redirect("bulletin", pk=pk)
    return render(
        request,
        "bulletins/section.html",
        {
            "bulletin": bulletin,
            "section": found,
            "form": form,
            "now": now,
            "figures": listed(bulletin, figures),
            "beside": list(bulletin.sections.all()),
        },
        status=status,
    )


def listed(bulletin: Bulletin, figures: dict[str, Figure]) -> list[tuple[str, list[Figure]]]:
    """The figures to choose from: those of the whole first, then by what they are split by."""
    names = {f"@{unit.code}": unit.name for unit in units_of(span_of(bulletin))}
    names |= {f"#{aspect.code}": local_name(aspect) for aspect in Aspect.objects.all()}
    groups: dict[str, list[Figure]] = {}
    for key, figure in figures.items():
        narrowed = key.removeprefix(name_of(key))
        if not narrowed or figure.value:
            groups.setdefault(names.get(narrowed, narrowed), []).append(figure)
    return list(groups.items())


def label_of(figure: Figure) -> Any:
    definition = DEFINITIONS.get(name_of(figure.key))
    return definition.label if definition else figure.key


def head(request: Request, pk: int) -> HttpResponse:
    """Title, addressees, copies and basis documents."""
    bulletin = written_bulletin(request, pk, BulletinState.DRAFT)
    given = {
        "title": bulletin.title,
        "addressed_to": bulletin.addressed_to,
        "copied_to": bulletin.copied_to,
        "cites": bulletin.cites.all(),
    }
    form = HeadForm(request.POST if request.method == "POST" else None, initial=given)
    documents = BaseDocument.objects.filter(mechanism=bulletin.mechanism)
    field_of(form, "cites", RowsField).queryset = documents
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_head(bulletin=bulletin, by=request.user, at=request.at, **form.cleaned_data)
            except Refusal as error:
                show_refusals(form, error)
            else:
                messages.success(request, _("Saved."), extra_tags=SAVED)
                return redirect("bulletin", pk=pk)
    return render(request, "bulletins/head.html", {"bulletin": bulletin, "form": form}, status=status)


def publication(request: Request, pk: int) -> HttpResponse:
    """The number, offered as the next one; then it goes out and nothing of it changes any more."""
    bulletin = written_bulletin(request, pk, BulletinState.APPROVED)
    offered = offer(bulletin.mechanism, request.on)
    given = {
        "number": offered.number,
        "issue": offered.issue,
        "total": offered.total,
        "issued_on": request.on,
    }
    form, status = PublicationForm(request.POST if request.method == "POST" else None, initial=given), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                publish_bulletin(bulletin=bulletin, by=request.user, at=request.at, **form.cleaned_data)
            except Refusal as error:
                show_refusals(form, error)
                status = error.status
            else:
                messages.success(request, _("Published and sent to the member units."), extra_tags=SAVED)
                return redirect("bulletin", pk=pk)
    return render(
        request, "bulletins/publication.html", {"bulletin": bulletin, "form": form, "offered": offered}, status=status
    )


urlpatterns = [
    path("bulletins/<int:pk>/sections/<int:order>", section, name="bulletin_section"),
    path("bulletins/<int:pk>/head", head, name="bulletin_head"),
    path("bulletins/<int:pk>/publication", publication, name="bulletin_publication"),
]
